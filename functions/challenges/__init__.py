"""Node `challenges`: makes one ordered goal from a challenge of the bank, once what it needs is seen to be there.

Nothing here imports other functions.
"""
