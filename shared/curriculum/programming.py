"""The programming languages a challenge may be in: what its author must keep to. How each is run: `shared/sandbox`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """`suffix`: of starter and reference. `defines`: a pattern with `{name}`, found where a function is defined.
    `errors`: what `raises` may name; a program's own class is met by the one of these it extends. `fences`: how
    Markdown marks its code. `taught_with`: the languages whose courses may have challenges in it, besides its own."""

    name: str
    suffix: str
    defines: str
    errors: frozenset[str]
    fences: tuple[str, ...]
    taught_with: tuple[str, ...] = ()

    def defined(self, function: str, source: str) -> bool:
        """Whether `source` defines `function` at its top level, as far as its words tell."""
        return re.search(self.defines.format(name=re.escape(function)), source, re.MULTILINE) is not None


def _python_errors() -> frozenset[str]:
    import builtins

    found = vars(builtins).items()
    return frozenset(name for name, what in found if isinstance(what, type) and issubclass(what, Exception))


_SCRIPT_ERRORS = frozenset(
    {"Error", "AggregateError", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError"}
)
_SCRIPT = r"^(?:export\s+)?(?:async\s+)?(?:function\*?\s+{name}\s*[(<]|(?:const|let|var)\s+{name}\b)"

LANGUAGES: Mapping[str, Language] = {
    language.name: language
    for language in (
        Language("python", ".py", r"^def {name}\(", _python_errors(), ("python",)),
        Language("javascript", ".js", _SCRIPT, _SCRIPT_ERRORS, ("js", "javascript")),
        Language("typescript", ".ts", _SCRIPT, _SCRIPT_ERRORS, ("ts", "typescript", "js"), ("javascript",)),
        Language("go", ".go", r"^func {name}\(", frozenset({"error", "panic"}), ("go",)),
    )
}
