"""A function as Knative means it: woken by one CloudEvent over HTTP, with a life cycle and honest status codes.

`port.py` is what a function is, `reply.py` how errors become status codes, `asgi.py` the web server's side,
`serve.py` the command line of a container.
"""

from shared.function.port import Function, Reply

__all__ = ["Function", "Reply"]
