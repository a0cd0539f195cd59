"""Text that is shown while it is written: in whole sentences, each checked with all before it."""

from __future__ import annotations

import queue
import re
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import AbstractContextManager, aclosing
from dataclasses import dataclass

from shared.models.account import Account, Bill
from shared.models.answer import Answer, NoAnswer
from shared.models.background import Background
from shared.models.fault import Fault, Usage, plainer
from shared.models.prompt import Rendered

_END = re.compile(r"\n+|(?<=[.!?…。])[\"')\]»”]*\s+")
_TRAILING = " \t\n\r\"')]»”"
LOOK_BACK = 200
CHARACTERS_A_TOKEN = 16
"""More than that many for each token it may write, and it is not the model that was asked: nobody reads on."""
GRACE = 2.0
"""Seconds beyond a question's own: the wire ends it before."""


class Sentences:
    """Cuts a growing text behind lines and sentences; joined, the pieces are the text. Each character is looked at
    about once, however small the parts are."""

    def __init__(self) -> None:
        self._rest = ""
        self._seen = 0

    def feed(self, text: str) -> Iterator[str]:
        """What is whole now. The end of the text so far is never an end: more may follow a full stop."""
        self._rest += text
        begin = 0
        for found in _END.finditer(self._rest, max(self._seen - 1, 0)):
            if found.end() < len(self._rest):
                yield self._rest[begin : found.end()]
                begin = found.end()
        self._rest = self._rest[begin:]
        self._seen = max(len(self._rest.rstrip(_TRAILING)), len(self._rest) - LOOK_BACK)

    def rest(self) -> str:
        rest, self._rest, self._seen = self._rest, "", 0
        return rest


class Attempt:
    """One request, running in the background: its parts arrive in `parts`, then None or a Fault."""

    def __init__(self, background: Background, source: AsyncGenerator[str | Usage, None]) -> None:
        self.parts: queue.SimpleQueue[str | Usage | Fault | None] = queue.SimpleQueue()
        self._future = background.start(self._pump(source))

    async def _pump(self, source: AsyncGenerator[str | Usage, None]) -> None:
        last: Fault | None = Fault("network", "the model is being closed", billed=True)
        try:
            async with aclosing(source) as parts:
                async for part in parts:
                    self.parts.put(part)
            last = None
        except Fault as fault:
            last = fault
        finally:
            self.parts.put(last)

    def end(self) -> None:
        self._future.cancel()


@dataclass(frozen=True, slots=True)
class Means:
    """What a telling is made of. `longest`: characters. `delay`: seconds until another attempt after a fault and as
    many tries, or None."""

    account: Account
    question: Rendered
    longest: int
    check: Callable[[str], bool]
    kept: str | None
    keep: Callable[[str], None]
    attempt: Callable[[], Attempt]
    place: Callable[[], AbstractContextManager[None]]
    delay: Callable[[Fault, int], float | None]
    sleep: Callable[[float], None]


class Stream:
    """One telling. Iterated once; a second time it is empty."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._begun = self._heard = False
        self._text = ""
        self._outcome: Answer[str] | NoAnswer | None = None

    @property
    def outcome(self) -> Answer[str] | NoAnswer:
        return self._outcome or NoAnswer("cut", "it is not read to its end")

    def __iter__(self) -> Iterator[str]:
        if self._begun:
            return iter(())
        self._begun = True
        return self._pieces()

    def _pieces(self) -> Iterator[str]:
        means = self._means
        try:
            if means.kept is not None:
                yield from self._checked([means.kept])
            else:
                with means.place():
                    yield from self._repeated()
                means.keep(self._text)
        except Fault as fault:
            self._outcome = means.account.none(fault)
        except GeneratorExit:
            self._outcome = means.account.none(Fault("cut", "its reader ended it"))
            raise
        else:
            self._outcome = Answer(self._text, means.account.event("cached" if means.kept is not None else "answered"))

    def _repeated(self) -> Iterator[str]:
        """Another attempt only as long as nothing has been heard."""
        earlier: Fault | None = None
        tries = 0
        while True:
            tries += 1
            try:
                yield from self._once()
            except Fault as fault:
                delay = None if self._heard else self._means.delay(fault, tries)
                if delay is None:
                    raise plainer(fault, earlier) from None
                earlier = fault
                self._means.sleep(delay)
            else:
                return

    def _once(self) -> Iterator[str]:
        with self._means.account.attempt(self._means.question) as bill:
            attempt = self._means.attempt()
            try:
                yield from self._checked(self._arriving(attempt, bill))
            finally:
                attempt.end()
            if not self._text.strip():
                raise Fault("invalid", "the answer is empty", again=True, billed=True)

    def _arriving(self, attempt: Attempt, bill: Bill) -> Iterator[str]:
        heard = 0
        while True:
            try:
                part = attempt.parts.get(timeout=max(self._means.account.left, 0) + GRACE)
            except queue.Empty:
                raise Fault("timeout", "the stream did not end in its time", billed=True) from None
            match part:
                case None:
                    return
                case Fault():
                    raise part
                case Usage():
                    bill.usage = part
                case str():
                    self._heard = True
                    heard += len(part)
                    if heard > self._means.longest:
                        raise Fault("too_large", f"the text is over {self._means.longest} characters", billed=True)
                    yield part

    def _checked(self, parts: Iterable[str]) -> Iterator[str]:
        sentences = Sentences()
        for part in parts:
            for piece in sentences.feed(part):
                yield self._shown(piece)
        if rest := sentences.rest():
            yield self._shown(rest)

    def _shown(self, piece: str) -> str:
        text = self._text + piece
        if not self._means.check(text):
            raise Fault("objected", "the check stopped it", billed=True)
        self._text = text
        self._means.account.shown_first()
        return piece
