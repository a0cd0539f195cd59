"""One challenge from what its author wrote, wherever that stood: files of a course, or a document of the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.curriculum import checks
from shared.curriculum.model import Case, Challenge, Course, SubTask, Text, Variant
from shared.curriculum.programming import Language
from shared.curriculum.schema import CaseFile, ChallengeFile, TextFile


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the fields: texts and code. `hints`: five rungs by language."""

    statement: Text
    hints: Mapping[str, tuple[str, ...]]
    starter: str
    reference: str
    checks: str = ""


def words(value: TextFile) -> Text:
    return {"en": value.en, "es": value.es}


def built(
    fields: ChallengeFile, beside: Beside, *, slug: str, course: Course, language: Language, folder: str
) -> Challenge:
    """Raises InvalidInput, naming `folder` and the field, for the first thing that does not hold."""
    checks.challenge_file(fields, f"{folder}/challenge.toml")
    challenge = Challenge(
        slug=slug,
        version=fields.version,
        course=course.slug,
        concepts=tuple(fields.concepts),
        kinds=tuple(fields.kinds),
        difficulty=fields.difficulty,
        minutes=fields.minutes,
        title=words(fields.title),
        statement=beside.statement,
        entry=fields.entry,
        starter=beside.starter,
        reference=beside.reference,
        subtasks=tuple(SubTask(s.id, words(s.title)) for s in fields.subtasks),
        cases=tuple(_case(case, fields.entry) for case in fields.cases),
        hints=beside.hints,
        variants=tuple(Variant(v.id, v.values, v.expected) for v in fields.variants),
        language=language.name,
        checks=beside.checks,
    )
    checks.course_language(challenge, course, folder)
    checks.functions(challenge, folder)
    checks.placeholders(challenge, folder)
    return challenge


def _case(case: CaseFile, entry: str) -> Case:
    return Case(
        id=case.id,
        args=tuple(case.args),
        kwargs=case.kwargs,
        expected=case.expected,
        raises=case.raises,
        compare="property" if case.holds else case.compare,
        tolerance=case.tolerance,
        subtask=case.subtask,
        visible=case.visible,
        call=entry if case.call is None else case.call,
        prints=case.prints,
        stdin=case.stdin,
        files=case.files,
        check=case.holds or case.check,
    )
