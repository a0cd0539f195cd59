"""What the planner weighs goals by: one table of data (`weights.toml`), read and checked (`weights.py`).

Shared because the planner weighs with it and the API explains with it. Nothing of a learner is looked up here.
"""

from shared.planning.weights import TABLE, Weight, document, explained, weigh

__all__ = ["TABLE", "Weight", "document", "explained", "weigh"]
