"""Measurements, not tests: what `make bench` runs."""

import shared.lake  # noqa: F401  before pyarrow is loaded: it chooses Arrow's memory, as in the function `lake`
