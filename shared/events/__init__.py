"""The catalogue of events: one pydantic model for each type and version, and their way in and out as CloudEvents.

`catalogue/` holds the models by family, `record.py` what an event is once stored, `codec.py` the wire form,
`upcast.py` how an old version becomes the newest. Nothing in here touches a database or a broker.
"""
