"""Runs the visible cases of a goal in the learner's own interpreter: JSON on stdin, a line of JSON for each case."""

import contextlib
import io
import json
import os
import sys
import tempfile
import traceback

order = json.loads(sys.stdin.buffer.read())
out = sys.stdout
compiled, broken = None, None
try:
    compiled = compile(order["code"], order["file"], "exec")
except SyntaxError as error:
    broken = {
        "outcome": "compile_error",
        "error": {"type": type(error).__name__, "message": error.msg},
        "line": error.lineno,
    }


def place(error):
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == order["file"]]
    return lines[-1] if lines else None


def told(error):
    return {
        "error": {"type": type(error).__name__, "message": str(error)},
        "bases": [base.__name__ for base in type(error).__mro__],
        "line": place(error),
    }


def plain(value):
    """A value as JSON has it (tuples as lists); one that no case could state equals nothing."""
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        return {"not plain": repr(value)}


def judge(case):
    printed = io.StringIO()
    seen = {"outcome": "returned", "value": None, "shown": "", "error": None, "line": None}
    space = {"__name__": "solution" if case["call"] else "__main__"}
    sys.stdin = io.StringIO(case.get("stdin") or "")
    try:
        with contextlib.redirect_stdout(printed):
            exec(compiled, space)
            if case["call"] and case["call"] not in space:
                seen["outcome"] = "missing_function"
            elif case["call"]:
                value = space[case["call"]](*case["args"], **case["kwargs"])
                seen.update(shown=repr(value), value=plain(value))
    except SystemExit as error:
        if case["call"]:
            seen.update(outcome="raised", **told(error))
    except Exception as error:
        seen.update(outcome="raised", **told(error))
    return {**seen, "stdout": printed.getvalue()}


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    for case in order["cases"]:
        result = broken or judge(case)
        out.write(json.dumps({"id": case["id"], **result}) + "\n")
        out.flush()
    os.chdir("/")
