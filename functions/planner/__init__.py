"""Node `planner`: which goals fit this learner's day, and why each.

`agent.py` decides, from `context.py`; `standing.py` says where the learner stands, `keeping.py` what stays of the plan
before, `wanted.py` what else would be good, `portfolio.py` what of it fits the day, `wishing.py` what became of wishes.
No other function is imported.
"""
