"""What the learner of the demo knows: right answers (the references in `courses/`), and an honest mistake in each."""

from __future__ import annotations

import ast

from shared.curriculum import load


class Knowledge:
    def __init__(self) -> None:
        self._curriculum = load()

    def right(self, challenge: str, variant: str | None) -> str:
        return self._curriculum.challenges[challenge].instantiate(variant).reference

    def wrong(self, challenge: str, variant: str | None) -> str | None:
        """With the mistake every beginner makes once; None where this answer leaves no room for it."""
        return returned_early(self.right(challenge, variant))


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
