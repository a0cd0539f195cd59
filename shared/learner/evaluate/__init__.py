"""Judging a learner model on a log of attempts: `python -m shared.learner.evaluate FILE`.

`reading` takes the file, `baselines` and `regressions` are what the model has to beat, `comparing` predicts every
attempt of held-out learners before it is seen, `figures` measures. `generated` makes logs to develop on. numpy only.
"""
