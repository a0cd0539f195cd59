"""The `goals` command line and the local launcher: what a person runs.

It may import everything; nothing may import it.
"""
