"""What a run comes to: the frames clients may see, and the event that records it. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from shared.curriculum import Challenge
from shared.events.catalogue.learners import RunFinished

SHOWN = 5
"""Failing cases a report tells in full."""
_LONG = 2_000
_FULL = ("id", "subtask", "visible", "verdict", "input", "expected", "got", "line", "locals", "error", "stdout")
_VISIBLE = ("id", "subtask", "verdict", "input", "expected", "got", "line", "error", "stdout", "ms")
_HIDDEN = ("subtask", "verdict")


def for_client(case: Mapping[str, Any]) -> dict[str, Any]:
    """A case as its learner may see it. Of a hidden one: that it exists, its sub-task and verdict; never its name
    (it tells what is asked), its input or what it expects."""
    visible = bool(case.get("visible"))
    kept = {name: case.get(name) for name in (_VISIBLE if visible else _HIDDEN)}
    return {**kept, "visible": visible}


def redacted(report: str) -> str:
    """A stored report without what its hidden cases ask."""
    try:
        cases = json.loads(report)["cases"]
    except (ValueError, KeyError, TypeError):
        return ""
    return json.dumps({"cases": [for_client(case) for case in cases]}, separators=(",", ":"))


def failing(report: str) -> list[dict[str, Any]]:
    """The failing cases of a stored report, as their learner may see them."""
    text = redacted(report)
    return list(json.loads(text)["cases"]) if text else []


def _passed(case: Mapping[str, Any]) -> bool:
    return case.get("verdict") == "passed"


def report(cases: Iterable[Mapping[str, Any]]) -> str:
    """The failing cases in full, at most `SHOWN`, visible first."""
    bad = sorted((c for c in cases if not _passed(c)), key=lambda c: not c.get("visible"))[:SHOWN]
    told = [{name: _short(case.get(name)) for name in _FULL} for case in bad]
    return json.dumps({"cases": told}, separators=(",", ":"), ensure_ascii=False).replace("\\u0000", "\\ufffd")


def _short(value: Any) -> Any:
    """Bounded: what the learner's code made may be huge."""
    match value:
        case str():
            return value if len(value) <= _LONG else value[:_LONG] + "…"
        case dict():
            return {str(key)[:200]: _short(inner) for key, inner in list(value.items())[:50]}
        case list() if len(json.dumps(value)) > _LONG:
            return json.dumps(value)[:_LONG] + "…"
        case _:
            return value


def signature(cases: Iterable[Mapping[str, Any]]) -> str:
    """Equal for equal failures: which cases fail, how, and the first error's class. Empty when none fails."""
    bad = [case for case in cases if not _passed(case)]
    if not bad:
        return ""
    errors = [error["type"] for case in bad if isinstance(error := case.get("error"), Mapping) and "type" in error]
    parts = [*sorted(f"{case.get('id')}={case.get('verdict')}" for case in bad), *errors[:1]]
    return sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def finished(
    *,
    goal: str,
    run: str,
    purpose: Any,
    code: str,
    challenge: Challenge,
    cases: Sequence[Mapping[str, Any]],
    end: Mapping[str, Any] | None,
    ms: float,
) -> RunFinished:
    """`code`: the payload reference of the request. `end`: the runner's last word; None where it failed us."""
    total = len(challenge.cases)
    passed = sum(map(_passed, cases))
    fault = end is None
    subtasks = {subtask.id: True for subtask in challenge.subtasks}
    seen = {case.get("id"): _passed(case) for case in cases}
    for case in challenge.cases:
        subtasks[case.subtask] = subtasks.get(case.subtask, True) and seen.get(case.id, False)
    verdict = str((end or {}).get("verdict") or ("passed" if passed == total else "failed"))
    return RunFinished(
        goal=goal,
        run=run,
        purpose=purpose,
        passed=passed,
        failed=0 if fault else total - passed,
        total=total,
        verdict="fault" if fault else verdict,
        mode=str((end or {}).get("mode") or "none"),
        ms=float((end or {}).get("ms") or ms),
        signature="" if fault else signature(cases),
        subtasks={} if fault else subtasks,
        code=code,
        report=report(cases) if not fault and passed < total else "",
        fault=fault,
    )
