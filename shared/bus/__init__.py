"""The bus: one port (`port.py`), two implementations (PostgreSQL queue, RabbitMQ), one dispatcher.

Messages are opaque here: a routing key and the bytes of a structured CloudEvent. Nothing in this folder
knows an event's meaning.
"""
