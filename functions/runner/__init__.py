"""The runner: takes a learner's code and a challenge's cases, streams a verdict for each case the moment it exists.

`agent.py` judges (pure), `stream.py` is one run as events, `admission.py` lets a bounded number run and gives turns to
those who wait. `function.py` is the deployed function (own small ASGI app, because it streams); `kept.py` keeps runs by
their id for who lost the connection. Expected values never enter the sandbox.
"""
