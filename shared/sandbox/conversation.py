"""Talking to one confined process: an order in, a line out, and never more patience than the run has left."""

from __future__ import annotations

import codecs
import contextlib
import os
import select
import signal
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from shared.sandbox.cage import Confined
from shared.sandbox.contract import Limits, Outcome, Stream
from shared.sandbox.reading import printable

DYING = 1.0
"""Seconds from the end of the observations to that of the process, before it counts as going on without them. On a busy
machine the end takes a while, and only then it says why."""
TICK = 0.05
CHUNK = 65536


@dataclass(slots=True)
class Budget:
    """What the run may still use, over all its processes."""

    deadline: float
    cpu: float
    output: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The process is gone. `outcome`: why. `crash`: the signal's name where the learner's code crashed."""

    outcome: Outcome
    crash: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some output, as text."""

    stream: Stream
    text: str


@dataclass(slots=True)
class Captured:
    """Output as text, decoded as it comes: a character may arrive in two halves."""

    stdout: str = ""
    stderr: str = ""
    _decoders: dict[Stream, codecs.IncrementalDecoder] = field(default_factory=dict)

    def add(self, stream: Stream, content: bytes, *, final: bool = False) -> Piece | None:
        decoder = self._decoders.setdefault(stream, _decoder("replace"))
        text = printable(decoder.decode(content, final))
        if not text:
            return None
        if stream == "stdout":
            self.stdout += text
        else:
            self.stderr += text
        return Piece(stream, text)

    def end(self) -> list[Piece]:
        """Halves of characters, which are now known to stay halves."""
        pieces = [self.add(stream, b"", final=True) for stream in self._decoders]
        return [piece for piece in pieces if piece]


_decoder = codecs.getincrementaldecoder("utf-8")


