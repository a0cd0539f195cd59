"""Starting the whole system on one machine: `embedded.py` in one process, `split.py` with every function on its own.

Both serve the same functions over the same contract; only where the parts live differs.
"""
