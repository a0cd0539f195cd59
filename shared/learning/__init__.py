"""The learner model follows the log: `folding.py` is its one writer, `kept.py` the rows it writes,
`standing.py` how far it has come.

What the model is told of an event, and what readers make of its parts, is in `shared/learner/forecasting.py`; readers
look them up by `View.learnt`. Why it is a fold with a position of its own: docs/decisions/0029.
"""
