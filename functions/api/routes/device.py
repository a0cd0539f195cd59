"""Where a learner lets their editor in, in a browser."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from functions.api.device_page import Filled, done, form, label
from functions.api.models.sign_in import Credentials, Registration
from functions.api.problems import asked_in
from functions.api.routes.auth import Address, authenticate, sign_up
from functions.api.services import Here, Services
from shared.auth import accounts
from shared.errors import GoalsError, InvalidInput
from shared.refusals import fault, say
from shared.spoken import Words

router = APIRouter(prefix="/device", include_in_schema=False)
LONGEST = 4_096
"""Bytes of the form."""


async def spoken(request: Request) -> Words:
    return asked_in(request.headers)


Language = Annotated[Words, Depends(spoken)]


@router.get("")
async def page(
    language: Language, code: Annotated[str, Query(max_length=16)] = "", new: Annotated[bool, Query()] = False
) -> HTMLResponse:
    """The form, with the editor's code in it where the editor opened the page."""
    return HTMLResponse(form(language, Filled(code=code.strip().upper(), new=new)))


@router.post("")
async def approve(here: Here, request: Request, language: Language, address: Address) -> HTMLResponse:
    """Signs in or up by the form, and lets in the editor that shows the code. Whatever goes wrong is said on the form;
    a password is asked for again."""
    body = await request.body()
    fields = {name: values[0] for name, values in parse_qs(body[:LONGEST].decode("utf-8", "replace")).items()}
    filled = Filled(
        code=fields.get("code", "").strip().upper()[:16],
        email=fields.get("email", "").strip(),
        name=fields.get("name", "").strip(),
        new=fields.get("new") == "1",
    )
    try:
        await run_in_threadpool(_let_in, here, filled, fields.get("password", ""), language, address)
    except GoalsError as error:
        return HTMLResponse(form(language, filled, error.told(language)[0]), status_code=error.status)
    return HTMLResponse(done(language))


def _let_in(here: Services, filled: Filled, password: str, language: Words, address: str) -> None:
    try:
        if filled.new:
            fields = {"email": filled.email, "password": password, "name": filled.name, "language": language}
            account = sign_up(here, Registration.model_validate(fields), address)
        else:
            fields = {"email": filled.email, "password": password}
            account = authenticate(here, Credentials.model_validate(fields), address)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise InvalidInput(say("field", at=label(language, str(first["loc"][0])), problem=fault(first))) from None
    with here.connection() as conn:
        accounts.approve_device(conn, account.learner, filled.code, now=here.clock())
