"""The tutor's tools for any MCP client: goals, pages, runs, hints, progress, over streamable HTTP and stdio.

It holds no tables and no rules of its own: all goes through the API, with the caller's own token, so what the API does
not give a learner (the reference, hidden cases, a rung of the ladder that was not reached) cannot come out here.
"""
