"""What each type of event rests on: a table from type to the events that say so, each with the part it plays.

    cause      what led to it                       measured   an attempt, measured
    evidence   what it names as its evidence        run        the attempt itself
    help       hints given before                   doubt      the learner's own "this is wrong"
    terms      the contract's terms as they stood   plan       the plan that asked for it
    rests_on   what moved in the same interaction   goal       the goal it is about
    profile    what the learner said of themselves  proof      why a challenge may be given to anybody
    figure     how difficult it turned out to be

A type that is not in the table rests on its evidence and its cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from functions.api.why.look import Look
from shared.events.record import Event

Role = Literal[
    "asked", "cause", "evidence", "measured", "run", "help", "doubt", "terms", "plan", "rests_on", "goal", "profile",
    "proof", "figure",
]  # fmt: skip
MOST_EVIDENCE = 20


class Link(NamedTuple):
    role: Role
    event: Event


Links = Callable[[Event, Look], Iterable[Link]]
TERMS = ("contract.amended", "contract.signed")
MOVED = ("mastery.changed", "state.changed", "mood.observed", "contract.changed", "evaluation.summarised", "review.due")


def links(event: Event, look: Look) -> list[Link]:
    """What `event` rests on, the most telling first; nothing twice, and never itself."""
    found: dict[str, Link] = {}
    for link in TABLE.get(_name(event), _plain)(event, look):
        if link.event.id != event.id:
            found.setdefault(link.event.id, link)
    return list(found.values())


def _name(event: Event) -> str:
    return event.type.removeprefix("goals.")


def _as(role: Role, events: Iterable[Event]) -> Iterator[Link]:
    return (Link(role, event) for event in events)


def _cause(event: Event, look: Look) -> Iterator[Link]:
    if event.causation is None:
        return
    for cause in look.ids([event.causation]):
        yield Link("run" if _name(cause) == "run.finished" else "cause", cause)


def _plain(event: Event, look: Look) -> Iterator[Link]:
    evidence = event.data.get("evidence")
    if isinstance(evidence, list):
        yield from _as("evidence", look.ids(evidence[:MOST_EVIDENCE]))
    yield from _cause(event, look)


def _of_run(run: Event, look: Look) -> list[Event]:
    """The evaluation of a run."""
    goal = run.data.get("goal")
    found = look.stream(f"goal/{goal}") if goal else []
    return [e for e in found if _name(e) == "evaluation.recorded" and e.causation == run.id]


def _measured(ids: Iterable[str], look: Look) -> Iterator[Link]:
    """What evidence measured: the evaluation where a run is named, a doubt as what it is, else the event itself."""
    for event in look.ids(list(ids)[:MOST_EVIDENCE]):
        match _name(event):
            case "run.finished":
                evaluations = _of_run(event, look)
                yield from _as("measured", evaluations) if evaluations else _as("run", [event])
            case "evaluation.recorded":
                yield Link("measured", event)
            case "mastery.questioned":
                yield Link("doubt", event)
                yield from _as("measured", (e for e in look.way(event) if _withdrawn_by(e, event)))
            case _:
                yield Link("evidence", event)


def _withdrawn_by(event: Event, question: Event) -> bool:
    return _name(event) == "evaluation.withdrawn" and event.causation == question.id


def _evaluation(event: Event, look: Look) -> Iterator[Link]:
    yield from _cause(event, look)
    stream = look.stream(f"goal/{event.data['goal']}")
    runs = look.ids([event.causation] if event.causation else [])
    at = runs[0].time if runs else event.time
    given = [e for e in stream if _name(e) == "hint.given" and e.time <= at]
    yield from _as("help", given[-1:])
    yield from _as("goal", (e for e in stream if _name(e) == "goal.assigned"))


def _mastery(event: Event, look: Look) -> Iterator[Link]:
    yield from _measured(event.data["evidence"], look)
    yield from _cause(event, look)


def _withdrawn(event: Event, look: Look) -> Iterator[Link]:
    yield from _as("measured", look.ids([event.data["evaluation"]]))
    yield from _cause(event, look)


def _answered(event: Event, look: Look) -> Iterator[Link]:
    yield from _as("doubt", look.ids([event.data["question"]]))
    same = [e for e in look.way(event) if e.causation == event.data["question"] and e.position < event.position]
    yield from _as("rests_on", (e for e in same if _name(e) in ("evaluation.withdrawn", "mastery.changed")))
    yield from _measured(event.data["evidence"], look)


def _summary(event: Event, look: Look) -> Iterator[Link]:
    yield from _measured(event.data["evidence"], look)
    yield from _cause(event, look)


def _review(event: Event, look: Look) -> Iterator[Link]:
    for link in _cause(event, look):
        yield from _as("measured", _of_run(link.event, look))
        yield link


def _state(event: Event, look: Look) -> Iterator[Link]:
    data = event.data
    for link in _plain(event, look):
        if link.event.type == "goals.run.finished":
            yield from _as("measured", _of_run(link.event, look))
        yield link
    match data["entity"]:
        case "goal":
            yield from _as("goal", (e for e in look.stream(f"goal/{data['id']}") if _name(e) == "goal.assigned"))
        case "review":
            mine = look.newest(["review.due"], event.position, lambda e: e.data["concept"] == data["id"])
            yield from _as("rests_on", mine)
        case "course" | "enrolment":
            yield from _as("rests_on", (e for e in look.way(event) if _before(e, event, ("mastery.changed",))))
            if data["after"] in ("ended", "active"):
                yield from _as("terms", look.newest(TERMS, event.position))
        case _:
            return


def _before(event: Event, other: Event, names: tuple[str, ...]) -> bool:
    return event.position < other.position and _name(event) in names


def _plan(event: Event, look: Look) -> Iterator[Link]:
    yield from _as("rests_on", (e for e in look.way(event) if _before(e, event, MOVED)))
    yield from _cause(event, look)
    yield from _as("profile", look.newest(["profile.stated"], event.position))
    yield from _as("terms", look.newest(TERMS, event.position))


def _assigned(event: Event, look: Look) -> Iterator[Link]:
    goal, challenge = event.data["goal"], event.data["challenge"]
    planned = look.newest(["plan.changed"], event.position, lambda e: goal in {g["goal"] for g in e.data["goals"]})
    yield from _as("plan", planned)
    proofs = ("challenge.verified", "challenge.rejected")
    yield from _as("proof", (e for e in look.way(event) if _name(e) in proofs and e.data["challenge"] == challenge))
    said = [e for e in look.stream(f"challenge/{challenge}") if _before(e, event, ("challenge.measured",))]
    yield from _as("figure", [e for e in said[-1:] if e.data["version"] == event.data["challenge_version"]])
    yield from _cause(event, look)


def _figure(event: Event, look: Look) -> Iterator[Link]:
    """The figure that held before it."""
    stream = look.stream(f"challenge/{event.data['challenge']}")
    yield from _as("figure", [e for e in stream if _before(e, event, ("challenge.measured",))][-1:])


def _access(event: Event, look: Look) -> Iterator[Link]:
    yield from _as("terms", look.newest([*TERMS, "contract.accepted"], event.position))
    if event.data.get("reason") in ("terms_not_accepted", "consent_missing"):
        yield from _as("terms", look.newest(TERMS, event.position))
    if event.data.get("reason") == "not_enrolled":
        left = look.newest(["state.changed"], event.position, lambda e: e.data["entity"] == "enrolment")
        yield from _as("rests_on", left)
    if event.data.get("reason") == "goal_closed":
        mine = look.newest(["state.changed"], event.position, lambda e: e.data["id"] == event.data["goal"])
        yield from _as("rests_on", mine)
    yield from _cause(event, look)


def _contract(event: Event, look: Look) -> Iterator[Link]:
    """The terms it speaks of, and those before them."""
    stream = [e for e in look.stream(f"contract/{event.data['contract']}") if e.position < event.position]
    stated = [e for e in stream if _name(e) in TERMS]
    yield from _as("terms", reversed(stated[-2:] if _name(event) == "contract.changed" else stated[-1:]))
    yield from _cause(event, look)


def _refund(event: Event, look: Look) -> Iterator[Link]:
    yield from _cause(event, look)
    yield from _contract(event, look)


def _hint(event: Event, look: Look) -> Iterator[Link]:
    stream = look.stream(f"goal/{event.data['goal']}")
    yield from _as("help", [e for e in stream if _before(e, event, ("hint.given",))][-1:])
    yield from _cause(event, look)


TABLE: Mapping[str, Links] = {
    "access.denied": _access,
    "access.granted": _access,
    "challenge.measured": _figure,
    "contract.accepted": _contract,
    "contract.amended": _contract,
    "contract.changed": _contract,
    "contract.expiring": _contract,
    "contract.kept": _contract,
    "evaluation.recorded": _evaluation,
    "evaluation.summarised": _summary,
    "evaluation.withdrawn": _withdrawn,
    "goal.assigned": _assigned,
    "hint.given": _hint,
    "mastery.answered": _answered,
    "mastery.changed": _mastery,
    "plan.changed": _plan,
    "quota.refunded": _refund,
    "review.due": _review,
    "state.changed": _state,
}
