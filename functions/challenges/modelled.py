"""A model as writer: it is told what to write for whom, and what it answers is read by the rules of the courses.

Nothing of it is trusted. Here its form and its words are checked; whether it is a challenge is then proven by running
it (`proving.py`). What is wrong goes back to it, with what it wrote, for the next round.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from functions.challenges.writing import REASONS, WORDS, Draft, Nothing, Unusable
from graph.state import Order
from shared.curriculum import Challenge, Curriculum, text
from shared.curriculum.checks import WRITTEN
from shared.curriculum.document import CASES, CODE, STATEMENT, SUBTASKS, parse
from shared.curriculum.model import RUNGS
from shared.curriculum.schema import Kind
from shared.errors import InvalidInput
from shared.ids import derived_id
from shared.models import Answer, Asker, Model, load_prompt
from shared.proof.giving_away import shown_already
from shared.spoken import NAMES, Words
from shared.validators import Ground, broken

PROMPTS = Path(__file__).with_name("prompts")
TITLES = 40
"""Of earlier challenges, told so that it writes another."""

RULES = ("unreadable", "language", "manners", "person", "unsafe", "links", "system")
OF_CODE = ("manners", "unsafe", "links")


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WrittenSubTask(_Closed):
    id: Annotated[str, Field(description="short-slug")]
    title: str


class WrittenCase(_Closed):
    id: Annotated[str, Field(description="short-slug, unique")]
    subtask: str
    visible: bool
    args: Annotated[str, Field(description="the arguments, as the text of a JSON array", max_length=4_000)]
    expected: Annotated[
        str | None, Field(description="the value returned, as JSON text; null if it raises", max_length=4_000)
    ]
    raises: Annotated[str | None, Field(description="name of a built-in error instead of a value, else null")]
    compare: Literal["exact", "unordered"]


class WrittenChallenge(_Closed):
    """What the model answers. Values are JSON as text: strict servers take no open objects."""

    title: Annotated[str, Field(min_length=1, max_length=80)]
    statement: Annotated[str, Field(min_length=1, max_length=STATEMENT)]
    entry: Annotated[str, Field(description="name of the function asked for")]
    starter: Annotated[str, Field(min_length=1, max_length=CODE)]
    reference: Annotated[str, Field(min_length=1, max_length=CODE)]
    subtasks: Annotated[list[WrittenSubTask], Field(min_length=1, max_length=SUBTASKS)]
    cases: Annotated[list[WrittenCase], Field(min_length=4, max_length=CASES)]
    hints: Annotated[list[str], Field(min_length=RUNGS, max_length=RUNGS)]


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom it is for. `had`: titles of what they have had; `earlier`: a document that was written for them, by slug."""

    language: Words
    level: str
    had: Sequence[str]
    earlier: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ByModel:
    model: Model
    who: Asker
    now: datetime
    curriculum: Curriculum
    reader: Reader

    def draft(self, order: Order) -> Draft | Unusable | Nothing:
        prompt = load_prompt(PROMPTS, "challenge")
        answer = self.model.ask(prompt, self._inputs(order), WrittenChallenge, who=self.who, now=self.now)
        if not isinstance(answer, Answer):
            return Nothing(f"no challenge was written: {answer.reason}", answer.called)
        slug = f"{WRITTEN}{derived_id(order['goal'], order.get('round', 1)).replace('-', '')[:12]}"
        try:
            challenge = parse(self._document(order, answer.value), slug=slug, curriculum=self.curriculum)
        except InvalidInput as error:
            return Unusable(slug, (f"unreadable: {error}"[:WORDS],), answer.called)
        wrong = tuple(_wrong(challenge, self.reader.language, prompt.system))
        if wrong:
            return Unusable(slug, wrong[:REASONS], answer.called)
        return Draft(challenge, "model", called=answer.called)

    def _inputs(self, order: Order) -> Mapping[str, str]:
        concept = self.curriculum.concepts[order["concept"]]
        course = self.curriculum.courses[concept.course]
        language = self.reader.language
        before = next((slug for slug in reversed(order.get("avoid", [])) if slug.startswith(WRITTEN)), None)
        return {
            "language": NAMES[language],
            "programming": course.language,
            "concept": text(concept.title, language),
            "known": "; ".join(text(self.curriculum.concepts[c].title, "en") for c in self._below(order)) or "nothing",
            "lesson": text(concept.lesson, language),
            "difficulty": f"{order['difficulty']:.2f}",
            "minutes": str(order["minutes"]),
            "level": self.reader.level or "unknown",
            "order": order["goal"],
            "had": "\n".join(self.reader.had[-TITLES:]) or "(nothing)",
            "refused": "\n".join(order.get("refused", ())) or "(this is the first draft)",
            "draft": (self.reader.earlier(before) if before else "") or "(none)",
        }

    def _below(self, order: Order) -> Sequence[str]:
        return self.curriculum.prerequisites(order["concept"])

    def _document(self, order: Order, answer: WrittenChallenge) -> str:
        """As `shared.curriculum.document` reads it. One language stands for both: nobody else will read it.

        Raises InvalidInput where a value is not the JSON it was to be."""
        concept = self.curriculum.concepts[order["concept"]]
        kind = order["kind"] if order["kind"] in get_args(Kind) else "skill"
        document = {
            "version": 1,
            "language": self.curriculum.courses[concept.course].language,
            "concepts": [concept.slug],
            "kinds": [kind],
            "difficulty": order["difficulty"],
            "minutes": order["minutes"],
            "entry": answer.entry,
            "title": _both(answer.title),
            "statement": _both(answer.statement),
            "starter": answer.starter,
            "reference": answer.reference,
            "subtasks": [{"id": subtask.id, "title": _both(subtask.title)} for subtask in answer.subtasks],
            "cases": [_case(case, number) for number, case in enumerate(answer.cases)],
            "hints": _both(answer.hints),
        }
        return json.dumps(document, ensure_ascii=False)


