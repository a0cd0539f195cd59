"""How rarely a learner is spoken to unasked: one rule for every function that would.

At most one message in ten minutes and three a session, none while they type, none for a day after two were waved off,
and one in ten held back by the run's id, so that the effect of messages can be measured against none. A third of
feedback interventions hurt: Kluger and DeNisi (1996), Psychological Bulletin 119.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from shared.events.catalogue.attention import Held
from shared.readmodel.rows import Attention

SPEAK_EVERY = timedelta(minutes=10)
SESSION, SESSION_MESSAGES = timedelta(hours=2), 3
DISMISSALS, AFTER_DISMISSALS = 2, timedelta(days=1)
TYPING = timedelta(seconds=20)


def held(
    attention: Attention, *, now: datetime, run: str, asked: datetime | None = None, edited: datetime | None = None
) -> Held | None:
    """Why nothing may be said now; None: it may. `run`: id of the run's event it would follow; `asked`: the last
    question about mood; `edited`: the learner's last edit since that run."""
    if edited is not None and now - edited < TYPING:
        return "typing"
    if attention.dismissed >= DISMISSALS and attention.waved_off and now - attention.waved_off < AFTER_DISMISSALS:
        return "dismissed"
    if asked is not None and now - asked < SPEAK_EVERY:
        return "asked"
    if attention.spoken is not None:
        if now - attention.spoken < SPEAK_EVERY:
            return "too_soon"
        if attention.messages >= SESSION_MESSAGES and now - attention.spoken < SESSION:
            return "session"
    return "control" if held_back(run) else None


def held_back(event: str) -> bool:
    """The arm without messages: one run in ten, chosen by its event's id."""
    return hashlib.sha256(event.encode()).digest()[0] % 10 == 0
