"""The TOML files' shapes (pydantic, strict: an unknown key, a missing language, a wrong type is an error)."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, StringConstraints, model_validator

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Function = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=60)]
Program = Literal[""]
"""Instead of a function: the whole program is run, and answers with what it prints."""
Placeholder = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=60)]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Kind = Literal["placement", "daily", "course", "skill", "project", "review"]


def _with_null(value: JsonValue) -> JsonValue:
    """TOML has no null: `{ none = true }` stands for it, anywhere in a value. NaN and infinity are not JSON."""
    match value:
        case float() if not math.isfinite(value):
            raise ValueError("not a number JSON can carry")
        case list():
            return [_with_null(item) for item in value]
        case dict() if value == {"none": True}:
            return None
        case dict():
            return {key: _with_null(item) for key, item in value.items()}
        case _:
            return value


Value = Annotated[JsonValue, AfterValidator(_with_null)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TextFile(Strict):
    en: Words
    es: Words


class ModuleFile(Strict):
    slug: Slug
    title: TextFile
    concepts: Annotated[list[Slug], Field(min_length=1)]


class CourseFile(Strict):
    title: TextFile
    summary: TextFile
    language: Literal["python", "javascript", "typescript", "go"]
    newcomers: bool = True
    goals: Annotated[list[TextFile], Field(min_length=1)]
    modules: Annotated[list[ModuleFile], Field(min_length=1)]


class ConceptFile(Strict):
    title: TextFile
    summary: TextFile
    prerequisites: list[Slug]
    pitfalls: list[Slug] = []
    explains: dict[Slug, Annotated[list[Slug], Field(min_length=1)]] = {}
    keywords: list[Words] = []


class SubTaskFile(Strict):
    id: Slug
    title: TextFile


class CaseFile(Strict):
    id: Slug
    subtask: Slug
    call: Function | Program | None = None
    args: list[Value] = []
    kwargs: dict[str, Value] = {}
    stdin: str = ""
    files: dict[FileName, str] = {}
    expected: Value = None
    raises: Words | None = None
    prints: str | None = None
    holds: Annotated[Function | None, Field(alias="property")] = None
    compare: Literal["exact", "approx", "unordered", "custom"] = "exact"
    check: Function | None = None
    tolerance: Annotated[float, Field(gt=0)] | None = None
    visible: bool = False

    @property
    def answers(self) -> list[str]:
        """The keys that say what must come of the call: one (a case of a template may leave it to the variants)."""
        said = {"raises": self.raises, "prints": self.prints, "property": self.holds}
        expected = ["expected"] if "expected" in self.model_fields_set else []
        return expected + [key for key, value in said.items() if value is not None]

    @model_validator(mode="after")
    def _one_answer(self) -> CaseFile:
        if len(self.answers) > 1:
            raise ValueError(f"a case has one of `expected`, `raises`, `prints`, `property`, not {self.answers}")
        if (self.compare == "approx") != (self.tolerance is not None):
            raise ValueError('`tolerance` belongs to `compare = "approx"`, and that needs it')
        if (self.compare == "custom") != (self.check is not None):
            raise ValueError('`check` belongs to `compare = "custom"`, and that needs it')
        if self.compare != "exact" and (self.raises is not None or self.holds is not None):
            raise ValueError("`compare` is for `expected` and `prints`")
        if self.compare in ("approx", "unordered") and self.prints is not None:
            raise ValueError("printed text is compared exactly, or by a check of your own")
        if self.kwargs and (self.holds is not None or self.check is not None):
            raise ValueError("a check is given `args`; there is no place for `kwargs`")
        return self


class VariantFile(Strict):
    id: Slug
    values: Annotated[dict[Placeholder, Value], Field(min_length=1)]
    expected: dict[Slug, Value] = {}


class ChallengeFile(Strict):
    version: Annotated[int, Field(ge=1)]
    concepts: Annotated[list[Slug], Field(min_length=1)]
    kinds: Annotated[list[Kind], Field(min_length=1)]
    difficulty: Annotated[float, Field(ge=0, le=1)]
    minutes: Annotated[int, Field(ge=1, le=240)]
    entry: Function | Program
    title: TextFile
    subtasks: Annotated[list[SubTaskFile], Field(min_length=1)]
    cases: Annotated[list[CaseFile], Field(min_length=1)]
    variants: list[VariantFile] = []
