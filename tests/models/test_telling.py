"""Text that is shown while it is written comes in whole sentences, each checked before anybody sees it."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable
from itertools import pairwise
from types import AsyncGeneratorType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from shared.clock import utc_now
from shared.models import Answer, Model, NoAnswer, NoModel
from shared.models.prompt import Rendered
from shared.models.telling import Sentences
from shared.models.wire import Endpoint, Wire
from tests.models.conftest import KEY, Make
from tests.models.questions import ANA, INPUTS, NOW, prompt
from tests.models.server import Exchange, ModelServer, cuts, fails, floods, hangs_up, refuses, says, slow

BOTH = pytest.mark.parametrize("lacks", [frozenset(), frozenset({"responses"})], ids=["responses", "chat"])
TEXT = "Look at line 3. What is `best` there?\n\nTry it with [3, 9, 2]: what comes out? Version 1.5 is fine."
PIECES = [
    "Look at line 3. ",
    "What is `best` there?\n\n",
    "Try it with [3, 9, 2]: what comes out? ",
    "Version 1.5 is fine.",
]


def told(
    model: Model, check: Callable[[str], bool] = lambda _: True, seconds: float = 3
) -> tuple[list[str], Answer[str] | NoAnswer]:
    telling = model.tell(prompt(seconds=seconds), INPUTS, who=ANA, now=NOW, check=check)
    return list(telling), telling.outcome


def reason(outcome: Answer[str] | NoAnswer) -> str:
    assert isinstance(outcome, NoAnswer), outcome
    assert outcome.called is not None and outcome.called.outcome == outcome.reason
    return outcome.reason


@BOTH
def test_it_comes_in_sentences_and_says_at_its_end_what_it_cost(
    server: ModelServer, model: Model, lacks: frozenset[str]
) -> None:
    server.lacks = lacks
    server.always(says(TEXT))
    pieces, outcome = told(model)
    assert pieces == PIECES
    assert isinstance(outcome, Answer) and outcome.value == TEXT
    called = outcome.called
    assert (called.input_tokens, called.output_tokens, called.cost, called.estimated) == (100, 30, 82, False)
    assert called.first_ms is not None and called.first_ms <= called.ms


def test_each_sentence_is_there_as_soon_as_it_is_whole(server: ModelServer, model: Model) -> None:
    def slowly(exchange: Exchange) -> None:
        exchange.events(exchange.stream_of("One is here. Two is here. Three is here.", 13), pause=0.25)

    server.always(slowly)
    at = []
    for _ in model.tell(prompt(), INPUTS, who=ANA, now=NOW, check=lambda _: True):
        at.append(time.monotonic())  # noqa: PERF401
    assert len(at) == 3
    assert all(later - earlier > 0.1 for earlier, later in pairwise(at))


def test_the_check_sees_all_before_and_ends_it_before_the_bad_sentence_is_shown(
    server: ModelServer, model: Model
) -> None:
    server.always(says("Look at line 3. The answer is `return x + 1`. Good luck."))
    seen: list[str] = []

    def check(text: str) -> bool:
        seen.append(text)
        return "return" not in text

    pieces, outcome = told(model, check)
    assert pieces == ["Look at line 3. "]
    assert reason(outcome) == "objected"
    assert seen == ["Look at line 3. ", "Look at line 3. The answer is `return x + 1`. "]


@BOTH
def test_a_stream_that_is_cut_shows_whole_sentences_only_and_is_no_answer(
    server: ModelServer, model: Model, lacks: frozenset[str]
) -> None:
    server.lacks = lacks
    server.always(cuts(TEXT, after=6))
    pieces, outcome = told(model)
    assert pieces in (PIECES[:1], PIECES[:2])
    assert reason(outcome) == "cut"
    assert isinstance(outcome, NoAnswer) and outcome.called is not None
    assert outcome.called.attempts == 1, "nothing is told twice"
    assert outcome.called.estimated


@BOTH
def test_before_the_first_word_it_is_tried_again(server: ModelServer, model: Model, lacks: frozenset[str]) -> None:
    server.lacks = lacks
    server.plan(fails(500), hangs_up)
    server.always(says(TEXT))
    pieces, outcome = told(model)
    assert pieces == PIECES
    assert isinstance(outcome, Answer) and outcome.called.attempts == 3


@BOTH
def test_a_refusal_a_flood_and_silence_each_end_it(
    server: ModelServer, make: Make, monkeypatch: pytest.MonkeyPatch, lacks: frozenset[str]
) -> None:
    server.lacks = lacks
    model = make()
    told(model)
    monkeypatch.setattr("shared.models.wire.IDLE_SECONDS", 0.3)
    server.always(refuses)
    assert reason(told(make())[1]) == "refused"
    server.always(floods)
    pieces, outcome = told(make())
    assert (pieces, reason(outcome)) == ([], "too_large")
    server.always(slow(2, says(TEXT)))
    assert reason(told(make(), seconds=1)[1]) == "timeout"


@BOTH
def test_a_stream_that_is_left_early_is_not_left_half_read(server: ModelServer, lacks: frozenset[str]) -> None:
    """Else the garbage collector ends it, of any thread, perhaps while the stream's own is at it."""
    server.lacks = lacks
    server.always(says(TEXT))

    async def leave() -> list[AsyncGeneratorType[object, None]]:
        wire = Wire(Endpoint("test", SecretStr(KEY), server.url), utc_now)
        gc.disable()
        try:
            before = set(map(id, half_read()))
            stream = wire.tell(Rendered("Be brief.", "What is in line 3?"), 100, 5)
            await anext(stream)
            await stream.aclose()
            return [left for left in half_read() if id(left) not in before]
        finally:
            gc.enable()
            await wire.close()

    assert not asyncio.run(leave())


