"""What a run is asked with: checked at the edge, then plain frozen cases."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from shared.curriculum.model import Case, Comparison
from shared.errors import InvalidInput, TooLarge

CODE_BYTES = 64 * 1024
BODY_BYTES = 256 * 1024
DEPTH = 40

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,99}$")]
Program = Literal[""]
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$")]
Id = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class RunCase(BaseModel):
    """One call and what must come of it, as `shared.curriculum.model.Case` says. `call`: the function, where it is not
    the run's `entry`; "" is the whole program."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Id
    call: Name | Program | None = None
    args: tuple[JsonValue, ...] = ()
    kwargs: Mapping[Name, JsonValue] = Field(default_factory=dict)
    expected: JsonValue = None
    raises: Name | None = None
    prints: str | None = None
    stdin: str = ""
    files: Mapping[FileName, str] = Field(default_factory=dict)
    compare: Comparison = "exact"
    check: Name | None = None
    tolerance: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    subtask: str = Field(default="", max_length=100)
    visible: bool = True

    @model_validator(mode="after")
    def _checked(self) -> Self:
        if (self.check is None) != (self.compare not in ("custom", "property")):
            raise ValueError('`check` belongs to `compare = "custom"` and "property", and they need it')
        return self


class RunRequest(BaseModel):
    """A program and its cases. `entry`: the function called by cases that name none. `checks`: Python whose functions
    judge answers, run apart from the program. `learner`: whoever shares turns with whom, and nothing else; "" shares
    with nobody."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Id
    language: Literal["python", "javascript", "typescript", "go"] = "python"
    code: str
    checks: str = ""
    cases: tuple[RunCase, ...] = Field(min_length=1, max_length=500)
    entry: Name | Program = "solution"
    learner: str = Field(default="", max_length=100)

    @field_validator("code", "checks")
    @classmethod
    def _bounded(cls, code: str) -> str:
        size = len(code.encode("utf-8", "surrogatepass"))
        if size > CODE_BYTES:
            raise ValueError(f"it has {size} bytes, {CODE_BYTES} are allowed")
        return code

    @field_validator("cases")
    @classmethod
    def _distinct(cls, cases: tuple[RunCase, ...]) -> tuple[RunCase, ...]:
        if len({case.id for case in cases}) != len(cases):
            raise ValueError("two cases have the same id")
        return cases

    @classmethod
    def parse(cls, body: bytes) -> RunRequest:
        """A request from a JSON body. Raises TooLarge over 256 KiB, InvalidInput for all else that is wrong."""
        if len(body) > BODY_BYTES:
            raise TooLarge(f"the body has {len(body)} bytes, {BODY_BYTES} are allowed")
        try:
            return cls.model_validate(json.loads(body.decode("utf-8")))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            place = ".".join(map(str, first["loc"])) or "body"
            raise InvalidInput(f"{place}: {first['msg']}", errors=error.error_count()) from error
        except (ValueError, RecursionError) as error:
            raise InvalidInput(f"the body is not JSON in UTF-8: {error}") from error

    def plain(self) -> tuple[Case, ...]:
        """The cases as the curriculum's own, which `agrees` compares with."""
        return tuple(
            Case(
                id=case.id,
                args=case.args,
                kwargs=case.kwargs,
                expected=case.expected,
                raises=case.raises,
                compare=case.compare,
                tolerance=case.tolerance,
                subtask=case.subtask,
                visible=case.visible,
                call=self.entry if case.call is None else case.call,
                prints=case.prints,
                stdin=case.stdin,
                files=case.files,
                check=case.check,
            )
            for case in self.cases
        )
