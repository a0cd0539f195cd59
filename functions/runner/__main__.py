"""`python -m functions.runner` serves the runner on HOST and PORT."""

from __future__ import annotations

import os

from functions.runner.function import new
from shared.function.serve import measure, quiet_logs

if __name__ == "__main__":
    import uvicorn

    quiet_logs()
    host = os.environ.get("HOST", "127.0.0.1")
    measure(host, "runner")
    uvicorn.run(
        new(),
        host=host,
        port=int(os.environ.get("PORT", "8080")),
        log_level="warning",
        lifespan="on",
        ws="none",
        timeout_graceful_shutdown=10,
    )