def half_read() -> list[AsyncGeneratorType[object, None]]:
    return [it for it in gc.get_objects() if isinstance(it, AsyncGeneratorType) and it.ag_frame is not None]


def test_an_error_within_the_stream_ends_it(server: ModelServer, model: Model) -> None:
    def breaks(exchange: Exchange) -> None:
        events = exchange.stream_of("One. Two. Three.")[:2]
        exchange.events([*events, {"type": "error", "message": "quoted", "code": None, "sequence_number": 2}])

    server.always(breaks)
    _, outcome = told(model)
    assert reason(outcome) == "server_error"


def test_an_empty_answer_is_none(server: ModelServer, model: Model) -> None:
    server.always(says(" \n"))
    assert reason(told(model)[1]) == "invalid"


def test_a_reader_that_goes_away_ends_the_call_and_it_is_paid_for(server: ModelServer, model: Model) -> None:
    def long(exchange: Exchange) -> None:
        exchange.events(exchange.stream_of("One more. " * 2_000, 10), pause=0.01)

    server.always(long)
    telling = model.tell(prompt(seconds=30), INPUTS, who=ANA, now=NOW, check=lambda _: True)
    for _ in telling:
        break
    assert reason(telling.outcome) == "cut"
    assert isinstance(telling.outcome, NoAnswer) and telling.outcome.called is not None
    assert telling.outcome.called.cost > 0


def test_what_was_told_before_is_told_from_memory_and_checked_again(server: ModelServer, model: Model) -> None:
    server.always(says(TEXT))
    told(model)
    pieces, outcome = told(model)
    assert pieces == PIECES
    assert isinstance(outcome, Answer) and outcome.called.outcome == "cached"
    assert (outcome.called.cost, len(server.received)) == (0, 1)
    assert reason(told(model, lambda _: False)[1]) == "objected"


def test_a_telling_is_read_once(server: ModelServer, model: Model) -> None:
    server.always(says(TEXT))
    telling = model.tell(prompt(), INPUTS, who=ANA, now=NOW, check=lambda _: True)
    assert reason_before(telling.outcome) == "cut"
    assert list(telling) == PIECES
    assert list(telling) == []
    assert isinstance(telling.outcome, Answer)


def reason_before(outcome: Answer[str] | NoAnswer) -> str:
    assert isinstance(outcome, NoAnswer)
    return outcome.reason


def test_a_check_that_fails_is_the_asker_s_own_error_and_ends_the_call(server: ModelServer, model: Model) -> None:
    server.always(says(TEXT))

    def check(text: str) -> bool:
        raise ZeroDivisionError(text)

    with pytest.raises(ZeroDivisionError):
        told(model, check)


def test_without_a_model_nothing_is_told() -> None:
    telling = NoModel().tell(prompt(), INPUTS, who=ANA, now=NOW, check=lambda _: True)
    assert list(telling) == []
    assert isinstance(telling.outcome, NoAnswer) and telling.outcome.reason == "no_model"
    assert telling.outcome.called is None


def test_a_text_that_no_model_was_asked_for_is_not_read_to_its_end(server: ModelServer, model: Model) -> None:
    server.always(says("a. " * 20_000))
    pieces, outcome = told(model)
    assert reason(outcome) == "too_large"
    assert len("".join(pieces)) <= 100 * 16


def test_a_flood_without_an_end_costs_little_time() -> None:
    began = time.process_time()
    for part in ("x" * 64, " " * 64, "a.", ". "):
        sentences = Sentences()
        for _ in range(2_000):
            list(sentences.feed(part))
    assert time.process_time() - began < 3


@given(st.lists(st.text("ab.?!\n 1", max_size=8), max_size=20))
def test_sentences_joined_are_the_text_however_it_arrives(parts: list[str]) -> None:
    sentences = Sentences()
    pieces = [piece for part in parts for piece in sentences.feed(part)]
    pieces.append(sentences.rest())
    assert "".join(pieces) == "".join(parts)
    assert all(pieces[:-1])
