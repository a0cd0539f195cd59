"""Which language whoever asks is spoken to in, as far as the API does not know better by their profile."""

from __future__ import annotations

import os

from fastmcp.server.dependencies import get_http_headers

from shared.spoken import Words, accepted, of_environment


def accepts() -> str:
    """Accept-Language of the request being answered; over stdio, the language of this process's environment."""
    headers = get_http_headers()
    return headers.get("accept-language", "") if headers else of_environment(os.environ)


def spoken() -> Words:
    return accepted(accepts()) or "en"
