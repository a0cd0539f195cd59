"""Function `daily`: woken by a clock, starts the day of every learner where one has begun in their own time zone.

Not a node of the graph: the `goals.day.started` it appends wakes the learner's thread. It imports no other function.
"""
