"""A run: one program, many calls, an observation for each as it happens."""

from __future__ import annotations

import marshal
import math
import secrets
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Generic, Literal, Self, cast, overload

from typing_extensions import TypeVar

from shared.errors import SandboxUnavailable
from shared.sandbox.cage import Confined
from shared.sandbox.contract import Call, Capability, ErrorInfo, Limits, Mode, Observation, Outcome, Printed
from shared.sandbox.conversation import Budget, Captured, Conversation, Ended, Piece
from shared.sandbox.languages import Language, Source
from shared.sandbox.languages import language as find_language
from shared.sandbox.modes import SPAWN
from shared.sandbox.reading import Report, read
from shared.sandbox.start import Frames
from shared.sandbox.warm import Warm

START_SECONDS = 10.0
"""For the sandbox itself to come up; the learner's clock starts after it. A machine slower than this is at fault."""

USED_UP: frozenset[Outcome] = frozenset({"time", "output"})
"""Outcomes that use up something the whole run shares: the calls after it are not made."""


@dataclass(frozen=True, slots=True)
class Plan:
    program: str
    calls: tuple[Call, ...]
    limits: Limits
    capability: Capability
    warm: Warm | None = None
    now: Callable[[], float] = time.monotonic
    streamed: bool = False
    language: Language | None = None
    """None: Python."""

    @property
    def functions(self) -> list[str]:
        return sorted({call.function for call in self.calls})

    @property
    def source(self) -> Source | None:
        return Source(self.language, self.program, tuple(self.functions)) if self.language else None


Item = TypeVar("Item", bound=Observation | Printed, default=Observation)