def _both(words: Any) -> dict[str, Any]:
    return {"en": words, "es": words}


def _case(case: WrittenCase, number: int) -> dict[str, Any]:
    fields: dict[str, Any] = {"id": case.id, "subtask": case.subtask, "visible": case.visible}
    fields["args"] = _json(case.args, f"cases[{number}].args")
    if not isinstance(fields["args"], list):
        raise InvalidInput(f"cases[{number}].args: a JSON array is needed, with one item for each argument")
    if case.raises is not None:
        fields["raises"] = case.raises
    elif case.expected is not None:
        fields |= {"expected": _json(case.expected, f"cases[{number}].expected"), "compare": case.compare}
    return fields


def _json(value: str, where: str) -> Any:
    try:
        return json.loads(value, parse_constant=_no_json)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{where}: this is not JSON: {error}"[:WORDS]) from None


def _no_json(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _wrong(challenge: Challenge, language: Words, instructions: str) -> Iterator[str]:
    """What is wrong with its words, as reasons for its writer."""
    ground = Ground(
        language, "example", shown=(challenge.starter,), instructions=instructions, programming=challenge.language
    )
    pieces = [("title", challenge.title[language]), ("statement", challenge.statement[language])]
    pieces += [(f"sub-task {s.id}", s.title[language]) for s in challenge.subtasks]
    pieces += [(f"hint {number}", rung) for number, rung in enumerate(challenge.hints[language], 1)]
    for where, words in pieces:
        for fault in broken(words, ground, RULES):
            yield f"{fault.rule}: {where}: {fault.why}"[:WORDS]
    for fault in broken(challenge.starter, ground, OF_CODE):
        yield f"{fault.rule}: the starter: {fault.why}"[:WORDS]
    for where, shown in (("the starter", challenge.starter), ("the statement", challenge.statement[language])):
        if shown_already(shown, challenge):
            yield f"solution_shown: {where} holds half of the reference's own lines"
