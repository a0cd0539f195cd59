"""How each event moves the read model. A table from type to a function; a type that is not in it moves nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, LiteralString

from shared.events.record import Event
from shared.store import projections
from shared.store.projections import ReadModel, Statement
from shared.store.queries import load

_FOLDER = Path(__file__).parent
SQL = load(_FOLDER / "queries.sql")
Handler = Callable[[Event, dict[str, Any]], Iterable[Statement]]


def learner_registered(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield (
        SQL["learner_registered"],
        (e.subject, e.tenant, d["name"], e.time, d["language"], d["timezone"], e.time),
    )


def learner_erased(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["learner_erased"], (e.subject,)


def profile_stated(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield (
        SQL["profile_stated"],
        (d["target"], d["level"], d["minutes"], d["timezone"], d["language"], d["days_off"],
         d["consent_mood"], d["consent_workspace"], json.dumps(d.get("minutes_on") or {}),
         d.get("job", ""), d["consent_workspace"], d["consent_workspace"], e.time, e.subject),
    )  # fmt: skip


def workspace_seen(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["workspace_seen"], (d["languages"], d["dependencies"], e.time, e.subject)


def workspace_forgotten(e: Event, _d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["workspace_forgotten"], (e.subject,)


def enrolment_started(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["enrolment_started"], (e.subject, d["course"], e.time, e.time)


def enrolment_asked(state: str) -> Handler:
    return lambda e, d: [(SQL["enrolment_asked"], (state, e.subject, d["course"]))]


def learning_paused(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["rest_ended"], (e.time, e.subject, e.id)
    yield SQL["learning_paused"], (e.id, e.subject, e.time, d["until"])
    yield SQL["learner_seen"], (e.time, e.subject)


def learning_resumed(e: Event, _d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["rest_ended"], (e.time, e.subject, "")
    yield SQL["learner_seen"], (e.time, e.subject)


def contract_signed(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    terms = json.dumps(d["terms"])
    yield SQL["contract_signed"], (d["contract"], e.subject, d["organisation"], terms, terms, e.time, e.time)


def contract_amended(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["contract_amended"], (json.dumps(d["terms"]), d["organisation"], e.time, d["contract"])


def contract_accepted(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["contract_accepted"], (d["version"], d["consents"], d["contract"], e.subject)


def contract_changed(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["contract_changed"], (d["contract"],)


def contract_kept(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["contract_kept"], (d["contract"],)


def contract_expiring(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["contract_expiring"], (d["state"], f"{d['state']} {d['ends']}", d["contract"])


def quota_refunded(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["quota_refunded"], (d["run"], d["contract"])


def goal_assigned(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield (
        SQL["goal_assigned"],
        (d["goal"], e.subject, d["kind"], d["challenge"], d["challenge_version"], d["variant"], d["course"],
         d["concepts"], d["difficulty"], d["day"], d["minutes"], d["because"], e.time),
    )  # fmt: skip


def goal_opened(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["goal_opened"], (e.time, d["goal"], e.subject)


def goal_resumed(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["goal_resumed"], {"at": e.time, "goal": d["goal"], "learner": e.subject}


def goal_swapped(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["goal_swapped"], (d.get("reason"), e.time, d["goal"], e.subject)


def hint_given(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["goal_hinted"], (d["rung"], d["goal"])
    yield SQL["hint_given"], (e.id, d["goal"], e.subject, d["rung"], e.time)


def run_finished(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield (
        SQL["run_finished"],
        (d["run"], e.id, d["goal"], e.subject, d["purpose"], d["passed"], d["failed"], d["total"], d["verdict"],
         d["signature"], d["code"], d["report"], d["fault"], e.time),
    )  # fmt: skip
    if not d["fault"]:
        yield (
            SQL["goal_ran"],
            {
                "at": e.time,
                "goal": d["goal"],
                "learner": e.subject,
                "passed": d["passed"],
                "failed": d["total"] - d["passed"],
                "total": d["total"],
                "signature": d["signature"],
            },
        )
    yield SQL["learner_seen"], (e.time, e.subject)


def evaluation_recorded(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    for key in sorted(d["deltas"]):
        yield SQL["rating_moves"], (key, d["deltas"][key])
    yield (
        SQL["evaluation_recorded"],
        (e.id, e.subject, d["challenge"], d["concepts"], d["run"], e.causation or "", d["purpose"], d["correct"],
         d["assisted"], d["expected"], d["score"], d["attempt"], d["seconds"], d.get("pace"), d["error"],
         json.dumps(d["deltas"]), e.time, d["goal"]),
    )  # fmt: skip


def evaluation_withdrawn(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    for key in sorted(d["deltas"]):
        yield SQL["rating_moves_back"], (d["deltas"][key], key)
    yield SQL["evaluation_withdrawn"], (e.time, d["evaluation"], e.subject)


def evaluation_summarised(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["evaluation_summarised"], (e.subject, d["day"], e.id, json.dumps(d))


def mastery_answered(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["mastery_answered"], (d["question"], e.subject, d["concept"], d["outcome"], d["rule"], e.time)


def mastery_changed(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield (
        SQL["mastery_changed"],
        (e.subject, d["concept"], d["after"], d["assisted"], d["unassisted"], d["uncertainty"], d["attempts"],
         d["evidence"], d["because"], e.time),
    )  # fmt: skip
    yield SQL["mastery_step"], (e.id, e.subject, d["concept"], d["before"], d["after"], d["because"], e.time)


def mastery_questioned(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["mastery_questioned"], (e.time, e.subject, d["concept"])


def plan_changed(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield (
        SQL["plan_changed"],
        (e.subject, d["day"], d["minutes"], json.dumps(d["goals"]), d["because"], d["mood"], e.version, e.time,
         d.get("to_write")),
    )  # fmt: skip


def review_due(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield (
        SQL["review_due"],
        (e.subject, d["concept"], d["due"], d["stability"], d["difficulty"], d["reviewed"]),
    )


def mood_asked(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["mood_asked"], (e.subject, e.time, e.id)
    yield from _attention(e)


def mood_answered(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["mood_answered"], {"learner": e.subject, "at": e.time, "answer": d["answer"]}


def mood_observed(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["mood_observed"], (e.subject, d["state"], d["effect"], e.time)


def motivation_given(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["spoken"], (e.subject, e.time)
    yield from _attention(e)


def help_offered(e: Event, _d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["spoken"], (e.subject, e.time)
    yield from _attention(e)


def progress_told(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["spoken"], (e.subject, e.time)
    yield SQL["progress_told"], (d["day"], e.subject)
    yield from _attention(e)


def support_pointed(e: Event, _d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["support_pointed"], (e.subject, e.time)
    yield from _attention(e)


def message_dismissed(e: Event, _d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["message_dismissed"], (e.subject, e.time)


def mood_forgotten(e: Event, _d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["mood_forgotten"], (e.subject,)


def _attention(e: Event) -> Iterable[Statement]:
    """Those written before the stream was their own stand in the learner's, whose versions are others."""
    if e.stream.startswith("attention/"):
        yield SQL["attention_moved"], (e.subject, e.version)


