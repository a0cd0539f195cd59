"""Every language does the same, in both modes: each case of `cases/` is run in each language of the table and in
Python. A case is data; one that shows a wall also shows that without it the program would have had its way."""

from __future__ import annotations

import os
import socket
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.sandbox import Call, Limits, Mode, Observation, Opaque, Printed, Sandbox, decode
from shared.sandbox.conversation import Conversation
from shared.sandbox.languages import LANGUAGES

CASES = {
    f"{path.stem}: {case['name']}": case
    for path in sorted((Path(__file__).parent / "cases").glob("*.toml"))
    for case in tomllib.loads(path.read_text("utf-8"))["case"]
}
SPOKEN = ("python", *LANGUAGES)
MODES: tuple[Mode, ...] = ("bubblewrap", "landlock")
BOTH = ("walls", "limits")
"""The topics that are also run without a warm process. What is left is the launcher's, which is the same."""

KINDS = [(name, warm) for name in CASES for warm in (False, True) if warm or name.partition(":")[0] in BOTH]


class Boxes:
    """Sandboxes by mode, warmth and limits: made once, because a warm one has a process of its own."""

    def __init__(self) -> None:
        self.made: dict[tuple[Mode, bool, Limits], Sandbox] = {}

    def __call__(self, mode: Mode, warm: bool, limits: Limits) -> Sandbox:
        key = (mode, warm, limits)
        if key not in self.made:
            self.made[key] = Sandbox(mode=mode, warm=warm, limits=limits)
        return self.made[key]


@pytest.fixture(scope="module")
def boxes() -> Iterator[Boxes]:
    boxes = Boxes()
    yield boxes
    for sandbox in boxes.made.values():
        sandbox.close()


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What a program may not reach, as arguments: a file of the host that any uid may read, and an open port."""
    folder = tmp_path_factory.mktemp("outside")
    for parent in (folder, *folder.parents[:-2]):
        parent.chmod(0o777)
    (folder / "secret.txt").write_text("a host's secret")
    (folder / "secret.txt").chmod(0o666)
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield {"FILE": str(folder / "secret.txt"), "PORT": server.getsockname()[1], "PID": os.getpid()}


def for_language(value: Any, language: str) -> Any:
    """Where languages differ, an expectation is a table by language; `other` is everybody else's."""
    if isinstance(value, dict) and value.keys() & {*SPOKEN, "other"}:
        return value.get(language, value.get("other"))
    return value


def asked(case: dict[str, Any], outside: dict[str, Any]) -> list[Call]:
    calls = []
    for number, one in enumerate(case["call"]):
        args = tuple(outside.get(arg, arg) if isinstance(arg, str) else arg for arg in one.get("args", ()))
        calls.append(Call(str(number), one["function"], args, {}, one.get("stdin", ""), one.get("files", {})))
    return calls


def told(sandbox: Sandbox, case: dict[str, Any], language: str, calls: list[Call]) -> list[Observation]:
    with sandbox.run(case["program"][language], calls, language=language) as run:
        return list(run)


def check(seen: Observation, wanted: dict[str, Any], language: str) -> None:
    def expectation(name: str, otherwise: Any = None) -> Any:
        return for_language(wanted.get(name, otherwise), language)

    outcomes = expectation("outcome", "returned")
    assert seen.outcome in (outcomes if isinstance(outcomes, list) else [outcomes]), seen
    if "returns" in wanted:
        assert shown(decode(seen.value)) == shown(decode(expectation("returns")))
    if "type" in wanted:
        assert seen.error is not None and seen.error.type == expectation("type")
    if "message" in wanted:
        assert seen.error is not None and expectation("message") in seen.error.message
    if "base" in wanted:
        assert seen.error is not None and expectation("base") in seen.error.bases
    if "line" in wanted:
        assert seen.line == expectation("line")
    if "column" in wanted:
        assert seen.error is not None and seen.error.column == expectation("column")
    for stream in ("stdout", "stderr"):
        if stream in wanted:
            assert getattr(seen, stream) == expectation(stream)


