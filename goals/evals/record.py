"""Runs every situation's program in the real runner and keeps what came of it: `python -m goals.evals.record`.

To be repeated where a program or a challenge changed. Needs the sandbox, and the toolchains of other languages.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from functions.api.outcome import finished
from functions.api.runner import LocalRunner, request_of
from goals.evals.situations import RECORDED, Learner, learners


def run(runner: LocalRunner, learner: Learner) -> dict[str, Any]:
    """The outcome of one run. Raises ValueError where nothing fails, or we did."""
    frames = list(runner.run(request_of(learner.digest, learner.challenge, learner.code)))
    cases = [frame for frame in frames if frame["kind"] == "case"]
    end = next((frame for frame in frames if frame["kind"] == "finished"), None)
    body = finished(goal="g", run="r", purpose="run", code="", challenge=learner.challenge, cases=cases, end=end, ms=0)
    if body.fault or body.passed == body.total:
        raise ValueError(f"{learner.name}: {body.verdict}, {body.passed} of {body.total} cases pass")
    report = json.loads(body.report)
    return {"digest": learner.digest, "passed": body.passed, "total": body.total, "report": report}


def main() -> int:
    runner = LocalRunner()
    kept, bad = {}, 0
    for learner in learners():
        try:
            kept[learner.name] = run(runner, learner)
        except ValueError as error:
            bad += 1
            sys.stderr.write(f"{error}\n")
    runner.stop()
    RECORDED.write_text(json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