def feedback_given(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["feedback_given"], (d["goal"], e.time, d["run"], d["text"], d["cause"])


def challenge_written(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["challenge_written"], (d["challenge"], e.subject, d["goal"], d["document"])


def challenge_measured(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield (
        SQL["challenge_measured"],
        (d["challenge"], d["version"], d["difficulty"], d["uncertainty"], d["learners"], e.time),
    )
    yield SQL["rating_rebased"], (d["difficulty"] - d["before"], f"i:{d['challenge']}")


def lesson_written(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield (
        SQL["lesson_written"],
        (e.subject, d["page"], d["concept"], d["course"], d["goal"], d["anchor"], d["because"], e.time, d.get("words")),
    )


def wish_stated(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["wish_stated"], (e.id, e.subject, d["text"], d["concept"], e.time)


def wish_answered(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["wish_answered"], (d["outcome"], d["goal"], d["because"], d["wish"], e.subject)


def state_changed(e: Event, d: dict[str, Any]) -> Iterable[Statement]:
    yield SQL["state_changed"], (e.subject, d["entity"], d["id"], d["after"], d["because"], e.time)
    match d["entity"]:
        case "goal":
            yield SQL["goal_state"], (d["after"], d["after"], e.time, d["id"], e.subject)
        case "learner":
            yield SQL["learner_state"], (d["after"], e.subject)
        case "enrolment":
            moved = {"after": d["after"], "at": e.time, "learner": e.subject, "course": d["id"]}
            yield SQL["enrolment_state"], moved
        case _:
            return


HANDLERS: dict[str, Handler] = {
    "goals.learner.registered": learner_registered,
    "goals.learner.erased": learner_erased,
    "goals.profile.stated": profile_stated,
    "goals.workspace.seen": workspace_seen,
    "goals.workspace.forgotten": workspace_forgotten,
    "goals.enrolment.started": enrolment_started,
    "goals.enrolment.paused": enrolment_asked("paused"),
    "goals.enrolment.resumed": enrolment_asked("active"),
    "goals.enrolment.left": enrolment_asked("left"),
    "goals.contract.signed": contract_signed,
    "goals.contract.amended": contract_amended,
    "goals.contract.accepted": contract_accepted,
    "goals.contract.changed": contract_changed,
    "goals.contract.kept": contract_kept,
    "goals.contract.expiring": contract_expiring,
    "goals.quota.refunded": quota_refunded,
    "goals.goal.assigned": goal_assigned,
    "goals.goal.opened": goal_opened,
    "goals.goal.resumed": goal_resumed,
    "goals.goal.swapped": goal_swapped,
    "goals.learning.paused": learning_paused,
    "goals.learning.resumed": learning_resumed,
    "goals.hint.given": hint_given,
    "goals.run.finished": run_finished,
    "goals.evaluation.recorded": evaluation_recorded,
    "goals.evaluation.summarised": evaluation_summarised,
    "goals.evaluation.withdrawn": evaluation_withdrawn,
    "goals.mastery.answered": mastery_answered,
    "goals.mastery.changed": mastery_changed,
    "goals.mastery.questioned": mastery_questioned,
    "goals.plan.changed": plan_changed,
    "goals.review.due": review_due,
    "goals.mood.asked": mood_asked,
    "goals.mood.answered": mood_answered,
    "goals.mood.observed": mood_observed,
    "goals.motivation.given": motivation_given,
    "goals.help.offered": help_offered,
    "goals.progress.told": progress_told,
    "goals.support.pointed": support_pointed,
    "goals.message.dismissed": message_dismissed,
    "goals.mood.forgotten": mood_forgotten,
    "goals.feedback.given": feedback_given,
    "goals.challenge.written": challenge_written,
    "goals.challenge.measured": challenge_measured,
    "goals.lesson.written": lesson_written,
    "goals.wish.stated": wish_stated,
    "goals.wish.answered": wish_answered,
    "goals.state.changed": state_changed,
}


def apply(event: Event) -> Iterable[Statement]:
    """The statements one event makes. Data written by an older version is lifted to the newest first."""
    handler = HANDLERS.get(event.type)
    if handler is None:
        return ()
    from shared.events.upcast import lifted

    return handler(event, lifted(event.type, event.schema_version, event.data))


def _version() -> str:
    """A digest of what the tables come from: change the schema, a query or this file, and they are rebuilt."""
    digest = hashlib.sha256(Path(projections.__file__).read_bytes())
    for name in ("schema.sql", "queries.sql", "projections.py"):
        digest.update((_FOLDER / name).read_bytes())
    return digest.hexdigest()[:12]


_DDL: LiteralString = (_FOLDER / "schema.sql").read_text("utf-8")  # constant text of ours

READ_MODEL = ReadModel(version=_version(), ddl=_DDL, apply=apply)
