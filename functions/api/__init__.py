"""The API: REST under /v1, the websocket `goals.v1`, sign-in, runs as a stream.

`function.py` is the composition root, `app.py` puts the routes together, `routes/` holds them by subject, `ingest.py`
takes what learners do, `runs.py` runs their code, `feed.py` and `socket.py` carry events to them as they happen.
"""