class Run(Iterator[Item], Generic[Item]):
    """Yields one observation for each call, in order. Iterate it in one thread; `cancel` from any.

    When streamed, before it what the call prints, as it is printed. The clock runs on while nobody asks for more.

    The thread that starts it must live as long as it: a cold sandbox dies with its parent thread (PR_SET_PDEATHSIG).
    `warm`: whether its process (the latest of them) was forked from a warm one.
    Raises SandboxUnavailable from iteration when the sandbox itself fails: never the learner's fault.
    """

    def __init__(self, plan: Plan) -> None:
        self.mode = cast(Mode, plan.capability.mode)
        self.landlock_abi = plan.capability.landlock_abi
        self.warm = False
        self._plan = plan
        self._cage: Confined | None = None
        self._cancelled = threading.Event()
        self._steps = self._observe()

    def __next__(self) -> Item:
        return cast(Item, next(self._steps))  # only a streamed run makes other items: `Sandbox.run`

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def cancel(self) -> None:
        """Ends the processes at once. The iterator then ends; who iterates no more must call `close`."""
        self._cancelled.set()
        if (cage := self._cage) is not None:
            cage.kill()

    def close(self) -> None:
        """As `cancel`, and gives back processes, descriptors and files. In the iterating thread, or when it is done."""
        self.cancel()
        self._steps.close()

    # ---------------------------------------------------------------- the run

    def _observe(self) -> Generator[Observation | Printed]:
        limits = self._plan.limits
        budget = Budget(math.inf, limits.cpu_seconds, limits.output_bytes)
        left = deque(self._plan.calls)
        while left and not self._cancelled.is_set():
            cage, frames = self._spawn(budget)
            with closing(cage):
                until = self._plan.now() + START_SECONDS + (limits.compile_seconds if self._plan.language else 0)
                talk = Conversation(cage, limits, budget, self._plan.now, until=until, streamed=self._plan.streamed)
                for frame in frames:
                    talk.tell(frame)
                # Already on its way when it comes up: fewer turns between us and it.
                load = self._tell(talk, self._plan.program, self._plan.functions)
                first = self._call(talk, left[0])
                if (greeted := self._greeted(talk)) is None:
                    return
                if greeted.outcome != "ready":  # a compiler's complaint, which every call has
                    yield from (self._told(call, greeted, Captured(), self._plan.now()) for call in left)
                    return
                began = self._plan.now()
                if math.isinf(budget.deadline):
                    budget.deadline = began + limits.wall_seconds
                talk.begin()
                for item in self._converse(talk, left, load, first):
                    if self._cancelled.is_set():
                        return
                    yield item
            budget.cpu -= self._plan.now() - began  # at least what it computed, whoever accounts for it
            if left and (budget.cpu <= 0 or self._plan.now() >= budget.deadline):
                yield from map(self._not_made, left)
                return

    def _spawn(self, budget: Budget) -> tuple[Confined, Frames]:
        self._nonce = secrets.token_hex(8)
        wanted = (self._plan.limits, max(1, math.ceil(budget.cpu)), self._nonce)
        source = self._plan.source
        forked = self._plan.warm.spawn(*wanted, source) if self._plan.warm else None
        self.warm = forked is not None
        cage, frames = forked or SPAWN[self.mode](*wanted, source)
        self._cage = cage
        if self._cancelled.is_set():  # by another thread, just before it could see this cage
            cage.kill()
        return cage, frames

    def _greeted(self, talk: Conversation) -> Report | None:
        """That it is ready, or what a compiler complains of; None when cancelled. Else it is the machine's fault."""
        heard = talk.hear()
        report = read(heard, self._nonce) if isinstance(heard, bytes) else None
        if self._cancelled.is_set():
            return None
        if self._plan.language and heard == Ended("time"):
            error = ErrorInfo("CompileTime", f"compiling took longer than {self._plan.limits.compile_seconds} s")
            return Report("compile_error", error=error)
        if report is None or report.outcome not in ("ready", "syntax_error", "compile_error"):
            said = talk.taken()[0].stderr.strip()[-400:]
            raise SandboxUnavailable(f"the {self.mode} sandbox did not start: {said or heard!r}")
        return report

    def _converse(
        self, talk: Conversation, left: deque[Call], load: str, nonce: str
    ) -> Iterator[Observation | Printed]:
        """Observations while this process lives. What it leaves in `left` needs a new one.

        `load` and `nonce`: those of the orders it has got already, the program and the first call.
        """
        began = self._plan.now()
        report = yield from self._answer(talk, left[0], load)
        if isinstance(report, Ended) or report.outcome != "loaded":
            # The module itself failed: it would again, so every call has this outcome.
            first = self._told(left[0], report, (yield from self._taken(talk, left[0])), began)
            while left:
                yield replace(first, call=left.popleft().id)
            return
        while True:
            began = self._plan.now()
            call = left.popleft()
            answer = yield from self._answer(talk, call, nonce)
            if not left and self._cage is not None:
                self._cage.kill()  # it goes while the last observation is looked at
            yield self._told(call, answer, (yield from self._taken(talk, call)), began)
            if isinstance(answer, Ended):
                if answer.outcome in USED_UP:
                    yield from map(self._not_made, left)
                    left.clear()
                return
            if not left:
                return
            nonce = self._call(talk, left[0])

    def _call(self, talk: Conversation, call: Call) -> str:
        if self._plan.language:
            return self._tell(talk, *self._plan.language.order(call))
        return self._tell(talk, call.function, call.args, dict(call.kwargs), call.stdin, dict(call.files))

    def _tell(self, talk: Conversation, *order: Any) -> str:
        """The nonce that the answer to this order must have."""
        nonce = secrets.token_hex(8)
        talk.tell(marshal.dumps((nonce, *order)))
        return nonce

    def _answer(self, talk: Conversation, call: Call, nonce: str) -> Generator[Printed, None, Report | Ended]:
        while isinstance(heard := talk.hear(), Piece):
            yield Printed(call.id, heard.stream, heard.text)
        if isinstance(heard, Ended):
            return heard
        report = read(heard, nonce)
        if report is None or report.outcome == "ready":
            # Forged or broken: nothing it says later can be told apart, so it is not heard again.
            talk.end()
            return Ended("no_result")
        return report

    def _taken(self, talk: Conversation, call: Call) -> Generator[Printed, None, Captured]:
        captured, rest = talk.taken()
        for piece in rest if self._plan.streamed else ():
            yield Printed(call.id, piece.stream, piece.text)
        return captured

    def _told(self, call: Call, report: Report | Ended, printed: Captured, began: float) -> Observation:
        observation = Observation(
            call=call.id,
            outcome="no_result",
            stdout=printed.stdout,
            stderr=printed.stderr,
            ms=round((self._plan.now() - began) * 1000, 3),
            mode=self.mode,
            landlock_abi=self.landlock_abi,
            warm=self.warm,
        )
        match report:
            case Ended(outcome, crash):
                error = ErrorInfo("Crash", f"the program was ended by {crash}") if crash else None
                return replace(observation, outcome=outcome, error=error)
            case Report(outcome="loaded"):  # an answer to another question
                return observation
            case Report(outcome, value, error, line, local):
                line = line or (error.line if error else None)
                shown = cast(Outcome, outcome)
                return replace(observation, outcome=shown, value=value, error=error, line=line, locals=local)

    def _not_made(self, call: Call) -> Observation:
        error = ErrorInfo("NotRun", "an earlier call used up what this run may use")
        return Observation(
            call.id, "no_result", error=error, mode=self.mode, landlock_abi=self.landlock_abi, warm=self.warm
        )


