"""What goes into a run and what comes out: frozen values, no behaviour."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from shared.errors import InvalidInput

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
    "compile_error",
]

Stream = Literal["stdout", "stderr"]

STDIN_BYTES = 64 * 1024
"""What a pipe holds, so that it is filled before the call starts."""

FILES, FILES_BYTES = 16, 256 * 1024
"""Of one call: how many, and their names and texts together."""

FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Limits:
    """For one run, whatever the number of its calls.

    `memory_bytes` bounds all of a run's processes together, by a look from outside every 50 ms (`resident.py`), and
    each of them by the kernel: its address space (`memory` "address_space", exact), or, for runtimes that reserve much
    more than they use, its writable private memory with room for threads' stacks ("resident").

    `output_bytes` counts stdout and stderr together; `value_bytes` bounds one observation on the wire.
    `temp_*` bound what lies in the run's temporary folder, `file_bytes` one file in it. `compile_seconds`: wall time
    and CPU for a language that is compiled first; it does not count for the run.
    """

    cpu_seconds: int = 2
    wall_seconds: float = 4.0
    memory_bytes: int = 256 * 1024 * 1024
    memory: Literal["address_space", "resident"] = "address_space"
    processes: int = 64
    output_bytes: int = 64 * 1024
    value_bytes: int = 64 * 1024
    file_bytes: int = 1024 * 1024
    temp_bytes: int = 16 * 1024 * 1024
    temp_inodes: int = 512
    open_files: int = 64
    compile_seconds: int = 10


@dataclass(frozen=True, slots=True)
class Capability:
    """What this machine can do. `detail` says why a stronger mode is not there and what to install."""

    mode: Mode | Literal["refuse"]
    landlock_abi: int
    detail: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a top-level function of the learner's program. Arguments are copied for each call.

    `function == ""` runs the whole program as a main program: `__name__` is "__main__", the namespace fresh, the value
    None; what it printed is its answer. `stdin`: all there is to read, at most `STDIN_BYTES`. `files`: name → text, put
    fresh into the run's working folder, which becomes the current one, before this call; those of earlier calls which
    this one does not name are taken away. A name is plain (`FILE_NAME`): no folders.
    """

    id: str
    function: str
    args: tuple[JSON, ...] = ()
    kwargs: Mapping[str, JSON] = field(default_factory=dict)
    stdin: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    def check(self) -> None:
        """Raises InvalidInput for input that is too much, not text, or a file anywhere but in the working folder."""
        if _size(self.stdin) > STDIN_BYTES:
            raise InvalidInput(f"the input of call {self.id!r} is longer than {STDIN_BYTES} bytes")
        if len(self.files) > FILES:
            raise InvalidInput(f"call {self.id!r} brings {len(self.files)} files: {FILES} at most")
        for name in self.files:
            if not FILE_NAME.fullmatch(name):
                raise InvalidInput(
                    f"{name[:80]!r} is no name for a file: letters, digits, '_', '-' and '.', no folders"
                )
        if sum(_size(name) + _size(text) for name, text in self.files.items()) > FILES_BYTES:
            raise InvalidInput(f"the files of call {self.id!r} have more than {FILES_BYTES} bytes together")


def _size(text: str) -> int:
    try:
        return len(text.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise InvalidInput(f"not text: half a character (surrogate) at {error.start}") from error


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """`type`: the exception's class name; `bases`: the names of all classes it is; `column`: 1-based, syntax errors."""

    type: str
    message: str
    line: int | None = None
    column: int | None = None
    bases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Printed:
    """Some of what a call prints, the moment it is written. What a module prints while it loads is its first call's.

    All of a call's, joined, is what its observation holds in `stdout` or `stderr`.
    """

    call: str
    stream: Stream
    text: str


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
