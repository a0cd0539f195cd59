"""Node `challenges`: makes one ordered goal from a challenge that has been proven.

`writing.py` has the ports: who writes (today the bank of the courses), who proves. Proofs of the bank are made by
`goals verify` and looked up: nothing is executed. What is written for one order is proven on the spot (`proving.py`).

Nothing here imports other functions.
"""
