"""The function `learning`: the learner model learns what the log tells (`shared/learning/`). No node of the graph."""
