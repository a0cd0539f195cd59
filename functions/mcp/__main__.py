"""`python -m functions.mcp` serves `/mcp` on HOST and PORT."""

from __future__ import annotations

from functions.mcp.function import new
from shared.function.serve import quiet_logs

if __name__ == "__main__":
    quiet_logs()
    new().start()
