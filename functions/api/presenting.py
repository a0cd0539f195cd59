"""Rows of the read model and of the curriculum as the API shows them, in the learner's language. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from functions.api.models.goals import CaseView, GoalSummary, PageLink, RungView, RunView, SeenCase, SubTaskView
from functions.api.models.learning import (
    ConceptView,
    CourseView,
    DayOfWork,
    EventView,
    MasteryView,
    ModuleView,
    PlannedView,
    PlanView,
    ReviewView,
    Streak,
)
from functions.api.outcome import failing
from functions.courses.placing import Place
from shared.clock import rfc3339
from shared.curriculum import Case, Challenge, Course, Curriculum, text
from shared.events.codec import schema_uri
from shared.events.record import Event
from shared.judging import expectation, written
from shared.planning import explained
from shared.readmodel import rows
from shared.streak import running
from shared.xapi import Names

UNFINISHED = ("open", "stuck", "paused")


def goal(row: rows.Goal, title: str) -> GoalSummary:
    return GoalSummary(
        goal=row.goal,
        kind=row.kind,
        title=title,
        challenge=row.challenge,
        course=row.course,
        concepts=row.concepts,
        difficulty=row.difficulty,
        minutes=row.minutes,
        day=row.day,
        state=row.state,
        because=row.because,
        runs=row.runs,
        hints=row.hints,
        best=row.best,
        total=row.total,
        assigned=row.assigned,
        opened=row.opened,
        closed=row.closed,
    )


def todays(goals: Iterable[rows.Goal], today: date) -> list[rows.Goal]:
    """Those of today, and those of earlier days that are being worked on."""
    return [g for g in goals if g.day == today or (g.day < today and g.state in UNFINISHED)]


def subtasks(challenge: Challenge, language: str) -> list[SubTaskView]:
    return [SubTaskView(id=s.id, title=text(s.title, language)) for s in challenge.subtasks]


def case(row: Case, language: str) -> CaseView:
    """`language`: of the challenge."""
    return CaseView(
        id=row.id,
        subtask=row.subtask,
        text=written(row, language),
        call=row.call,
        args=list(row.args),
        kwargs=dict(row.kwargs),
        stdin=row.stdin,
        files=dict(row.files),
        expected=row.expected,
        raises=row.raises,
        prints=row.prints,
        expects=expectation(row, language),
        compare=row.compare,
        tolerance=row.tolerance,
    )


def run(row: rows.Run, texts: Mapping[str, str], *, with_code: bool) -> RunView:
    return RunView(
        run=row.run,
        purpose=row.purpose,
        passed=row.passed,
        failed=row.failed,
        total=row.total,
        verdict=row.verdict,
        fault=row.fault,
        at=row.at,
        code=texts.get(row.code, "") if with_code else "",
        cases=[SeenCase.model_validate(c) for c in failing(texts.get(row.report, ""))],
    )


def rungs(given: Iterable[Event]) -> list[RungView]:
    """Each rung as it was worded last."""
    latest = {e.data["rung"]: e.data for e in given}
    return [RungView(rung=rung, text=latest[rung]["text"], left=latest[rung]["left"]) for rung in sorted(latest)]


def page_link(place: Place, goal_id: str) -> PageLink:
    href = f"/v1/lessons/{place.concept}?goal={goal_id}"
    return PageLink(concept=place.concept, anchor=place.anchor, href=href)


def concept_title(curriculum: Curriculum, slug: str, language: str) -> str:
    concept = curriculum.concepts.get(slug)
    return text(concept.title, language) if concept else slug


def plan(row: rows.Plan, curriculum: Curriculum, language: str) -> PlanView:
    return PlanView(
        day=row.day,
        minutes=row.minutes,
        goals=[
            PlannedView(
                kind=item["kind"],
                concept=item["concept"],
                title=concept_title(curriculum, item["concept"], language),
                minutes=item["minutes"],
                because=item["because"],
                weight=item["weight"],
                parts=item.get("parts", {}),
                weighs=explained(item.get("parts", {}), language),
                goal=item.get("goal"),
            )
            for item in row.goals
        ],
        because=row.because,
        mood=row.mood,
        changed=row.changed,
    )


def mastery(row: rows.Mastery, curriculum: Curriculum, language: str) -> MasteryView:
    concept = curriculum.concepts.get(row.concept)
    return MasteryView(
        concept=row.concept,
        title=concept_title(curriculum, row.concept, language),
        course=concept.course if concept else None,
        shown=row.shown,
        assisted=row.assisted,
        unassisted=row.unassisted,
        uncertainty=row.uncertainty,
        attempts=row.attempts,
        because=row.because,
        evidence=row.evidence,
        changed=row.changed,
        questioned=row.questioned,
    )


def review(row: rows.Review, curriculum: Curriculum, language: str, now: datetime) -> ReviewView:
    return ReviewView(
        concept=row.concept,
        title=concept_title(curriculum, row.concept, language),
        due=row.due,
        overdue=row.due <= now,
    )


def course(
    row: Course,
    curriculum: Curriculum,
    language: str,
    *,
    state: str | None,
    covered: bool,
    shown: Mapping[str, rows.Mastery],
) -> CourseView:
    def concept(slug: str) -> ConceptView:
        found = curriculum.concepts[slug]
        return ConceptView(
            concept=slug,
            title=text(found.title, language),
            summary=text(found.summary, language),
            prerequisites=list(found.prerequisites),
            shown=shown[slug].shown if slug in shown else None,
        )

    return CourseView(
        course=row.slug,
        title=text(row.title, language),
        summary=text(row.summary, language),
        language=row.language,
        goals=[text(sentence, language) for sentence in row.goals],
        enrolled=state in ("active", "completed"),
        state=state,
        covered=covered,
        modules=[
            ModuleView(module=m.slug, title=text(m.title, language), concepts=[concept(c) for c in m.concepts])
            for m in row.modules
        ],
    )


def streak(days: Sequence[DayOfWork], today: date, days_off: Sequence[int], rested: Collection[date] = ()) -> Streak:
    """`days`: those with work, oldest first. Today without work yet does not break it, nor does a day off (`days_off`:
    of each week; `rested`: those taken)."""
    if not days:
        return Streak(current=0, longest=0)
    *_, last = running({day.day for day in days}, days[0].day, max(today, days[0].day), days_off, rested)
    return Streak(current=last.current, longest=last.longest)


def names(curriculum: Curriculum) -> Names:
    """Titles of what the courses have, in every language they have it in."""
    kinds: dict[str, Mapping[str, Any]] = {
        "challenge": curriculum.challenges, "concept": curriculum.concepts, "course": curriculum.courses,
    }  # fmt: skip

    def named(kind: str, slug: str) -> Mapping[str, str]:
        found = kinds[kind].get(slug)
        return {language: text(found.title, language) for language in found.title} if found else {}

    return named


def event_json(event: Event) -> dict[str, Any]:
    """As `codec.to_wire` writes it, but as an object."""
    body: dict[str, Any] = {
        "specversion": "1.0",
        "id": event.id,
        "type": event.type,
        "source": event.source,
        "subject": event.subject,
        "time": rfc3339(event.time),
        "datacontenttype": "application/json",
        "dataschema": schema_uri(event.type, event.schema_version),
        "sequence": str(event.position),
        "correlationid": event.correlation,
        "tenant": event.tenant,
        "data": event.data,
    }
    if event.causation:
        body["causationid"] = event.causation
    if event.traceparent:
        body["traceparent"] = event.traceparent
    return body


def event_view(event: Event) -> EventView:
    return EventView.model_validate(event_json(event))
