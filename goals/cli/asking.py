"""What a person is asked at a terminal, and what holds where nobody is there to answer."""

from __future__ import annotations

from typing import Any

import typer

from shared.errors import InvalidInput


def ask(words: str, *, option: str, default: Any = None, **how: Any) -> Any:
    """The answer. Where the input ends without one, `default`; without a default, an InvalidInput that names `option`.

    `how` goes to typer.prompt. A person who breaks off (Ctrl-C) ends the command.
    """
    try:
        return typer.prompt(words, default=default, **how)
    except typer.Abort as end:
        if not _silent(end):
            raise
        if default is None:
            silence = f"{words.rstrip('?')}: not given, and nobody is here to ask"
            raise InvalidInput(silence, hint=f"give {option}") from None
        typer.echo()
        return default


def agree(words: str, *, option: str | None = None) -> bool:
    """Whether they say yes. Silence is a no; where a no leaves nothing to do, it names the `option` to say it with."""
    try:
        return typer.confirm(words)
    except typer.Abort as end:
        if not _silent(end):
            raise
        typer.echo()
        if option:
            raise InvalidInput("nobody is here to agree", hint=f"give {option} to go on without asking") from None
        return False


def _silent(end: typer.Abort) -> bool:
    return isinstance(end.__context__, EOFError)
