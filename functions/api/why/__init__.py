"""Why something was decided, from stored evidence alone: events followed back to what the learner did.

`look.py` finds events, `links.py` says for each type what it rests on, `words.py` what an event says, `tree.py` puts
it together. Nothing here decides anything anew, and no model is asked.
"""
