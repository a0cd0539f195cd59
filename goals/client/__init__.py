"""The API's client, for the command line and the demo: HTTP, websocket, tokens. Knows nothing of the server's inside.

`api.py` one method for each route, `stream.py` the websocket with resume, `session.py` tokens that renew themselves,
`accounts.py` where they are kept, `transport.py` requests that are patient. Heavy imports stay inside functions: the
command line starts with this package.
"""

from goals.client.accounts import Account, Accounts
from goals.client.api import Api
from goals.client.errors import Answered, NotSignedIn, Unreachable
from goals.client.event import Event, interaction
from goals.client.session import Fixed, Password, Session, Stored
from goals.client.stream import Stream
from goals.client.transport import Transport

__all__ = [
    "Account",
    "Accounts",
    "Answered",
    "Api",
    "Event",
    "Fixed",
    "NotSignedIn",
    "Password",
    "Session",
    "Stored",
    "Stream",
    "Transport",
    "Unreachable",
    "interaction",
]
