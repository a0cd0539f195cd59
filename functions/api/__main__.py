"""`python -m functions.api` serves the API on HOST and PORT."""

from __future__ import annotations

import sys

from functions.api.function import new
from functions.api.serving import collect_less, listening
from shared.errors import InvalidInput
from shared.function.serve import SWITCH_SECONDS, measure, quiet_logs

if __name__ == "__main__":
    quiet_logs()
    sys.setswitchinterval(SWITCH_SECONDS)
    collect_less()
    measure(listening(), "api")
    try:
        api = new()
    except InvalidInput as error:
        sys.exit(f"{error.detail}; {error.hint}")
    api.start()
