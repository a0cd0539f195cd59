"""The learning record as xAPI statements (Experience API 1.0.3), for institutions that keep a record store. The verbs
are those of cmi5. `record.py` makes them of a learner's events; `statement.schema.json` is what they are held to.
"""

from shared.xapi.record import Names, Record, Statement

__all__ = ["Names", "Record", "Statement"]
