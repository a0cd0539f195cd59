"""What the sandbox must know of a language that is not Python: frozen values, and the orders made of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.errors import InvalidInput
from shared.sandbox.contract import Call, Limits, Outcome
from shared.sandbox.start import code_of, filter_program

BUILD = "{build}"
"""In a command or an environment: the folder, inside the run's own, that holds the program and what is made of it."""

STEP_MEMORY = 1024 * 1024 * 1024
STEP_FILE = 64 * 1024 * 1024
"""Bounds of a compiler, in bytes: its writable private memory, and one file it writes."""

RUNTIME = 64 * 1024 * 1024
"""Memory, in bytes, that a runtime and the launcher have before the program takes any: not the learner's."""

EACH_PROCESS = frozenset({"RLIMIT_CPU", "RLIMIT_AS", "RLIMIT_DATA", "RLIMIT_FSIZE"})
"""Limits that a compiler and a program have of their own; the others hold from the beginning."""


@dataclass(frozen=True, slots=True)
class Toolchain:
    """Where a language's tools are on this machine, and the commands (absolute paths; `{build}`, `{value_bytes}` and
    `{memory_mb}` are replaced).

    `readable`: files and folders shown read-only. `steps`: run in the build folder, one after another, before the
    program. `command`: answers calls on descriptors 3 and 4. `main`: runs the whole program.
    """

    readable: tuple[str, ...]
    command: tuple[str, ...]
    main: tuple[str, ...]
    steps: tuple[tuple[str, ...], ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    step_env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Language:
    """An entry of the table.

    `find`: the toolchain; raises SandboxUnavailable, saying what to do, where it is not installed. `files`: of a
    program and the functions asked of it, what goes into the build folder. `complaint`: a pattern for what a step says,
    with the groups `line`, `column`, `message` and, where it is the syntax that is wrong, `syntax`; `column_offset`
    makes its columns begin with 1. `last_words`: for a runtime that says on stderr how it dies, a pattern for the
    learner's line (group 1) in it; `died_of`: patterns in it for the outcomes that are not the program's own error.
    `reserved_bytes`, `address_bytes`: writable private memory and address space that the runtime takes and hardly uses.
    The kernel's bounds for a program are that much above the run's: RLIMIT_DATA is the exact one, RLIMIT_AS bounds what
    it does not count (shared mappings). `executes`: whether what a step
    has made is run itself.
    """

    name: str
    suffixes: tuple[str, ...]
    find: Callable[[], Toolchain]
    files: Callable[[str, Sequence[str]], dict[str, str]]
    reserved_bytes: int
    address_bytes: int
    complaint: str = r"(?!)(?P<syntax>)(?P<message>)(?P<line>)(?P<column>)"
    column_offset: int = 0
    last_words: str = ""
    died_of: Mapping[Outcome, str] = field(default_factory=dict)
    aborts_for_memory: bool = False
    executes: bool = False

    def order(self, call: Call) -> tuple[object, ...]:
        """What the launcher is told of a call. Raises InvalidInput for keyword arguments: Python alone has them."""
        if call.kwargs:
            raise InvalidInput(f"call {call.id!r} has keyword arguments, which {self.name} does not have")
        return (call.function, json.dumps(call.args), None, call.stdin, dict(call.files))


@dataclass(frozen=True, slots=True)
class Source:
    """A program in one of the languages, and the functions that will be called ("": the whole program is run)."""

    language: Language
    program: str
    functions: tuple[str, ...]

    @property
    def readable(self) -> tuple[str, ...]:
        return self.language.find().readable

    def setup(self, common: Mapping[str, Any], limits: Limits, cpu: int, *, walls: bool = True) -> dict[str, object]:
        """The launcher's setup, from what every mode's harness is told (`start.harness_setup`)."""
        language, tools = self.language, self.language.find()
        values = {
            "{value_bytes}": str(limits.value_bytes // 2),
            "{memory_mb}": str(limits.memory_bytes // (1024 * 1024)),
        }
        data, address = (
            reserved + limits.memory_bytes for reserved in (language.reserved_bytes, language.address_bytes)
        )
        seconds = limits.compile_seconds
        return {
            **common,
            "rlimits": [limit for limit in common["rlimits"] if limit[0] not in EACH_PROCESS],
            "run_rlimits": [
                _both("RLIMIT_DATA", data),
                _both("RLIMIT_AS", address),
                _both("RLIMIT_FSIZE", limits.file_bytes),
            ],
            "step_rlimits": [
                _both("RLIMIT_DATA", STEP_MEMORY),
                _both("RLIMIT_FSIZE", STEP_FILE),
                ("RLIMIT_CPU", seconds, seconds + 1),
            ],
            "launch": code_of("launch"),
            "seccomp_run": filter_program(exec_allowed=True) if walls else b"",
            "cpu": float(cpu),
            "functions": any(self.functions),
            "files": language.files(self.program, self.functions),
            "steps": [_filled(step, values) for step in tools.steps],
            "command": _filled(tools.command, values),
            "main": _filled(tools.main, values),
            "env": dict(zip(tools.env, _filled(tuple(tools.env.values()), values), strict=True)),
            "step_env": dict(tools.step_env),
            "complaint": language.complaint,
            "column_offset": language.column_offset,
            "last_words": language.last_words,
            "died_of": dict(language.died_of),
            "command_is_there": not language.executes,
            "aborts_for_memory": language.aborts_for_memory,
        }


def memory_of_all(limits: Limits, source: Source | None) -> int:
    """What all of a run's processes may hold together, in bytes (`resident.exceeds`)."""
    return limits.memory_bytes + (RUNTIME if source else 0)


def _both(name: str, value: int) -> tuple[str, int, int]:
    return (name, value, value)


def _filled(command: Sequence[str], values: Mapping[str, str]) -> list[str]:
    filled = []
    for part in command:
        for name, value in values.items():
            part = part.replace(name, value)
        filled.append(part)
    return filled
