"""Prompts: versioned files, `functions/<node>/prompts/<name>.v<N>.md`.

    +++
    name = "feedback"            # as in the file's name
    version = 1                  # as in the file's name: a change in words is a new file
    seconds = 6                  # the whole call, retries with it
    output_tokens = 300

    [inputs.code]                # every input is declared; its text is data, fenced (fence.py)
    limit = 6000                 # characters; what is beyond is left out, and the model is told

    [inputs.language]
    limit = 20
    ours = true                  # one of our own words: stands in the text as it is
    +++
    # System
    …{{language}}…
    # Request
    …{{code}}…

Only inputs that are `ours` may stand in the system part.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.errors import InvalidInput
from shared.models.fence import clean, fenced, rule

_FILE = re.compile(
    r"\A\+\+\+\n(?P<front>.*?)\n\+\+\+\n+# System\n(?P<system>.*?)\n# Request\n(?P<request>.*)\Z", re.DOTALL
)
_SLOT = re.compile(r"\{\{(\w+)\}\}")
_NAME = re.compile(r"(?P<name>[a-z0-9-]+)\.v(?P<version>[0-9]+)\.md")


class Input(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(ge=1, le=200_000)
    ours: bool = False


class _Front(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9-]{1,80}$")
    version: int = Field(ge=1)
    seconds: float = Field(default=8, gt=0, le=120)
    output_tokens: int = Field(default=500, ge=1, le=32_000)
    inputs: dict[str, Input]


@dataclass(frozen=True, slots=True)
class Rendered:
    """The two parts of a question, ready to be sent."""

    system: str
    request: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """`seconds`: the longest a call may take in all; `output_tokens`: the most it may write; `digest`: of the file."""

    name: str
    version: int
    seconds: float
    output_tokens: int
    inputs: Mapping[str, Input]
    system: str
    request: str
    digest: str

    @classmethod
    def of(cls, text: str, where: str) -> Prompt:
        """Reads a prompt's text. Raises InvalidInput, naming `where`."""
        found = _FILE.match(text)
        if found is None:
            raise InvalidInput(f"{where} is not a prompt", hint="+++ front matter +++, # System, # Request")
        try:
            front = _Front.model_validate(tomllib.loads(found["front"]))
        except (tomllib.TOMLDecodeError, ValidationError) as error:
            raise InvalidInput(f"{where}: its front matter cannot be read: {error}") from error
        system, request = found["system"].strip(), found["request"].strip()
        used, outside = set(_SLOT.findall(system + request)), set(_SLOT.findall(system))
        if used != set(front.inputs):
            odd = ", ".join(sorted(used ^ set(front.inputs)))
            raise InvalidInput(f"{where}: declared and used inputs differ: {odd}")
        if not all(front.inputs[name].ours for name in outside):
            raise InvalidInput(f"{where}: a text that is not ours stands in the system part")
        digest = sha256(text.encode()).hexdigest()
        return cls(front.name, front.version, front.seconds, front.output_tokens, front.inputs, system, request, digest)

    @property
    def of_learner(self) -> bool:
        """Whether an answer may tell something of one learner: then it is theirs, and kept for them alone."""
        return any(not given.ours for given in self.inputs.values())

    def check(self, inputs: Mapping[str, str]) -> None:
        """Raises InvalidInput where the inputs are not those declared."""
        if set(inputs) != set(self.inputs):
            odd = ", ".join(sorted(set(inputs) ^ set(self.inputs)))
            raise InvalidInput(f"prompt {self.name} v{self.version} declares other inputs: {odd}")
        for name, text in inputs.items():
            if not isinstance(text, str):
                raise InvalidInput(f"prompt {self.name} v{self.version}: input {name} is not a text")

    def render(self, inputs: Mapping[str, str], fence: str) -> Rendered:
        """`fence`: unguessable, new for each call. Raises InvalidInput."""
        self.check(inputs)
        shown = {
            name: clean(text, given.limit)
            if (given := self.inputs[name]).ours
            else fenced(name, text, given.limit, fence)
            for name, text in inputs.items()
        }
        system = _SLOT.sub(lambda slot: shown[slot[1]], self.system)
        if self.of_learner:
            system = f"{system}\n\n{rule(fence)}"
        return Rendered(system, _SLOT.sub(lambda slot: shown[slot[1]], self.request))


@cache
def load_prompt(folder: Path, name: str, version: int | None = None) -> Prompt:
    """The newest version of a prompt in `folder`, or the one asked for; read once. Raises InvalidInput."""
    found = {
        int(match["version"]): path
        for path in folder.glob("*.md")
        if (match := _NAME.fullmatch(path.name)) and match["name"] == name
    }
    if not found or (version is not None and version not in found):
        raise InvalidInput(f"there is no prompt {name} {version or ''} in {folder.name}".strip())
    path = found[version or max(found)]
    prompt = Prompt.of(path.read_text("utf-8"), path.name)
    if path.name != f"{prompt.name}.v{prompt.version}.md":
        raise InvalidInput(f"{path.name} calls itself {prompt.name} v{prompt.version}")
    return prompt
