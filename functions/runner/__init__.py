"""The runner: takes a learner's code and a challenge's cases, streams a verdict for each case the moment it exists.

`agent.py` judges (pure), `function.py` is the deployed function (own small ASGI app, because it streams),
`admission.py` lets a bounded number run and wait. Expected values never enter the sandbox.
"""
