"""`python -m shared.function functions.access.function:new`: serves one function, as its container does."""

from __future__ import annotations

import importlib
import sys

from shared.function.serve import serve

if __name__ == "__main__":
    if len(sys.argv) != 2 or ":" not in sys.argv[1]:
        sys.exit("usage: python -m shared.function MODULE:FACTORY   (for example functions.access.function:new)")
    module, _, factory = sys.argv[1].partition(":")
    serve(getattr(importlib.import_module(module), factory))
