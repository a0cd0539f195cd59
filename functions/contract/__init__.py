"""Node `contract`: do the terms that pay for the learning hold, have they changed, do they end soon?

Gives runs back that we failed. Nothing here imports other functions.
"""
