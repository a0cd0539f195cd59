"""A model writes what the bank does not have: over the wire, proven by running it, for one learner, never told."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from test_day_through_the_graph import Day, day, placed  # noqa: F401  `day` is a fixture

from functions.api.words import put_back
from functions.challenges import function as challenges
from functions.planner import function as planner
from graph import entries
from graph.decision import Decision
from graph.edges import after_challenge
from graph.state import Order, State
from shared.curriculum import Challenge, load
from shared.events.catalogue.contracts import ContractSigned, Terms
from shared.events.catalogue.interactions import WishStated
from shared.events.catalogue.learners import LearnerRegistered
from shared.events.catalogue.teaching import GoalAssigned
from shared.events.data import Data
from shared.events.record import new_event
from shared.ids import new_id
from shared.models import LentModel
from shared.readmodel import READ_MODEL, View
from shared.readmodel.challenges import challenge_of, title_of
from shared.store import Store, connect, payloads
from shared.store.connect import Connection
from shared.store.log import everything
from tests.models.conftest import Make
from tests.models.server import ModelServer, Received, fails, floods, refuses, replies, says

BANK = load()
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LOCKERS: dict[str, Any] = {
    "title": "Swimming pool lockers",
    "statement": "A swimming pool has a row of lockers. `taken` lists the numbers of those in use, in any order and "
    "perhaps twice; the row begins with number 1 and has `size` lockers. Return the lowest number that is free, or 0 "
    "when all of them are in use.\n\n```python\n>>> first_free([2, 1, 4], 5)\n3\n>>> first_free([1, 2], 2)\n0\n```\n",
    "entry": "first_free",
    "starter": "def first_free(taken, size):\n    pass\n",
    "reference": "def first_free(taken, size):\n    for number in range(1, size + 1):\n"
    "        if number not in taken:\n            return number\n    return 0\n",
    "subtasks": [{"id": "free", "title": "A locker is free"}, {"id": "full", "title": "None is free"}],
    "cases": [
        {"id": "gap", "subtask": "free", "visible": True, "args": "[[2, 1, 4], 5]", "expected": "3"},
        {"id": "nobody", "subtask": "free", "visible": True, "args": "[[], 3]", "expected": "1"},
        {"id": "last", "subtask": "free", "visible": False, "args": "[[1, 2, 3], 4]", "expected": "4"},
        {"id": "twice", "subtask": "free", "visible": False, "args": "[[1, 1], 3]", "expected": "2"},
        {"id": "all", "subtask": "full", "visible": True, "args": "[[1, 2], 2]", "expected": "0"},
        {"id": "no-row", "subtask": "full", "visible": False, "args": "[[], 0]", "expected": "0"},
    ],
    "hints": [
        "This is about walking through a range of numbers with a loop.",
        "Which numbers can be the answer, and in which order would you ask about them?",
        "Look at what happens after the loop when every locker is in use.",
        "Go through the numbers from the first to the last; answer with the first that nobody has, else with none.",
        "Another problem, the first even number of a list:\n\n```python\ndef first_even(numbers):\n"
        "    for n in numbers:\n        if n % 2 == 0:\n            return n\n    return None\n```",
    ],
}
for _case in LOCKERS["cases"]:
    _case |= {"raises": None, "compare": "exact"}
SPANISH = LOCKERS | {
    "title": "Las taquillas de la piscina",
    "statement": "Una piscina tiene una fila de taquillas. `taken` dice los números de las que están en uso, en "
    "cualquier orden y quizá dos veces; la fila empieza con el número 1 y tiene `size` taquillas. Devuelve el número "
    "más bajo que está libre, o 0 si todas están en uso.\n\n```python\n>>> first_free([2, 1, 4], 5)\n3\n```\n",
    "subtasks": [{"id": "free", "title": "Hay una libre"}, {"id": "full", "title": "No hay ninguna libre"}],
    "hints": [
        "Se trata de recorrer un rango de números con un bucle.",
        "¿Qué números pueden ser la respuesta, y en qué orden preguntarías por ellos?",
        "Mira qué pasa después del bucle cuando todas están en uso.",
        "Recorre los números del primero al último; responde con el primero que nadie tiene, y si no hay, con cero.",
        "Otro problema, el primer número par de una lista:\n\n```python\ndef first_even(numbers):\n"
        "    for n in numbers:\n        if n % 2 == 0:\n            return n\n    return None\n```",
    ],
}
ORDER = Order(
    goal="g-new", kind="course", concept="loops", day="2026-11-23", minutes=10, because="written for you",
    difficulty=0.4, avoid=[], round=1, unfit=True,
)  # fmt: skip


def changed(**fields: Any) -> dict[str, Any]:
    return copy.deepcopy(LOCKERS) | fields


class Desk:
    """The node `challenges` with a model behind the wire, on a real store, sent on as the graph would."""

    def __init__(self, conn: Connection, model: LentModel) -> None:
        self.conn, self.view = conn, View(conn)
        self.body = challenges.asking(model)
        self.store = Store(READ_MODEL, entries.thread_of, entries.wake)

    def record(self, *bodies: Data) -> None:
        for body in bodies:
            event = new_event(body, id=new_id(), source="/test", subject="ana", time=NOW, correlation="k")
            with self.conn.transaction():
                self.store.append_one(self.conn, [event])

    def node(self, order: Order) -> Decision:
        decision = self.body(State(learner="ana", tenant="public", order=order), self.view, NOW)
        self.record(*(said.body for said in decision.events))
        return decision

    def rounds(self) -> list[Decision]:
        decisions, order = [], ORDER
        while True:
            decisions.append(self.node(order))
            (made,) = decisions[-1].update["made"]
            following = after_challenge(State(learner="ana"), made)
            sends = following if isinstance(following, list) else []
            if not sends or sends[0].node != "challenges":
                return decisions
            order = sends[0].arg["order"]

    def said(self) -> list[str]:
        return [e.type.removeprefix("goals.") for e in everything(self.conn)]

    def reasons(self) -> list[str]:
        rejected = [e for e in everything(self.conn) if e.type == "goals.challenge.rejected"]
        return [reason for e in rejected for reason in e.data["reasons"]]


@pytest.fixture
def desk(database: str, make: Make) -> Iterator[Desk]:
    model = LentModel()
    model.lend(make())
    with connect(database) as conn:
        found = Desk(conn, model)
        found.record(LearnerRegistered(name="Ana"))
        yield found


def test_what_the_bank_does_not_have_is_written_proven_and_assigned(desk: Desk, server: ModelServer) -> None:
    server.plan(says(LOCKERS))
    (decision,) = desk.rounds()
    (made,) = decision.update["made"]
    assert made["ok"]
    assert desk.said()[1:] == [
        "model.called", "challenge.written", "challenge.proposed", "challenge.verified", "goal.assigned",
    ]  # fmt: skip
    goal = desk.view.goal("g-new")
    challenge = challenge_of(desk.view, BANK, goal)
    assert goal is not None
    assert challenge is not None
    assert goal.challenge == challenge.slug
    assert challenge.slug.startswith("written-")
    assert (challenge.concepts, challenge.kinds, challenge.minutes, challenge.difficulty) == (
        ("loops",),
        ("course",),
        10,
        0.4,
    )
    assert challenge.reference == LOCKERS["reference"]
    assert title_of(desk.view, BANK, "ana", challenge.slug, "en") == "Swimming pool lockers"


def test_it_is_told_the_lesson_and_what_the_learner_had_and_nothing_of_who_they_are(
    desk: Desk, server: ModelServer
) -> None:
    server.plan(says(LOCKERS))
    desk.rounds()
    asked = server.received[0]
    assert BANK.concepts["loops"].lesson["en"][:200].strip() in asked.request
    assert '"Loops"' in asked.system
    assert "Ana" not in asked.request + asked.system


def test_no_client_and_no_other_learner_is_given_the_document_and_erasure_takes_it(
    desk: Desk, server: ModelServer
) -> None:
    server.plan(says(LOCKERS))
    desk.rounds()
    goal = desk.view.goal("g-new")
    assert goal is not None
    for whole in (False, True):
        events = everything(desk.conn)
        put_back(desk.conn, "ana", events, whole=whole)
        assert "number not in taken" not in json.dumps([e.data for e in events])
    assert desk.view.written("bob", goal.challenge) == ""
    with desk.conn.transaction():
        payloads.erase(desk.conn, "ana")
    assert challenge_of(desk.view, BANK, goal) is None


def test_reasons_and_the_draft_before_go_back_until_it_is_right(desk: Desk, server: ModelServer) -> None:
    lying = changed(statement=LOCKERS["statement"].replace("5)\n3", "5)\n2"))
    unreadable = changed(cases=[*LOCKERS["cases"][:-1], LOCKERS["cases"][-1] | {"args": "[[], None]"}])
    server.plan(says(unreadable), says(lying), says(LOCKERS))
    first, second, third = desk.rounds()
    assert [d.update["made"][0]["ok"] for d in (first, second, third)] == [False, False, True]
    requests = [received.request for received in server.received]
    assert "cases[5].args: this is not JSON" in requests[1]
    assert "lying_example: the statement (en): `first_free([2, 1, 4], 5)` gives `3`, the text says `2`" in requests[2]
    assert "number not in taken" in requests[2], "the draft that is to be mended"
    assert desk.said().count("challenge.rejected") == 2


HOSTILE = {
    "the solution in a hint": (
        changed(hints=[*LOCKERS["hints"][:3], "Write `if number not in taken:` and return it.", LOCKERS["hints"][4]]),
        "hint_gives_solution",
    ),
    "the solution as a comment of the starter": (
        changed(starter=LOCKERS["starter"] + "".join(f"# {line}\n" for line in LOCKERS["reference"].splitlines())),
        "solution_shown: the starter",
    ),
    "the solution in the statement": (
        changed(statement=LOCKERS["statement"] + "\n```python\n" + LOCKERS["reference"] + "```\n"),
        "solution_shown: the statement",
    ),
    "a link": (changed(statement="See https://evil.example/x first. " + LOCKERS["statement"]), "links: statement"),
    "rudeness": (changed(title="Lockers for idiots"), "manners: title"),
    "another language": (changed(statement=SPANISH["statement"]), "language: statement"),
    "a starter that solves it": (changed(starter=LOCKERS["reference"]), "solution_shown: the starter"),
    "a reference that attacks": (
        changed(reference="import os\ndef first_free(taken, size):\n    os.system('id')\n    return 0\n"),
        "reference_fails",
    ),
    "a reference without end": (
        changed(reference="def first_free(taken, size):\n    while True:\n        pass\n"), "reference_fails",
    ),
    "no function of that name": (changed(entry="other"), "unreadable"),
    "a template": (changed(starter="def first_free(taken, size):\n    return {{x}}\n"), "unreadable"),
    "a case of no sub-task": (
        changed(cases=[c | {"subtask": "elsewhere"} for c in LOCKERS["cases"]]), "unreadable",
    ),
    "values beyond JSON": (changed(cases=[c | {"expected": "NaN"} for c in LOCKERS["cases"]]), "unreadable"),
    "nesting without end": (
        changed(cases=[c | {"args": "[" * 1_900 + "]" * 1_900} for c in LOCKERS["cases"]]), "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_wrong_or_hostile_is_refused_with_its_reason_each_time_and_nothing_is_assigned(
    name: str, desk: Desk, server: ModelServer
) -> None:
    draft, reason = HOSTILE[name]
    server.always(says(draft))
    assert len(desk.rounds()) == 3
    assert any(said.startswith(reason) for said in desk.reasons()), desk.reasons()
    assert "goal.assigned" not in desk.said()


@pytest.mark.parametrize(
    "behaviour",
    [
        fails(500),
        fails(429, headers={"Retry-After": "600"}),
        refuses,
        floods,
        says("no JSON at all"),
        says({"title": 1}),
    ],
    ids=["500", "429", "refuses", "floods", "prose", "another form"],
)
def test_a_model_that_is_down_or_wrong_ends_the_order_and_says_so(
    behaviour: Callable[..., Any], desk: Desk, server: ModelServer
) -> None:
    server.always(behaviour)
    (only,) = desk.rounds()
    assert not only.update["made"][0]["ok"]
    assert desk.said()[1:] == ["model.called", "challenge.rejected"]
    assert desk.reasons()[0].startswith("no challenge was written: ")


def test_terms_that_ask_for_a_consent_to_models_are_kept(desk: Desk, server: ModelServer) -> None:
    terms = Terms(starts=NOW, ends=NOW.replace(year=2027), consents=("models",))
    desk.record(ContractSigned(contract="c", organisation="acme", terms=terms))
    (only,) = desk.rounds()
    assert server.received == []
    assert only.update["made"][0]["challenge"] in BANK.challenges, "the bank answers what it can"


def test_a_learner_who_reads_spanish_is_given_it_in_spanish(database: str, make: Make, server: ModelServer) -> None:
    model = LentModel()
    model.lend(make())
    server.always(replies(lambda asked: SPANISH if "in Spanish" in asked.system else LOCKERS))
    with connect(database) as conn:
        desk = Desk(conn, model)
        desk.record(LearnerRegistered(name="Ana", language="es"))
        (only,) = desk.rounds()
        assert only.update["made"][0]["ok"], desk.reasons()
        challenge = challenge_of(desk.view, BANK, desk.view.goal("g-new"))
    assert challenge is not None
    assert challenge.title["es"] == "Las taquillas de la piscina"


def test_two_orders_of_one_learner_are_two_questions(desk: Desk, server: ModelServer) -> None:
    asked: list[str] = []

    def answer(received: Received) -> object:
        asked.append(received.request)
        return LOCKERS

    server.always(replies(answer))
    desk.node(ORDER)
    desk.node(Order(**{**ORDER, "goal": "g-other"}))
    assert len(asked) == 2
    assert "Swimming pool lockers" in asked[1], "so that it writes another"


def test_a_wish_the_bank_cannot_serve_is_written_worked_on_and_measured(
    day: Day,  # noqa: F811
    make: Make,
    server: ModelServer,
) -> None:
    """Through the whole graph: wish, plan, order, proof, goal, page, wrong run with feedback, right run, mastery."""
    model = LentModel()
    model.lend(make())
    for node in (planner, challenges):
        day.bodies[node.__name__.split(".")[1]] = node.asking(model)
    day.rebuild()
    server.always(says(LOCKERS))
    placed(day)
    for challenge in BANK.challenges_of("loops"):
        for variant in [v.id for v in challenge.variants] or [None]:
            if challenge.concept == "loops":
                day.happens(had(challenge, variant))
    day.happens(WishStated(concept="loops"))
    goal = day.first(kind="wish")
    assert goal.goal in {line["goal"] for line in day.plan.goals}
    assert "written for you" in goal.because
    challenge = challenge_of(day.view, BANK, goal)
    assert challenge is not None
    assert day.said("challenge.written")[0]["goal"] == goal.goal
    assert any(page["goal"] == goal.goal for page in day.said("lesson.written"))
    server.always(fails(500))
    day.runs(goal, right=False, challenge=challenge)
    assert day.said("feedback.given")[-1]["goal"] == goal.goal
    day.runs(day.first(goal=goal.goal), right=True, challenge=challenge)
    assert day.first(goal=goal.goal).state == "solved"
    assert [e["goal"] for e in day.said("evaluation.recorded")][-2:] == [goal.goal, goal.goal]


def had(challenge: Challenge, variant: str | None) -> GoalAssigned:
    """Given long ago."""
    return GoalAssigned(
        goal=f"g-{challenge.slug}-{variant}", kind="skill", challenge=challenge.slug,
        challenge_version=challenge.version, variant=variant, course=challenge.course, concepts=challenge.concepts,
        difficulty=challenge.difficulty, day=date(2026, 10, 1), minutes=challenge.minutes, because="",
    )  # fmt: skip
