"""`goals evals`: what the rules say and what a language model says, in the same situations, held to the same checks.

`situations/` are learners with a program each (our own writing) and what a real run of it came to (`record.py` runs
them again). `columns.py` asks the agents, `checks.py` judges each text by code, `compare.py` counts, `report.py` shows.
Nothing is judged by a model.
"""
