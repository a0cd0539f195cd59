"""What a curriculum is made of, as frozen values. Built by `reading.load`, shared by all: never change one in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"
"""What a case may carry. JSON has no tuples: an answer that is a tuple is compared as a list."""

Text: TypeAlias = Mapping[str, str]
"""The same words by language: `{"en": ..., "es": ...}`, every language of `LANGUAGES` present."""

Comparison = Literal["exact", "approx", "unordered", "custom", "property"]

LANGUAGES = ("en", "es")
KINDS = ("placement", "daily", "course", "skill", "project", "review")
RUNGS = 5
"""Hints of a challenge: the concept; a question; where to look; the plan; a worked example of another problem."""


def text(t: Text, language: str) -> str:
    """The words in `language` (`es`, also `es-MX`), in English where there are none."""
    return t.get(language) or t.get(language.partition("-")[0].lower()) or t["en"]


@dataclass(frozen=True, slots=True)
class SubTask:
    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Case:
    """One call and what must come of it: a value that agrees with `expected`, the exception class named by `raises`, or
    the text `prints` on stdout.

    `compare` and `tolerance` (absolute, only with `approx`): see `compare.agrees`. With `custom` and `property` the
    function `check` of the challenge's `checks` has the word; a property has no `expected`. `call`: the function
    called; "" runs the whole program, whose answer is what it prints. `stdin`, `files` (name → text in its working
    folder): what it finds. In a parametric template all that a program is given or must give may hold `{{name}}`, and
    `expected` is None where each variant states its own.
    """

    id: str
    args: tuple[JSON, ...]
    kwargs: Mapping[str, JSON]
    expected: JSON
    raises: str | None
    compare: Comparison
    tolerance: float | None
    subtask: str
    visible: bool
    call: str
    prints: str | None = None
    stdin: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    check: str | None = None

    @property
    def answer_is_printed(self) -> bool:
        """Whether what it prints is compared, not what it returns."""
        return self.prints is not None or not self.call


@dataclass(frozen=True, slots=True)
class Variant:
    """Values for the `{{name}}`s of a template, and the answers that depend on them (by case id).

    A value that is itself `{"en": ..., "es": ...}` is put into each language's text and nowhere else.
    """

    id: str
    values: Mapping[str, JSON]
    expected: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Challenge:
    """`concepts[0]` is the primary concept. `difficulty`: 0 easiest to 1. `minutes`: expected time for a learner
    who knows the concepts. `statement` and `hints` are Markdown; `starter` and `reference` are source files in
    `language` (a name of `programming.LANGUAGES`); `checks` is Python whose functions judge answers, "" where no case
    needs one.
    """

    slug: str
    version: int
    course: str
    concepts: tuple[str, ...]
    kinds: tuple[str, ...]
    difficulty: float
    minutes: int
    title: Text
    statement: Text
    entry: str
    starter: str
    reference: str
    subtasks: tuple[SubTask, ...]
    cases: tuple[Case, ...]
    hints: Mapping[str, tuple[str, ...]]
    variants: tuple[Variant, ...] = ()
    variant: str | None = None
    language: str = "python"
    checks: str = ""

    @property
    def concept(self) -> str:
        """The primary concept's slug."""
        return self.concepts[0]

    @property
    def parametric(self) -> bool:
        """True for a template: `instantiate` it before anybody sees it."""
        return bool(self.variants)

    @property
    def visible_cases(self) -> tuple[Case, ...]:
        return tuple(case for case in self.cases if case.visible)

    def instantiate(self, variant_id: str | None = None) -> Challenge:
        """The challenge with one variant's values filled in and `variant` set; None takes the first variant.

        A challenge without variants (also one already instantiated) is returned as it is.
        Raises NotFound for a variant this challenge does not have.
        """
        if not self.variants:
            return self
        from shared.curriculum.variants import fill  # here: `variants` needs this module

        return fill(self, variant_id)


@dataclass(frozen=True, slots=True)
class Concept:
    """`lesson`: Markdown. `pitfalls`: anchors (`<a id="…"></a>`) that both lessons have, for feedback to link to.
    `explains`: which of them explains a cause of failure, by the cause's name."""

    slug: str
    course: str
    title: Text
    summary: Text
    prerequisites: tuple[str, ...]
    lesson: Text
    pitfalls: tuple[str, ...]
    keywords: tuple[str, ...]
    explains: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Module:
    slug: str
    title: Text
    concepts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """`language`: what is taught (a name of `programming.LANGUAGES`). `goals`: what a learner can do at the end, one
    sentence each. `newcomers`: whether who signs up is enrolled in it, unless they name courses themselves."""

    slug: str
    title: Text
    summary: Text
    language: str
    modules: tuple[Module, ...]
    goals: tuple[Text, ...]
    newcomers: bool = True

    @property
    def concepts(self) -> tuple[str, ...]:
        return tuple(concept for module in self.modules for concept in module.concepts)
