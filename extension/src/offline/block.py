"""Runs a block of a lesson in the learner's own interpreter, after the blocks before it: JSON on stdin, its words on stdout."""

import ast
import contextlib
import doctest
import io
import json
import os
import sys
import traceback

order = json.loads(sys.stdin.buffer.read())
sys.stdout.reconfigure(encoding="utf-8")
for name, text in order["files"].items():
    with open(os.path.basename(name), "w", encoding="utf-8") as file:
        file.write(text)
space = {"__name__": "__lesson__"}


def run(code, shows):
    """A plain block as a whole, its last value shown; a transcript example by example, as it was typed."""
    sys.stdin = io.StringIO(order["stdin"])
    if ">>>" in code:
        for example in doctest.DocTestParser().get_examples(code):
            if shows:
                print(">>> " + example.source.rstrip("\n").replace("\n", "\n... "))
            told(lambda: exec(compile(example.source, "<lesson>", "single"), space))
        return
    body = ast.parse(code, "<lesson>").body
    last = [body.pop()] if body and isinstance(body[-1], ast.Expr) else []
    exec(compile(ast.Module(body, []), "<lesson>", "exec"), space)
    exec(compile(ast.Interactive(last), "<lesson>", "single"), space)


def told(work):
    """What goes wrong is shown as Python shows it, without our own lines."""
    try:
        work()
    except SystemExit:
        pass
    except BaseException as error:
        frames = [one for one in traceback.extract_tb(error.__traceback__) if one.filename == "<lesson>"]
        if frames:
            print("Traceback (most recent call last):")
            print("".join(f"  line {one.lineno}, in {one.name}\n" for one in frames), end="")
        print("".join(traceback.format_exception_only(type(error), error)), end="")


for code in order["before"]:
    with contextlib.redirect_stdout(io.StringIO()):
        told(lambda: run(code, False))
told(lambda: run(order["code"], True))
