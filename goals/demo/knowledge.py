"""What the learner of the demo knows: right answers (the references in `courses/`), and an honest mistake in each."""

from __future__ import annotations

import ast

from shared.curriculum import load


class Knowledge:
    def __init__(self) -> None:
        self._curriculum = load()

    def right(self, challenge: str, variant: str | None) -> str:
        return self._curriculum.challenges[challenge].instantiate(variant).reference

    def wrong(self, challenge: str, variant: str | None) -> str:
        """With a mistake every beginner makes once."""
        code = self.right(challenge, variant)
        return returned_early(code) or one_off(code) or turned_round(code)

    def has_loop(self, challenge: str, variant: str | None) -> bool:
        """Can the answer end too early? Of all mistakes the one whose feedback says most."""
        return returned_early(self.right(challenge, variant)) is not None


def returned_early(code: str) -> str | None:
    """The same program, but its last `return` slipped into the loop before it: it ends on the first pass.

    None where no top-level function ends in a loop, perhaps some plain statements, and a `return`.
    """
    tree = ast.parse(code)
    for function in tree.body:
        if not isinstance(function, ast.FunctionDef) or len(function.body) < 2:
            continue
        loop, last = function.body[-2:]
        if isinstance(loop, ast.For) and isinstance(last, ast.Return):
            loop.body.append(last)
            function.body.pop()
            return ast.unparse(tree) + "\n"
    return None


def one_off(code: str) -> str | None:
    """The same program, but the last whole number in it is one too many. None where there is none."""
    tree = ast.parse(code)
    numbers = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and type(n.value) is int]
    if not numbers:
        return None
    last = max(numbers, key=lambda n: (n.lineno, n.col_offset))
    last.value = int(str(last.value)) + 1
    return ast.unparse(tree) + "\n"


def turned_round(code: str) -> str:
    """The same program, but its last `if` asks for the opposite."""
    tree = ast.parse(code)
    questions = [n for n in ast.walk(tree) if isinstance(n, ast.If)]
    if questions:
        last = max(questions, key=lambda n: (n.lineno, n.col_offset))
        last.test = ast.UnaryOp(ast.Not(), last.test)
    return ast.unparse(tree) + "\n"
