"""Node `process`: watches the states of learner, enrolment, goal, course and review, and moves them on evidence.

`agent.py` decides, `moves.py` has the rules of each machine (tables: shared/machines). No other function is imported.
"""
