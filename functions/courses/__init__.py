"""Node `courses`: gives the learner the page that answers what is in front of them, and renders it.

`agent.py` decides which page; `page.py` writes it and `placing.py` says where it begins, looked up for the API by
`lookup.py`. No other function is imported.
"""
