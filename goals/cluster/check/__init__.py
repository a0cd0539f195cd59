"""Finds mistakes in manifests without a cluster: `python -m goals.cluster.check` (`make k8s-check`).

`schema.py` holds every object against its API's fields, `workloads.py`, `references.py`, `broker.py` and `door.py` look
for what schemas let through. A rule is a function from all objects of one rendering to findings.
"""
