"""A prompt and a schema of the tests' own."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field

from shared.models import Asker, Prompt

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ANA = Asker("ana", "trial-ana", "school")


class Said(BaseModel):
    """What the tests ask for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(max_length=280)


def prompt(*, seconds: float = 3, tokens: int = 100, limit: int = 200, more: str = "") -> Prompt:
    return Prompt.of(
        f"""+++
name = "look-at-code"
version = 2
seconds = {seconds}
output_tokens = {tokens}

[inputs.code]
limit = {limit}

[inputs.language]
limit = 10
ours = true
+++

# System
Say in one sentence ({{{{language}}}}) where to look. {more}
# Request
The code:
{{{{code}}}}
""",
        "look-at-code.v2.md",
    )


def ours() -> Prompt:
    """A prompt that holds nothing of a learner's."""
    return Prompt.of(
        """+++
name = "greeting"
version = 1

[inputs.language]
limit = 10
ours = true
+++

# System
Greet.
# Request
In {{language}}.
""",
        "greeting.v1.md",
    )


INPUTS = {"code": "def f(x):\n    return x", "language": "en"}
