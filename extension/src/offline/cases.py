"""Runs the visible cases of a goal in the learner's own interpreter: JSON on stdin, a line of JSON for each case."""

import contextlib
import io
import json
import os
import sys
import tempfile
import traceback

order = json.loads(sys.stdin.read())
out = sys.stdout
compiled, broken = None, None
try:
    compiled = compile(order["code"], order["file"], "exec")
except SyntaxError as error:
    broken = {"outcome": "compile_error", "error": {"type": type(error).__name__, "message": error.msg}, "line": error.lineno}


def place(error):
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == order["file"]]
    return lines[-1] if lines else None


def judge(case):
    printed = io.StringIO()
    seen = {"outcome": "returned", "value": None, "shown": "", "error": None, "line": None}
    sys.stdin = io.StringIO(case.get("stdin") or "")
    try:
        with contextlib.redirect_stdout(printed):
            if case["call"]:
                space = {"__name__": "solution"}
                exec(compiled, space)
                value = space[case["call"]](*case["args"], **case["kwargs"])
                seen["shown"] = repr(value)
                seen["value"] = json.loads(json.dumps(value, allow_nan=False))
            else:
                exec(compiled, {"__name__": "__main__"})
    except KeyError as error:
        missing = case["call"] and case["call"] not in space
        seen["outcome"] = "missing_function" if missing else "raised"
        seen["error"], seen["line"] = {"type": "KeyError", "message": str(error)}, place(error)
    except (TypeError, ValueError) as error:
        plain = seen["shown"] and place(error) is None  # the value is none that a case could state
        seen["outcome"] = "returned" if plain else "raised"
        seen["value"] = {"not plain": seen["shown"]} if plain else None
        seen["error"] = None if plain else {"type": type(error).__name__, "message": str(error)}
        seen["line"] = place(error)
    except SystemExit as error:
        seen["outcome"] = "returned" if not case["call"] else "raised"
        seen["error"] = None if not case["call"] else {"type": "SystemExit", "message": str(error)}
    except Exception as error:
        seen["outcome"] = "raised"
        seen["error"], seen["line"] = {"type": type(error).__name__, "message": str(error)}, place(error)
        seen["bases"] = [base.__name__ for base in type(error).__mro__]
    return {**seen, "stdout": printed.getvalue()}


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    for case in order["cases"]:
        result = broken or judge(case)
        out.write(json.dumps({"id": case["id"], **result}) + "\n")
        out.flush()
    os.chdir("/")
