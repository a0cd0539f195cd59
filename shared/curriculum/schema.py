"""The TOML files' shapes (pydantic, strict: an unknown key, a missing language, a wrong type is an error)."""

from __future__ import annotations

import builtins
import math
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, StringConstraints, model_validator

from shared.curriculum.model import Comparison

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Function = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
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


def _exception(name: str) -> str:
    found = getattr(builtins, name, None)
    if not (isinstance(found, type) and issubclass(found, Exception)):
        raise ValueError("not the name of a built-in exception, such as ValueError")
    return name


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
    language: Literal["python"]
    goals: Annotated[list[TextFile], Field(min_length=1)]
    modules: Annotated[list[ModuleFile], Field(min_length=1)]


class ConceptFile(Strict):
    title: TextFile
    summary: TextFile
    prerequisites: list[Slug]
    pitfalls: list[Slug] = []
    keywords: list[Words] = []


class SubTaskFile(Strict):
    id: Slug
    title: TextFile


class CaseFile(Strict):
    id: Slug
    subtask: Slug
    call: Function | None = None
    args: list[Value] = []
    kwargs: dict[str, Value] = {}
    expected: Value = None
    raises: Annotated[str, AfterValidator(_exception)] | None = None
    compare: Comparison = "exact"
    tolerance: Annotated[float, Field(gt=0)] | None = None
    visible: bool = False

    @property
    def answered(self) -> bool:
        """Says here what must come of the call (a case of a template may leave it to the variants)."""
        return "expected" in self.model_fields_set or self.raises is not None

    @model_validator(mode="after")
    def _one_answer(self) -> CaseFile:
        if "expected" in self.model_fields_set and self.raises is not None:
            raise ValueError("a case has `expected` or `raises`, not both")
        if (self.compare == "approx") != (self.tolerance is not None):
            raise ValueError('`tolerance` belongs to `compare = "approx"`, and that needs it')
        return self


class VariantFile(Strict):
    id: Slug
    values: Annotated[dict[Function, Value], Field(min_length=1)]
    expected: dict[Slug, Value] = {}


class ChallengeFile(Strict):
    version: Annotated[int, Field(ge=1)]
    concepts: Annotated[list[Slug], Field(min_length=1)]
    kinds: Annotated[list[Kind], Field(min_length=1)]
    difficulty: Annotated[float, Field(ge=0, le=1)]
    minutes: Annotated[int, Field(ge=1, le=240)]
    entry: Function
    title: TextFile
    subtasks: Annotated[list[SubTaskFile], Field(min_length=1)]
    cases: Annotated[list[CaseFile], Field(min_length=1)]
    variants: list[VariantFile] = []
