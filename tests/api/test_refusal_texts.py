"""What a learner is refused is said by a code, and every code has its words in each of our languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any, get_args

import pytest
from pydantic_core import PydanticKnownError
from pydantic_core.core_schema import ErrorType

from functions.access.agent import Reason
from functions.access.texts import CONSENTS, REFUSED, STATES
from shared import errors
from shared.errors import GoalsError
from shared.events.catalogue.contracts import Consent
from shared.http.problem import TYPE, type_of
from shared.lake import errors as of_lake
from shared.machines import ENROLMENT
from shared.refusals import fault, listed, say, table
from shared.spoken import NAMES

ROOT = Path(__file__).parents[2]
REACHABLE = (
    "functions/api",
    "functions/access",
    "functions/contract",
    "functions/courses/lookup.py",
    "functions/mcp",
    "shared/auth",
    "shared/events",
    "shared/http",
    "shared/lake/objects/local.py",
    "shared/lake/objects/port.py",
    "shared/models/redis.py",
    "shared/readmodel",
    "shared/store/append.py",
    "shared/store/batching.py",
)
"""Where something is refused that a learner may have asked for, by the extension, the command line or MCP."""
OPERATORS = {
    "functions/api/runner.py": "the runner's words to the API: a learner's run is a fault then, in words of its own",
    "functions/api/serving.py": "settings of a server",
    "shared/auth/keys.py": "settings of a server",
}
"""Files among them that speak to operators."""
TOLD_ON = {
    ("functions/api/runs.py", "verdict.text"),
    ("functions/api/routes/choices.py", "verdict.text"),
    ("functions/mcp/door.py", "str"),
    ("shared/lake/objects/local.py", "f'no space left for {key}'"),
    ("shared/lake/objects/local.py", "f'{key} is in the lake already'"),
}
"""Said already in the learner's language (the access rule; the API to MCP), or where the lake is written, which no
learner does."""
SECTIONS = {"titles", "fields"}
PARTS = ("hint", "remedy")


def kinds() -> dict[str, type[GoalsError]]:
    found = {
        name: kind
        for module in (errors, of_lake)
        for name, kind in vars(module).items()
        if isinstance(kind, type) and issubclass(kind, GoalsError)
    }
    found["Damaged"] = of_lake.Damaged
    return found


@dataclass(frozen=True)
class Place:
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def files() -> Iterator[Path]:
    for name in REACHABLE:
        path = ROOT / name
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def calls() -> Iterator[tuple[Place, ast.Call]]:
    for path in files():
        file = path.relative_to(ROOT).as_posix()
        if file in OPERATORS:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield Place(file, node.lineno), node


def sayings() -> Iterator[tuple[Place, str, set[str]]]:
    """Every `say` in the whole tree that names its code: where, the code, what is put into its words."""
    for path in sorted(p for part in ("functions", "shared", "graph", "goals") for p in (ROOT / part).rglob("*.py")):
        text = path.read_text("utf-8")
        if "from shared.refusals import" not in text and path.name != "refusals.py":
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                [code] = node.args
                assert isinstance(code, ast.Constant), f"{path}:{node.lineno}: the code is written out, so it is found"
                place = Place(path.relative_to(ROOT).as_posix(), node.lineno)
                yield place, str(code.value), {str(keyword.arg) for keyword in node.keywords}


def entries() -> dict[str, Mapping[str, Any]]:
    return {code: entry for code, entry in table().items() if code not in SECTIONS}


def names(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}


def test_everything_a_learner_may_be_refused_is_said_by_a_code() -> None:
    bare = []
    for place, call in calls():
        if not isinstance(call.func, ast.Name) or call.func.id not in kinds() or not call.args:
            continue
        said = call.args[0]
        if isinstance(said, ast.Call) and isinstance(said.func, ast.Name) and said.func.id == "say":
            continue
        written = ast.unparse(said.func) if isinstance(said, ast.Call) else ast.unparse(said)
        if (place.file, written) not in TOLD_ON:
            bare.append(f"{place}: {ast.unparse(call)[:90]}")
    assert bare == []


@pytest.mark.parametrize("code", entries())
def test_a_code_has_words_in_every_language_and_they_ask_for_the_same(code: str) -> None:
    entry = entries()[code]
    assert set(NAMES) <= set(entry)
    for part in (entry, *(entry[name] for name in PARTS if name in entry)):
        found = {language: names(part[language]) for language in NAMES}
        assert found["es"] == found["en"]
        assert all(part[language].strip() for language in NAMES)
    for name, words in entry.items():
        if name in NAMES or name in PARTS:
            continue
        assert name in names(entry["en"]), f"{name} has words and is not in the sentence"
        assert all(set(one) == set(NAMES) and all(one.values()) for one in words.values())


def test_every_code_that_is_said_is_there_with_what_its_words_ask_for_and_none_is_left_over() -> None:
    said = set()
    for place, code, given in sayings():
        said.add(code)
        entry = entries()[code]
        asked = {name for part in (entry, *(entry[p] for p in PARTS if p in entry)) for name in names(part["en"])}
        assert given == asked, f"{place}: {code}"
    assert said == set(entries())


def test_values_that_are_words_have_theirs_for_everything_they_can_be() -> None:
    assert set(table()["goal_over"]["state"]) == {"solved", "swapped", "abandoned"}
    assert set(table()["course_stands"]["state"]) == set(ENROLMENT.states)
    assert say("goal_over", state="swapped").detail("es") == "este reto se cambió por otro"


def test_every_kind_of_problem_has_a_title_in_every_language_and_the_english_is_its_own() -> None:
    own = {type_of(kind).removeprefix(TYPE): kind.title for kind in kinds().values()}
    inside = {"goals-error", "damaged", "already-there", "lake-full"}
    titles = table()["titles"]
    assert set(own) - inside <= set(titles)
    for kind, words in titles.items():
        assert set(words) == set(NAMES)
        assert words["en"] == own.get(kind, words["en"])


UNMET = (
    "bytes", "callable", "complex", "dataclass", "decimal", "deque", "counter", "ordered", "frozen_field",
    "frozen_instance", "frozen_dict", "fraction", "url", "uuid", "time_type", "time_parsing", "time_delta", "is_",
    "iter", "named_tuple", "needs_python", "no_such", "recursion", "get_attribute", "missing_", "multiple_argument",
    "unexpected_", "arguments", "ellipsis", "default_factory", "date_past", "date_future", "datetime_past",
    "datetime_future", "datetime_object", "timezone_naive", "timezone_offset", "set_item", "invalid_key",
    "assertion",
)  # fmt: skip
"""Beginnings of pydantic's errors that JSON and our models cannot lead to."""
CONTEXT = {
    **dict.fromkeys(("gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "actual_length"), 3),
    **dict.fromkeys(("field_type", "pattern", "expected", "error", "discriminator", "tag", "expected_tags"), "x"),
    "class_name": "X",
}
"""What pydantic puts into any of them."""


@pytest.mark.parametrize("type_", [t for t in get_args(ErrorType) if not t.startswith(UNMET)])
def test_whatever_is_wrong_with_a_field_has_spanish_words_that_ask_for_what_pydantic_tells(type_: str) -> None:
    template = PydanticKnownError(type_, CONTEXT).message_template  # type: ignore[arg-type]
    assert names(table()["fields"][type_]) <= names(template)


def test_a_fault_without_words_of_its_own_is_said_all_the_same() -> None:
    wrong = fault({"type": "uuid_parsing", "loc": ("body", "id"), "msg": "Input should be a valid UUID", "ctx": {}})
    assert [one.detail("es") for one in listed([wrong])] == ["body.id: no es válido"]
    assert wrong.problem("en") == {"at": "body.id", "problem": "Input should be a valid UUID"}


def test_what_the_access_rule_says_has_the_same_words_to_fill_in_every_language() -> None:
    assert set(REFUSED) == set(get_args(Reason)) - {"not_your_goal"}
    for words in (one for pair in REFUSED.values() for one in pair):
        assert set(words) == set(NAMES)
        assert names(words["es"]) == names(words["en"])
    assert all(set(words) == set(NAMES) for words in STATES.values())


def test_every_consent_has_a_name_that_people_use() -> None:
    assert set(CONSENTS) == set(get_args(Consent))
    assert all(set(words) == set(NAMES) for words in CONSENTS.values())