class Conversation:
    """`now`: a monotonic clock in seconds. `until`: how long it may take to come up; until it has (`begin`), the bounds
    are not watched, because the cage is still being built, and what is written is left in the pipes."""

    def __init__(
        self,
        cage: Confined,
        limits: Limits,
        budget: Budget,
        now: Callable[[], float],
        *,
        until: float,
        streamed: bool = False,
    ) -> None:
        self._cage, self._limits, self._budget, self._now = cage, limits, budget, now
        self._until: float | None = until
        self._streamed = streamed
        self._began = now()
        self._next_look = self._began + TICK
        self._pieces: deque[Piece] = deque()
        self._answer: bytes | Ended | None = None
        self._unsent = b""
        self._line = bytearray()
        self._captured = Captured()
        pipes = cage.pipes
        self._outputs: dict[int, Stream] = {pipes.stdout[0]: "stdout", pipes.stderr[0]: "stderr"}
        self._observations = pipes.observations[0]
        self._control = pipes.control[1]
        self._poll = select.poll()
        self._poll.register(self._observations, select.POLLIN)

    def begin(self) -> None:
        """It has come up: from now on the run's budget counts."""
        self._until = None
        self._cage.hold()
        self._began = self._now()
        for fd in self._outputs:
            self._poll.register(fd, select.POLLIN)

    @property
    def _deadline(self) -> float:
        return self._budget.deadline if self._until is None else self._until

    def tell(self, frame: bytes) -> None:
        """Queues an order; it goes out while waiting, because the other side may not read."""
        if not self._unsent:
            self._poll.register(self._control, select.POLLOUT)
        self._unsent += frame

    def hear(self) -> bytes | Ended | Piece:
        """The next line, or why there will be none. After an `Ended` the process is dead.

        When streamed, first each piece of the output, when it is there.
        """
        while True:
            if self._pieces:
                return self._pieces.popleft()
            if self._answer is not None:
                answer, self._answer = self._answer, None
                return answer
            self._answer = self._listen()

    def _listen(self) -> bytes | Ended | None:
        """None when there is a piece to be heard first."""
        while not self._pieces:
            end = self._line.find(b"\n")
            if end >= 0:
                line, self._line = bytes(self._line[:end]), self._line[end + 1 :]
                # What the call printed was written before this line, so it is in the pipes by now.
                return line if self._until is not None or self._drain() else self._stop("output")
            if len(self._line) > self._limits.value_bytes:
                return self._stop("output")
            now = self._now()
            if now >= self._deadline:
                return self._stop("time")
            if now >= self._next_look:
                self._next_look = now + TICK
                broken = self._cage.over() if self._until is None else None
                if broken is not None:
                    return self._stop(broken)
            ready = self._poll.poll((min(self._deadline, self._next_look) - now) * 1000 + 1)
            ended = self._serve([fd for fd, _ in ready])
            if ended is not None:
                return ended
        return None

    def taken(self) -> tuple[Captured, list[Piece]]:
        """The output since the last time, which starts anew; and what of it was not heard as a piece: halves of
        characters whose other half never came."""
        captured, self._captured = self._captured, Captured()
        return captured, captured.end()

    def end(self) -> None:
        self._stop("no_result")

    def _serve(self, ready: list[int]) -> Ended | None:
        for fd in ready:
            if fd == self._control:
                self._send()
            elif fd == self._observations:
                chunk = self._read(fd)
                if chunk == b"":
                    return self._epilogue()
                self._line += chunk or b""
            elif not self._take(fd):
                return self._stop("output")
        return None

    def _send(self) -> None:
        with contextlib.suppress(BlockingIOError):
            try:
                self._unsent = self._unsent[os.write(self._control, self._unsent) :]
            except BrokenPipeError:
                self._unsent = b""  # it is dying: the observations' end says so next
        if not self._unsent:
            self._poll.unregister(self._control)

    def _read(self, fd: int) -> bytes | None:
        """What is there: None when nothing yet, empty at the end (after which the descriptor is no longer polled)."""
        try:
            chunk = os.read(fd, CHUNK)
        except BlockingIOError:
            return None
        if not chunk:
            self._poll.unregister(fd)
            self._outputs.pop(fd, None)
        return chunk

    def _take(self, fd: int) -> bool:
        """Reads some output; False when the run's budget of output is used up (what fits is kept)."""
        stream = self._outputs[fd]
        chunk = self._read(fd) or b""
        piece = self._captured.add(stream, chunk[: max(0, self._budget.output)])
        if piece and self._streamed:
            self._pieces.append(piece)
        self._budget.output -= len(chunk)
        return self._budget.output >= 0

    def _drain(self) -> bool:
        for fd in list(self._outputs):
            while fd in self._outputs and select.select([fd], [], [], 0)[0]:
                if not self._take(fd):
                    return False
        return True

    def _stop(self, outcome: Outcome) -> Ended:
        self._cage.kill()
        self._cage.gone(1.0)
        return Ended(outcome)

    def _epilogue(self) -> Ended:
        """It closed the observations: by ending (then its exit says why) or on purpose (then we end it)."""
        if self._until is not None:
            self.begin()  # why it did not come up stands on stderr
        if not self._cage.gone(DYING):
            self._stop("no_result")
            self._drain()
            return Ended("no_result")
        if not self._drain():
            return Ended("output")
        code = self._cage.code or 0
        if code in self._cage.ended_by:
            return Ended(self._cage.ended_by[code])
        match code - 128:
            case signal.SIGXCPU | signal.SIGKILL if self._now() - self._began >= 0.9 * self._budget.cpu:
                return Ended("time")  # anybody can claim these (exit codes, through bubblewrap), but not so early
            case signal.SIGKILL:
                # Not from us and not the CPU's limit: by its cgroup, by the machine, or by its own hand.
                broken = self._cage.over()
                return Ended(broken) if broken else Ended("no_result", crash=_name(signal.SIGKILL))
            case signal.SIGSYS:
                return Ended("disallowed")
            case signal.SIGXFSZ:
                return Ended("files")
            case number if number > 0:
                return Ended("no_result", crash=_name(number))
        return Ended("no_result")


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
