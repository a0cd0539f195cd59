"""The learner's journey of a newcomer, walked on a running system through its public API and websocket alone.

`journey.py` who walks, `knowledge.py` what they know, `steps.py` the steps, `walk.py` one walk and what it came to,
`system.py` the system walked on, `crashes.py` who kills it and when, `fingerprint.py` what two walks have in common,
`telling.py` the screen, `play.py` which walks on which system.
No database is read and nothing of the server's inside imported: the courses' files stand for what the learner knows.
"""

from goals.demo.play import Options, play

__all__ = ["Options", "play"]
