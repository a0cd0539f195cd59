"""The read model: what functions and the API look up, kept from the log by `projections.py`.

`schema.sql` are its tables, `rows.py` its rows as dataclasses, `view.py` the queries. Rebuilt whenever
`projections.VERSION` changes; never written to by anything but the projection.
"""

from shared.readmodel.projections import READ_MODEL
from shared.readmodel.view import View

__all__ = ["READ_MODEL", "View"]
