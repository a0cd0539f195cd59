"""The state machines of the learning process as tables: learner, enrolment, goal, course, review.

`machine.py` is what a machine is, `tables.py` the five, `diagram.py` draws them. Pure: nothing here looks anything up,
and nothing here may import from functions, graph or goals.
"""

from shared.machines.diagram import document
from shared.machines.machine import Evidence, Machine, Move
from shared.machines.tables import COURSE, ENROLMENT, GOAL, LEARNER, MACHINES, REVIEW, change

__all__ = [
    "COURSE",
    "ENROLMENT",
    "GOAL",
    "LEARNER",
    "MACHINES",
    "REVIEW",
    "Evidence",
    "Machine",
    "Move",
    "change",
    "document",
]
