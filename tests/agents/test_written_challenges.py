"""A challenge written for one order: proven on the spot, or refused with reasons that its writer can act on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from people import TODAY, goal

from functions.challenges.agent import LAST_ROUND, Context, decide
from functions.challenges.proving import InSandbox
from functions.challenges.writing import REASONS, WORDS, Draft, Nothing
from graph.decision import Decision
from graph.edges import after_challenge
from graph.state import Order, State
from shared.curriculum import Challenge, load
from shared.curriculum.document import parse
from shared.events.catalogue.teaching import (
    ChallengeProposed,
    ChallengeRejected,
    ChallengeVerified,
    ChallengeWritten,
    GoalAssigned,
)
from shared.proof.ledger import built_in
from shared.proof.prove import LIMITS
from shared.sandbox import Sandbox

BANK = load()
SOUND = replace(BANK.challenges["cable-car"], slug="written-fares")
WEAK = replace(SOUND, cases=tuple(c for c in SOUND.cases if c.id in ("school-child", "newborn", "adult", "very-old")))
WRONG = replace(SOUND, reference=SOUND.reference.replace("return 7", "return 8"))
LYING = replace(SOUND, statement={**SOUND.statement, "en": SOUND.statement["en"].replace("\n7\n", "\n8\n")})


@pytest.fixture(scope="module")
def prover() -> InSandbox:
    return InSandbox(Sandbox(limits=LIMITS))


@dataclass
class Author:
    """Writes its drafts one after the other, and keeps what it was told."""

    drafts: Sequence[Challenge]
    told: list[list[str]] = field(default_factory=list)

    def draft(self, order: Order) -> Draft | Nothing:
        self.told.append(list(order.get("refused", [])))
        at = order["round"] - 1
        return Draft(self.drafts[at], "model") if at < len(self.drafts) else Nothing("no idea")


ORDER = Order(
    goal="g-new", kind="course", concept="conditionals", day=TODAY.isoformat(), minutes=30, because="next",
    difficulty=0.3, avoid=[], round=1, unfit=True,
)  # fmt: skip


def rounds(author: Author, prover: InSandbox) -> list[Decision]:
    """As the graph would have it: each decision's edge says what comes next."""
    decisions, order = [], ORDER
    while True:
        decisions.append(decide(Context("ana", order, BANK, [], built_in(), author, prover)))
        (made,) = decisions[-1].update["made"]
        following = after_challenge(State(learner="ana"), made)
        sends = following if isinstance(following, list) else []
        if not sends or sends[0].node != "challenges":
            return decisions
        order = sends[0].arg["order"]


def test_the_reasons_of_each_refusal_reach_the_writer_until_its_draft_is_proven(prover: InSandbox) -> None:
    author = Author([WRONG, LYING, SOUND])
    first, second, third = rounds(author, prover)
    assert author.told[0] == []
    wrong = "reference_fails: the reference fails case `school-child`: `fare(10)` gives `8`, expected `7`"
    assert author.told[1][0] == wrong
    assert author.told[2] == ["lying_example: the statement (en): `fare(10)` gives `7`, the text says `8`"]
    for refused in (first, second):
        assert [type(said.body) for said in refused.events] == [ChallengeWritten, ChallengeProposed, ChallengeRejected]
    written, proposed, verified, assigned = (said.body for said in third.events)
    assert isinstance(written, ChallengeWritten)
    assert parse(written.document, slug="written-fares", curriculum=BANK) == SOUND
    assert isinstance(proposed, ChallengeProposed)
    assert isinstance(verified, ChallengeVerified)
    assert isinstance(assigned, GoalAssigned)
    assert (proposed.origin, assigned.challenge) == ("model", "written-fares")
    assert verified.evidence["kill_ratio"] >= 0.85


def test_cases_that_are_only_missing_are_found_and_added(prover: InSandbox) -> None:
    (only,) = rounds(Author([WEAK]), prover)
    written, _, verified, _ = (said.body for said in only.events)
    assert isinstance(written, ChallengeWritten)
    assert isinstance(verified, ChallengeVerified)
    kept = parse(written.document, slug="written-fares", curriculum=BANK)
    assert kept.cases[: len(WEAK.cases)] == WEAK.cases
    assert len(kept.cases) == verified.evidence["cases"] > len(WEAK.cases)
    assert not any(case.visible for case in kept.cases[len(WEAK.cases) :])


def test_a_writer_that_never_gets_it_right_is_asked_three_times_and_no_more(prover: InSandbox) -> None:
    author = Author([LYING] * 10)
    decisions = rounds(author, prover)
    assert len(decisions) == LAST_ROUND
    assert not any(isinstance(said.body, GoalAssigned) for decision in decisions for said in decision.events)


def test_a_writer_without_an_idea_ends_the_order_at_once(prover: InSandbox) -> None:
    (only,) = rounds(Author([]), prover)
    assert only.update["made"][0]["ok"] is False


def test_what_goes_back_is_bounded(prover: InSandbox) -> None:
    poor = replace(SOUND, cases=SOUND.cases[:1], hints={"en": (), "es": ()}, title={"en": "", "es": ""})
    author = Author([poor, replace(poor, reference="def fare(age):\n" + "    age += 1\n" * 100 + "    return age\n")])
    rounds(author, prover)
    assert 1 <= len(author.told[1]) <= REASONS
    assert all(len(reason) <= WORDS for reason in author.told[1])


def test_an_order_carried_out_already_asks_nobody(prover: InSandbox) -> None:
    author = Author([SOUND])
    there = goal(goal="g-new", challenge="coin-jar")
    assert decide(Context("ana", ORDER, BANK, [there], built_in(), author, prover)).events == ()
    assert author.told == []


@pytest.mark.parametrize(
    "reference",
    ["import os\nos._exit(0)\n", "while True:\n    pass\n", "def fare(age):\n    return open('/etc/passwd').read()\n"],
)
def test_a_hostile_draft_is_refused_like_any_other(reference: str, prover: InSandbox) -> None:
    (first, *_) = rounds(Author([replace(SOUND, reference=reference)]), prover)
    assert isinstance(first.events[-1].body, ChallengeRejected)
