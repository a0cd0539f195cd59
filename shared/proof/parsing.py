"""Python from anybody, read in this process: bounded, and every refusal is a SyntaxError."""

from __future__ import annotations

import ast

BYTES = 64 * 1024
DEPTH = 60
"""Nodes within nodes. Deeper trees are no person's program, and end the functions that walk them."""


def parsed(source: str) -> ast.Module:
    """The tree of `source`. Raises SyntaxError for what is no Python, too long, or nested too deeply."""
    if len(source.encode("utf-8", "surrogatepass")) > BYTES:
        raise SyntaxError(f"longer than {BYTES} bytes")
    try:
        tree = ast.parse(source)
    except (ValueError, RecursionError, MemoryError) as error:  # surrogates, NUL bytes, ten thousand brackets
        raise SyntaxError(str(error) or "nested too deeply") from error
    level: list[ast.AST] = [tree]
    for _ in range(DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return tree
    raise SyntaxError("nested too deeply")
