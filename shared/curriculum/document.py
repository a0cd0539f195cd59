"""A challenge as one JSON document: how one that was written for a learner is kept.

Read by the same rules as the files of a course. Not for templates, nor for challenges with checks of their own.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints, ValidationError

from shared.curriculum.building import Beside, built
from shared.curriculum.curriculum import Curriculum
from shared.curriculum.model import LANGUAGES, RUNGS, Case, Challenge
from shared.curriculum.programming import LANGUAGES as PROGRAMMING
from shared.curriculum.schema import CaseFile, ChallengeFile, Strict, SubTaskFile, VariantFile, Words
from shared.errors import InvalidInput

STATEMENT, CODE, CASES, SUBTASKS, BYTES = 6_000, 6_000, 40, 8, 60_000
"""Characters of the statement, of starter and of reference; cases; sub-tasks; bytes of the whole document."""

Code = Annotated[str, StringConstraints(min_length=1, max_length=CODE)]
Statement = Annotated[str, StringConstraints(min_length=1, max_length=STATEMENT)]
Rungs = Annotated[list[Words], Field(min_length=RUNGS, max_length=RUNGS)]


class StatementFile(Strict):
    en: Statement
    es: Statement


class HintsFile(Strict):
    en: Rungs
    es: Rungs


class Document(ChallengeFile):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    language: Literal["python", "javascript", "typescript"]
    statement: StatementFile
    hints: HintsFile
    starter: Code
    reference: Code
    subtasks: Annotated[list[SubTaskFile], Field(min_length=1, max_length=SUBTASKS)]
    cases: Annotated[list[CaseFile], Field(min_length=1, max_length=CASES)]
    variants: Annotated[list[VariantFile], Field(default_factory=list, max_length=0)]


def parse(text: str, *, slug: str, curriculum: Curriculum) -> Challenge:
    """Raises InvalidInput, naming the field, for what does not hold."""
    if len(text.encode()) > BYTES:
        raise InvalidInput(f"{slug}: the challenge is {len(text.encode())} bytes; at most {BYTES} are kept")
    try:
        found = Document.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise InvalidInput(f"{slug}: {where or 'document'}: {first['msg']}") from None
    unknown = [concept for concept in found.concepts if concept not in curriculum.concepts]
    if unknown:
        raise InvalidInput(f"{slug}: concepts: there is no concept {unknown[0]!r}")
    course = curriculum.courses[curriculum.concepts[found.concepts[0]].course]
    beside = Beside(
        statement={"en": found.statement.en, "es": found.statement.es},
        hints={"en": tuple(found.hints.en), "es": tuple(found.hints.es)},
        starter=found.starter,
        reference=found.reference,
    )
    return built(found, beside, slug=slug, course=course, language=PROGRAMMING[found.language], folder=slug)


def write(challenge: Challenge) -> str:
    """The document that `parse` reads back to an equal challenge."""
    document = {
        "version": challenge.version,
        "language": challenge.language,
        "concepts": list(challenge.concepts),
        "kinds": list(challenge.kinds),
        "difficulty": challenge.difficulty,
        "minutes": challenge.minutes,
        "entry": challenge.entry,
        "title": dict(challenge.title),
        "statement": dict(challenge.statement),
        "starter": challenge.starter,
        "reference": challenge.reference,
        "subtasks": [{"id": subtask.id, "title": dict(subtask.title)} for subtask in challenge.subtasks],
        "cases": [fields_of(case, challenge.entry) | {"visible": case.visible} for case in challenge.cases],
        "hints": {language: list(challenge.hints[language]) for language in LANGUAGES},
    }
    return json.dumps(document, ensure_ascii=False)


def fields_of(case: Case, entry: str) -> dict[str, Any]:
    """What an author would write of a case, in the order of `courses/README.md`; what is usual is left out."""
    fields: dict[str, Any] = {"id": case.id, "subtask": case.subtask}
    if case.call != entry:
        fields["call"] = case.call
    if case.call:
        fields["args"] = list(case.args)
    if case.kwargs:
        fields["kwargs"] = dict(case.kwargs)
    if case.stdin:
        fields["stdin"] = case.stdin
    if case.files:
        fields["files"] = dict(case.files)
    if case.raises is not None:
        fields["raises"] = case.raises
    elif case.compare == "property":
        fields["property"] = case.check
    elif case.prints is not None:
        fields["prints"] = case.prints
    else:
        fields["expected"] = case.expected
    if case.compare not in ("exact", "property"):
        fields["compare"] = case.compare
    if case.compare == "custom":
        fields["check"] = case.check
    if case.tolerance is not None:
        fields["tolerance"] = case.tolerance
    return fields
