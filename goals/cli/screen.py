"""What all commands show alike: one console, one form of error, JSON on demand."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from shared.errors import GoalsError

if TYPE_CHECKING:
    from rich.console import Console


def console(*, errors: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=errors, highlight=False)


def sentence(error: GoalsError) -> str:
    """What happened and what to do, as one clear sentence or two."""
    what = error.detail.strip()
    what = (what[:1].upper() + what[1:]).rstrip(".")
    return f"{what}. {_capital(error.hint)}" if error.hint else f"{what}."


def _capital(hint: str) -> str:
    words = hint.strip().rstrip(".")
    return (words if words.startswith(("`", "goals ", "GOALS_")) else words[:1].upper() + words[1:]) + "."


class Told(TyperGroup):
    """Ends every command that fails with a sentence on standard error and a status, never with a traceback: 1 where
    something was wrong, 2 for the way it was called, 3 where the server is not there, 130 for Ctrl-C."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except GoalsError as error:
            _complain(sentence(error))
            for fault in getattr(error, "problem", {}).get("errors") or ():
                _complain(f"  {fault['at'].removeprefix('body.')}: {fault['problem']}")
            raise typer.Exit(3 if error.status == 503 else 1) from error
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
        except BrokenPipeError:  # `goals events | head`
            sys.stderr.close()
            raise typer.Exit(0) from None
        except OSError as error:
            _complain(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}.")
            raise typer.Exit(1) from error


def _complain(text: str) -> None:
    from rich.text import Text

    console(errors=True).print(Text(text, style="red"), soft_wrap=True)


def as_json(answer: Mapping[str, Any] | list[Any]) -> None:
    """For programs: the API's own JSON."""
    typer.echo(json.dumps(answer, indent=2, ensure_ascii=False))
