"""One folder for each deployed function; the same rooms in each.

`function.py` is the composition root (`new()` gives an object with handle, start, stop, alive, ready);
`agent.py` is the logic: plain Python that imports domain code only, no infrastructure.
"""
