"""The one logical graph: its state, its edges, and the step that advances it across functions.

It knows the nodes' names and what they write to the state, never their bodies: those are given by `functions/`.
"""
