"""Simulated learners: how many attempts the planner saves, and what its reviews keep (`goals simulate`).

`world.py` makes a course, `minds.py` learners with a hidden state that no agent sees, `taught.py` puts one of them in
front of the real agents (planner, challenges, evaluation), `orders.py` in front of plainer orders, `study.py` runs many
of both. What is assumed stands in docs/learning.md.
"""
