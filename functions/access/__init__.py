"""Node `access`: may this person work on this goal, now?

The API asks the same rule (`lookup.subject`, then `agent.judge`) before it runs code. No other function is imported.
"""
