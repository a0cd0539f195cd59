"""The function `lake`: keeps the data lake up with the log (`shared/lake/`). It is no node of the graph."""
