"""The OpenAPI document as a file, `docs/openapi.json`: clients in other languages are generated from it.

`make schemas` writes it, without a server; `tests/api/test_openapi.py` compares.
"""

from __future__ import annotations

import json
from pathlib import Path

from functions.api import openapi
from functions.api.app import create_app
from functions.api.services import Services
from shared.settings import Settings

FILE = Path(__file__).parents[2] / "docs" / "openapi.json"


def text() -> str:
    """Nothing is opened for it: the application is made, and never started."""
    app = create_app(Settings(database_url="postgresql://"), _never, lambda: None)
    return json.dumps(openapi.document(app), indent=1, ensure_ascii=False) + "\n"


def _never() -> Services:
    raise AssertionError("the application of the reference is not started")


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
