"""A model behind an endpoint: cache, budget, breaker, repeats, account, around what `wire.py` does."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from random import Random
from threading import BoundedSemaphore
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from shared.models.account import Account, Terms
from shared.models.answer import Answer, Asker, NoAnswer
from shared.models.background import Background
from shared.models.cache import Cache, key_of, owner_of
from shared.models.fault import Fault, plainer
from shared.models.port import Telling
from shared.models.prompt import Prompt
from shared.models.schema import schema_of
from shared.models.telling import CHARACTERS_A_TOKEN, Attempt, Means, Stream
from shared.models.wire import Wire
from shared.telemetry import tracer

M = TypeVar("M", bound=BaseModel)

ATTEMPTS = 3
ATTEMPTS_INVALID = 2
"""Of answers that do not fit: each one is paid for."""
FIRST_DELAY, LONGEST_DELAY = 0.25, 4.0
SHORTEST_ATTEMPT = 0.3
"""Seconds: with less left there is no use in another."""
AT_ONCE = 16
QUEUE = 0.25
"""The part of a question's time that it may wait for a place."""
TEXT = sha256(b"text").hexdigest()[:16]


class RemoteModel:
    """`sleep`, `random`, `fence` come in from outside, so that tests can fix them."""

    def __init__(
        self,
        wire: Wire,
        terms: Terms,
        cache: Cache,
        *,
        at_once: int = AT_ONCE,
        sleep: Callable[[float], None] = time.sleep,
        random: Random | None = None,
        fence: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        self._wire, self._terms, self._cache = wire, terms, cache
        self._sleep, self._fence = sleep, fence
        self._random = random or Random()  # noqa: S311  delays only
        self._places = BoundedSemaphore(at_once)
        self._background = Background()
        self._name = f"{wire.endpoint.url} {wire.endpoint.model}"

    def ask(
        self, prompt: Prompt, inputs: Mapping[str, str], schema: type[M], *, who: Asker, now: datetime
    ) -> Answer[M] | NoAnswer:
        prompt.check(inputs)
        with tracer().within(f"model {prompt.name}") as told:
            found = self._asked(prompt, inputs, schema, who, now)
            told["outcome"] = found.called.outcome if found.called else "none"
            return found

    def _asked(
        self, prompt: Prompt, inputs: Mapping[str, str], schema: type[M], who: Asker, now: datetime
    ) -> Answer[M] | NoAnswer:
        words, asked = schema_of(schema)
        account = Account(self._terms, prompt, digest_of(prompt, asked), who, now)
        owner, key = owner_of(prompt, who.learner), key_of(prompt, asked, self._name, inputs)
        kept = self._kept(owner, key, schema, now)
        if kept is not None:
            return Answer(kept, account.event("cached"))
        self._wire.prepare()
        account.start()
        question = prompt.render(inputs, self._fence())

        def attempt() -> M:
            with account.attempt(question, len(words)) as bill:
                work = self._wire.ask(question, schema, prompt.output_tokens, account.left)
                try:
                    value, bill.usage = self._background.run(work)
                except CancelledError:
                    raise Fault("network", "the model is being closed", billed=True) from None
                return value

        try:
            with self._place(account):
                value = self._repeated(attempt, account)
        except Fault as fault:
            return account.none(fault)
        self._cache.put(owner, key, value.model_dump_json(), now)
        return Answer(value, account.event("answered"))

    def tell(
        self,
        prompt: Prompt,
        inputs: Mapping[str, str],
        *,
        who: Asker,
        now: datetime,
        check: Callable[[str], bool],
    ) -> Telling:
        prompt.check(inputs)
        account = Account(self._terms, prompt, digest_of(prompt, TEXT), who, now)
        owner, key = owner_of(prompt, who.learner), key_of(prompt, TEXT, self._name, inputs)
        kept = self._cache.get(owner, key, now)
        if kept is None:
            self._wire.prepare()
            account.start()
        question = prompt.render(inputs, self._fence())

        def attempt() -> Attempt:
            return Attempt(self._background, self._wire.tell(question, prompt.output_tokens, account.left))

        return Stream(
            Means(
                account,
                question,
                prompt.output_tokens * CHARACTERS_A_TOKEN,
                check,
                kept=kept,
                keep=lambda text: self._cache.put(owner, key, text, now),
                attempt=attempt,
                place=lambda: self._place(account),
                delay=lambda fault, tries: self._delay(fault, tries, account),
                sleep=self._sleep,
            )
        )

    def close(self) -> None:
        self._background.stop(self._wire.close)
        self._terms.budget.close()
        self._cache.close()

    def _kept(self, owner: str, key: str, schema: type[M], now: datetime) -> M | None:
        text = self._cache.get(owner, key, now)
        if text is None:
            return None
        try:
            return schema.model_validate_json(text)
        except ValidationError:
            return None

    @contextmanager
    def _place(self, account: Account) -> Iterator[None]:
        """One of the places for calls at a time. Raises Fault where none gets free soon."""
        if not self._places.acquire(timeout=max(account.left * QUEUE, 0)):
            raise Fault("busy", "too many questions are under way")
        try:
            yield
        finally:
            self._places.release()

    def _repeated(self, attempt: Callable[[], M], account: Account) -> M:
        earlier: Fault | None = None
        tries = 0
        while True:
            tries += 1
            try:
                return attempt()
            except Fault as fault:
                delay = self._delay(fault, tries, account)
                if delay is None:
                    raise plainer(fault, earlier) from None
                earlier = fault
                self._sleep(delay)

    def _delay(self, fault: Fault, tries: int, account: Account) -> float | None:
        """Seconds until the next attempt, with jitter (Brooker 2015, "Exponential backoff and jitter"): never less
        than the server asks for. None: no other attempt."""
        most = ATTEMPTS_INVALID if fault.reason == "invalid" else ATTEMPTS
        if not fault.again or tries >= most:
            return None
        own = min(FIRST_DELAY * 2 ** (tries - 1), LONGEST_DELAY) * (0.5 + self._random.random() / 2)
        delay = own if fault.after is None else fault.after + own
        return delay if delay + SHORTEST_ATTEMPT < account.left else None


def digest_of(prompt: Prompt, asked: str) -> str:
    return sha256(f"{prompt.digest}{asked}".encode()).hexdigest()[:16]