def shown(value: object) -> object:
    """Opaque values are equal to nothing: here what they show is compared. Nor is NaN equal to itself."""
    match value:
        case Opaque(text, kind):
            return ("opaque", text, kind)
        case list():
            return [shown(item) for item in value]
        case float() if value != value:
            return "nan"
        case dict():
            return {key: shown(item) for key, item in value.items()}
        case _:
            return value


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("name", "warm"), KINDS, ids=[f"{name}-{'warm' if warm else 'cold'}" for name, warm in KINDS])
def test_a_language_does_what_all_do(
    name: str, warm: bool, mode: Mode, language: str, outside: dict[str, Any], boxes: Boxes
) -> None:
    case = CASES[name]
    calls = asked(case, outside)
    if "without_walls" in case and not warm:
        bare = Sandbox(allow_none=True, mode="none", warm=False, limits=Limits(**case.get("limits", {})))
        assert told(bare, case, language, calls)[0].outcome == case["without_walls"]
    sandbox = boxes(mode, warm, Limits(**case.get("limits", {})))
    seen = told(sandbox, case, language, calls)
    assert [one.call for one in seen] == [call.id for call in calls]
    for observation, wanted in zip(seen, case["call"], strict=True):
        check(observation, wanted, language)
        assert (observation.mode, observation.warm) == (mode, warm)


LOADS_IN_VAIN = {
    "python": "print('loading')\ndef f():\n    print('called')\nx = [][0]\n",
    "javascript": "console.log('loading')\nfunction f() { console.log('called') }\nnull.x\n",
    "typescript": "console.log('loading')\nexport function f() { console.log('called') }\n"
    "const nothing: any = null\nnothing.x\n",
    "go": CASES[
        "errors: what the program says while it loads belongs to its first call; what fails there fails every call"
    ]["program"]["go"],
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("language", SPOKEN)
def test_a_program_that_fails_while_it_loads_is_begun_no_more_however_late_that_is_heard(
    language: str, mode: Mode, boxes: Boxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first call is on its way by then. What it would print must not be taken for what was said while loading."""
    drain = Conversation._drain

    def late(talk: Conversation) -> bool:
        time.sleep(0.3)  # the host of a busy machine
        return drain(talk)

    monkeypatch.setattr(Conversation, "_drain", late)
    sandbox = boxes(mode, True, Limits())
    with sandbox.run(LOADS_IN_VAIN[language], [Call("0", "f"), Call("1", "f")], language=language) as run:
        seen = list(run)
    assert [(one.outcome, one.stdout) for one in seen] == [("raised", "loading\n")] * 2


@pytest.mark.parametrize("name", CASES)
def test_every_case_is_there_in_every_language(name: str) -> None:
    assert CASES[name]["program"].keys() == set(SPOKEN)


STREAMING = {
    "python": "import time\ndef f():\n    print('first')\n    time.sleep(0.4)\n    print('second')\n",
    "javascript": (
        "async function f() { console.log('first'); await new Promise((go) => setTimeout(go, 400));"
        " console.log('second') }\n"
    ),
    "typescript": (
        "export async function f(): Promise<void> { console.log('first');"
        " await new Promise((go) => setTimeout(go, 400)); console.log('second') }\n"
    ),
    "go": (
        'package main\n\nimport (\n\t"fmt"\n\t"time"\n)\n\nfunc f() {\n\tfmt.Println("first")\n'
        '\ttime.Sleep(400 * time.Millisecond)\n\tfmt.Println("second")\n}\n'
    ),
}


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("mode", MODES)
def test_what_is_printed_leaves_while_the_call_still_runs(mode: Mode, language: str) -> None:
    with Sandbox(mode=mode, warm=False).run(
        STREAMING[language], [Call("one", "f")], language=language, streamed=True
    ) as run:
        times = [(item.text if isinstance(item, Printed) else item.stdout, time.monotonic()) for item in run]
    assert [text for text, _ in times] == ["first\n", "second\n", "first\nsecond\n"]
    assert times[1][1] - times[0][1] > 0.3
