"""The object store: a port, the local disk, and anything that speaks S3. One suite holds both:
`tests/lake/test_objects.py`."""

from shared.lake.objects.opening import open_objects
from shared.lake.objects.port import ObjectStore, Stat

__all__ = ["ObjectStore", "Stat", "open_objects"]
