"""What goes into a run and what comes out: frozen values, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"

Mode = Literal["bubblewrap", "landlock", "none"]

Outcome = Literal[
    "returned",
    "raised",
    "time",
    "memory",
    "output",
    "processes",
    "files",
    "disallowed",
    "no_result",
    "missing_function",
    "syntax_error",
]


@dataclass(frozen=True, slots=True)
class Limits:
    """For one run, whatever the number of its calls (memory: for each of its processes, of which a Python run has one).

    `output_bytes` counts stdout and stderr together; `value_bytes` bounds one observation on the wire.
    `temp_*` bound what lies in the run's temporary folder, `file_bytes` one file in it.
    """

    cpu_seconds: int = 2
    wall_seconds: float = 4.0
    memory_bytes: int = 256 * 1024 * 1024
    processes: int = 64
    output_bytes: int = 64 * 1024
    value_bytes: int = 64 * 1024
    file_bytes: int = 1024 * 1024
    temp_bytes: int = 16 * 1024 * 1024
    temp_inodes: int = 512
    open_files: int = 64


@dataclass(frozen=True, slots=True)
class Capability:
    """What this machine can do. `detail` says why a stronger mode is not there and what to install."""

    mode: Mode | Literal["refuse"]
    landlock_abi: int
    detail: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a top-level function of the learner's program. Arguments are copied for each call."""

    id: str
    function: str
    args: tuple[JSON, ...] = ()
    kwargs: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """`type`: the exception's class name; `bases`: the names of all classes it is; `column`: 1-based, syntax errors."""

    type: str
    message: str
    line: int | None = None
    column: int | None = None
    bases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """What one call did. All but `call`, `ms`, `mode`, `landlock_abi`, `warm` is the learner's word: never trust it.

    `value` is tagged JSON (see `values.decode`). `line` and `locals`: where the learner's code returned or raised.
    `ms`: measured outside. `warm`: its process was forked from a warm one (`zygote.py`), not started for it.
    """

    call: str
    outcome: Outcome
    value: JSON = None
    error: ErrorInfo | None = None
    line: int | None = None
    locals: Mapping[str, str] = field(default_factory=dict)
    stdout: str = ""
    stderr: str = ""
    ms: float = 0.0
    mode: Mode = "none"
    landlock_abi: int = 0
    warm: bool = False
