"""Finds mistakes in manifests without a cluster: `python -m goals.cluster.check` (`make k8s-check`).

`schema.py` holds every object against its API's fields. The other rooms look for what schemas let through:
`workloads.py`, `references.py`, `broker.py`, `door.py` and `tokens.py` at what is there, `needs.py`, `standing.py` and
`entrance.py` at what must be. A rule is a function from all objects of one rendering to findings.
"""
