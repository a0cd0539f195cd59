"""The table of languages. Python is not in it: it is the sandbox's own (`inside/harness.py`), warm and always there."""

from __future__ import annotations

from contextlib import suppress
from functools import cache

from shared.errors import InvalidInput, SandboxUnavailable
from shared.sandbox.languages import golang, javascript
from shared.sandbox.languages.language import Language

LANGUAGES: dict[str, Language] = {
    entry.name: entry
    for entry in (
        Language(
            name="javascript",
            suffixes=(".js", ".mjs"),
            find=javascript.javascript,
            files=javascript.javascript_files,
            reserved_bytes=javascript.RESERVED,
            address_bytes=javascript.ADDRESS,
            aborts_for_memory=True,
        ),
        Language(
            name="typescript",
            suffixes=(".ts", ".mts"),
            find=javascript.typescript,
            files=javascript.typescript_files,
            reserved_bytes=javascript.RESERVED,
            address_bytes=javascript.ADDRESS,
            complaint=javascript.COMPLAINT,
            column_offset=1,
            aborts_for_memory=True,
        ),
        Language(
            name="go",
            suffixes=(".go",),
            find=golang.go,
            files=golang.go_files,
            reserved_bytes=golang.RESERVED,
            address_bytes=golang.ADDRESS,
            complaint=golang.COMPLAINT,
            last_words=golang.LAST_WORDS,
            died_of=golang.DIED_OF,
            executes=True,
        ),
    )
}


def language(name: str) -> Language | None:
    """The entry, None for Python. Raises InvalidInput for a language we do not know, and SandboxUnavailable, saying
    what to do, for one that is not installed here."""
    if name == "python":
        return None
    if name not in LANGUAGES:
        raise InvalidInput(f"no runner for the language {name!r}: python, {', '.join(LANGUAGES)} are known")
    LANGUAGES[name].find()
    return LANGUAGES[name]


@cache
def tools() -> tuple[str, ...]:
    """What all languages that are installed here need to read."""
    readable: list[str] = []
    for entry in LANGUAGES.values():
        with suppress(SandboxUnavailable):
            readable += entry.find().readable
    return tuple(dict.fromkeys(readable))


def languages_here() -> dict[str, str]:
    """For each language, empty when it can be run here, else what is missing and what to do."""
    missing = {"python": ""}
    for name, entry in LANGUAGES.items():
        try:
            entry.find()
            missing[name] = ""
        except SandboxUnavailable as error:
            missing[name] = f"{error.detail}: {error.hint}"
    return missing