DEFAULT = Limits()


class Sandbox:
    """Runs programs in the strongest mode this machine has. Raises SandboxUnavailable when there is none.

    `allow_none`: also without walls, for a server bound to loopback and its single user's own code; stamped on
    every observation. `mode`: insist on one (the tests of each mode do). `warm`: runs are forked from a warm process
    where that holds (`probe.warm_holds`), which `close` ends; else each starts cold.
    """

    def __init__(
        self, allow_none: bool = False, limits: Limits = DEFAULT, *, mode: Mode | None = None, warm: bool = True
    ) -> None:
        from shared.sandbox.probe import probe, probe_mode, warm_holds  # here: the probe runs this very class

        self.limits = limits
        self.capability = probe() if mode is None else probe_mode(mode)
        if mode is None and self.capability.mode == "refuse" and allow_none:
            self.capability = replace(self.capability, mode="none")
        if self.capability.mode == "none" and not allow_none:
            raise SandboxUnavailable("mode none is for a server bound to loopback, for its single user")
        if self.capability.mode == "refuse":
            raise SandboxUnavailable(self.capability.detail)
        self._warm = Warm(self.capability.mode) if warm and warm_holds(self.capability.mode) else None
        self._launching = Warm(self.capability.mode, launching=True) if self._warm else None
        for kept in (self._warm, self._launching):
            if kept is not None:
                weakref.finalize(self, kept.close)

    @property
    def warm(self) -> bool:
        """Whether runs are to be forked from a warm process. Each observation says whether it was."""
        return self._warm is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the warm process and what still runs in it. Forgotten, it ends with the object."""
        for kept in (self._warm, self._launching):
            if kept is not None:
                kept.close()

    def warm_up(self) -> None:
        """Starts Python's warm process now, so that the first run need not wait for it. Other languages' starts with
        the first run in one of them."""
        if self._warm is not None:
            self._warm.up()

    @overload
    def run(
        self, program: str, calls: Sequence[Call], *, language: str = "python", streamed: Literal[False] = False
    ) -> Run: ...

    @overload
    def run(
        self, program: str, calls: Sequence[Call], *, language: str = "python", streamed: Literal[True]
    ) -> Run[Observation | Printed]: ...

    def run(self, program: str, calls: Sequence[Call], *, language: str = "python", streamed: bool = False) -> Run[Any]:
        """A run that starts when it is first iterated; closing it cancels it.

        Raises InvalidInput for a language we do not know and for a call's input or files (`Call.check`), and
        SandboxUnavailable, with what to do, for a language that is not installed here.
        """
        known = find_language(language)
        for call in calls:
            call.check()
            if known:
                known.order(call)
        warm = self._launching if known else self._warm
        plan = Plan(program, tuple(calls), self.limits, self.capability, warm, streamed=streamed, language=known)
        return Run(plan)
