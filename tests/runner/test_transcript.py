"""A run's lines in memory: bounded, in order, never lost for somebody who listens."""

from __future__ import annotations

import asyncio
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.runner.kept import KeptRuns
from functions.runner.stream import RunStream
from functions.runner.transcript import Transcript
from shared.errors import Conflict, NotFound


async def heard(transcript: Transcript, after: int = 0) -> bytes:
    return b"".join([chunk async for chunk in transcript.follow(after)])


@given(st.lists(st.binary(min_size=1, max_size=30), max_size=30), st.integers(0, 30))
def test_who_follows_from_anywhere_hears_the_rest(lines: list[bytes], after: int) -> None:
    transcript = Transcript()

    def write() -> None:
        for line in lines:
            transcript.add(line)
        transcript.end()

    writer = threading.Thread(target=write)

    async def follow() -> bytes:
        writer.start()
        return await heard(transcript, after)

    assert asyncio.run(follow()) == b"".join(lines[after:])
    writer.join()


def test_beyond_its_bound_only_lines_somebody_was_given_are_dropped() -> None:
    transcript = Transcript(most=30)
    for n in range(10):
        transcript.add(b"%09d\n" % n)
    transcript.end()
    assert transcript.size == 100, "nobody has had any of it"
    assert asyncio.run(heard(transcript)).count(b"\n") == 10
    assert transcript.size == 30
    assert asyncio.run(heard(transcript, 7)).count(b"\n") == 3
    with pytest.raises(NotFound, match="no longer kept"):
        transcript.behind(6)


class Said(RunStream):
    """A stream whose events are told beforehand."""

    def __init__(self, *kinds: str) -> None:
        self._events = iter([{"kind": kind, "text": "x" * 100} for kind in kinds])  # type: ignore[assignment]

    def close(self: RunStream) -> None:
        """Nothing is open."""


def test_runs_that_are_over_are_kept_for_a_time_and_up_to_a_size() -> None:
    now = 0.0
    kept = KeptRuns(Said.close, seconds=60, most=300, now=lambda: now)

    def run(name: str) -> None:
        found = kept.begin(name, b"", lambda: Said("finished"))
        asyncio.run(heard(found.transcript))

    for name in "abc":
        run(name)
        now += 1
    with pytest.raises(NotFound):
        kept.find("a")
    assert kept.find("b") and kept.find("c")
    now += 58.5
    with pytest.raises(NotFound):
        kept.find("b")
    assert kept.find("c")


def test_a_run_that_failed_is_started_again_and_one_that_finished_is_not() -> None:
    kept = KeptRuns(Said.close)
    for kinds, again in ((("fault",), True), (("case",), True), (("case", "finished"), False)):
        first = kept.begin(str(kinds), b"same", lambda kinds=kinds: Said(*kinds))  # type: ignore[misc]
        asyncio.run(heard(first.transcript))
        second = kept.begin(str(kinds), b"same", lambda: Said("finished"))
        assert (second is not first) == again
        with pytest.raises(Conflict):
            kept.begin(str(kinds), b"other", lambda: Said("finished"))
