"""Node `challenges`: makes one ordered goal from a challenge of the bank, if that has been proven.

Proofs are made by `goals verify` and looked up here: nothing is executed in a request.

Nothing here imports other functions.
"""
