"""The five machines. Change a table, then `docs/states.md` (a test compares it with `document()`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from shared.events.catalogue.agents import StateChanged
from shared.machines.machine import Entity, Evidence, Machine, Move

PROFILE = "goals.profile.stated"
RUN = "goals.run.finished"
HINT = "goals.hint.asked"
OPENED = "goals.goal.opened"
PAUSED = "goals.goal.paused"
RESUMED = "goals.goal.resumed"
SWAPPED = "goals.goal.swapped"
DAY = "goals.day.started"
WISH = "goals.wish.stated"
MOOD = "goals.mood.answered"
DOUBT = "goals.mastery.questioned"
LAID_ASIDE = "goals.enrolment.paused"
TAKEN_UP = "goals.enrolment.resumed"
JOINED = "goals.enrolment.started"
LEFT = "goals.enrolment.left"
RESTED = "goals.learning.paused"
RETURNED = "goals.learning.resumed"
AMENDED = "goals.contract.amended"
ACCEPTED = "goals.contract.accepted"

ACTIVITY = (
    RUN, HINT, OPENED, PAUSED, RESUMED, SWAPPED, WISH, MOOD, PROFILE, DOUBT, LAID_ASIDE, TAKEN_UP, JOINED, LEFT, RESTED,
    RETURNED, ACCEPTED,
)  # fmt: skip
"""What only a learner who is there can cause."""

LEARNER = Machine(
    "learner",
    "registered",
    (
        Move("registered", "placing", (*ACTIVITY, DAY), "a profile is stated and placement goals are open"),
        Move("registered", "learning", (*ACTIVITY, DAY), "a profile is stated and needs no placement"),
        Move("placing", "learning", (RUN, SWAPPED, DAY), "every placement goal is closed, or stuck"),
        Move("placing", "paused", (DAY, RESTED), "14 days of silence, or the learner takes days off"),
        Move("learning", "paused", (DAY, RESTED), "14 days of silence, or the learner takes days off"),
        Move("paused", "learning", (*ACTIVITY, DAY), "the learner is back, or the days off are over"),
        Move("paused", "placing", (*ACTIVITY, DAY), "the same, and placement goals are open"),
    ),
)

ENROLMENT = Machine(
    "enrolment",
    "active",
    (
        Move("active", "paused", (LAID_ASIDE,), "the learner lays the course aside"),
        Move("paused", "active", (TAKEN_UP, JOINED), "the learner takes it up again"),
        Move("active", "left", (LEFT,), "the learner leaves the course"),
        Move("paused", "left", (LEFT,), "the learner leaves the course"),
        Move("completed", "left", (LEFT,), "the learner leaves the course"),
        Move("left", "active", (JOINED,), "the learner joins it again"),
        Move("active", "completed", (RUN, DAY), "every concept of the course has mastery of 0.9 or more"),
        Move("active", "ended", (AMENDED, DAY), "the contract is over, or no longer covers it"),
        Move("paused", "ended", (AMENDED, DAY), "the contract is over, or no longer covers it"),
        Move("completed", "ended", (AMENDED, DAY), "the contract is over, or no longer covers it"),
        Move("ended", "active", (AMENDED, DAY, JOINED), "the contract covers it again"),
    ),
)

GOAL = Machine(
    "goal",
    "assigned",
    (
        Move("assigned", "open", (OPENED, RUN), "first opened or run"),
        Move("open", "stuck", (RUN,), "3 failing runs in a row, or 5 in all and 2 in a row, pass no new case"),
        Move("stuck", "open", (RUN,), "a run passes a case that none passed before"),
        Move("open", "solved", (RUN,), "a submission passes every case"),
        Move("stuck", "solved", (RUN,), "a submission passes every case"),
        Move("paused", "open", (OPENED, RESUMED, RUN), "taken up, opened or run again"),
        Move("assigned", "paused", (PAUSED,), "the learner lays it aside"),
        Move("open", "paused", (PAUSED, DAY), "the learner lays it aside, or 10 days without a run"),
        Move("stuck", "paused", (PAUSED, DAY), "the learner lays it aside, or 10 days without a run"),
        Move("assigned", "swapped", (SWAPPED,), "the learner wants another in its place"),
        Move("open", "swapped", (SWAPPED,), "the learner wants another in its place"),
        Move("stuck", "swapped", (SWAPPED,), "the learner wants another in its place"),
        Move("paused", "swapped", (SWAPPED,), "the learner wants another in its place"),
        Move("assigned", "abandoned", (DAY, *ACTIVITY), "never opened, and in no plan any more"),
        Move("abandoned", "open", (RUN,), "run all the same: it was worked on where the server did not see it"),
    ),
)

COURSE = Machine(
    "course",
    "not_started",
    (
        Move("not_started", "started", (RUN,), "first run on a goal of the course"),
        Move("started", "completed", (RUN, DAY), "every concept has mastery of 0.9 or more"),
    ),
)

REVIEW = Machine(
    "review",
    "none",
    (
        Move("none", "due", (DAY, RUN), "its date has come"),
        Move("due", "done", (RUN,), "practised again: the next date lies ahead"),
        Move("done", "due", (DAY, RUN), "its date has come again"),
    ),
)

MACHINES: Mapping[str, Machine] = MappingProxyType({m.entity: m for m in (LEARNER, ENROLMENT, GOAL, COURSE, REVIEW)})


def change(
    entity: Entity, id_: str, before: str, after: str, because: str, evidence: Sequence[Evidence]
) -> StateChanged:
    """The event of one move, with the ids of what says so. Raises Conflict for a move that may not be."""
    move = MACHINES[entity].move(before, after, evidence)
    ids = dict.fromkeys(e.id for e in evidence if e.type in move.evidence)
    return StateChanged(entity=entity, id=id_, before=before, after=after, because=because, evidence=tuple(ids))
