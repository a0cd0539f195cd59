"""TypeErrors in plain words: which kinds met at which sign, and what a value of this kind cannot do.

By Python's message alone (3.11 to 3.13 word them alike). The words of a diagnosis name kinds by their class; texts.toml
has each in plain words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

NUMBERS = {"int", "float", "bool", "complex"}
UNCALLED = {"function", "method", "builtin_function_or_method", "type", "method_descriptor", "wrapper_descriptor"}
"""What stands there when the round brackets are missing."""
WALKED = {"set", "frozenset", "dict_keys", "dict_values", "dict_items", "zip", "map", "filter", "generator",
          "enumerate", "reversed", "range_iterator", "list_iterator", "list_reverseiterator"}  # fmt: skip
"""What can be walked over and keeps no places."""
FIXED = {"str", "tuple", "range", "bytes"}
"""What has places, and none of them may be given another value."""

KIND = r"'(?P<kind>[\w.]+)'"
OTHER = r"'(?P<other>[\w.]+)'"

SINGLE = "single-value"

SAID = tuple(
    (re.compile(pattern.replace("KIND", KIND).replace("OTHER", OTHER)), cause, more)
    for pattern, cause, more in (
        (r"operand type\(s\) for (?P<sign>[^\s:]+)(?: or [^:]+)?: KIND and OTHER", "meet", {}),
        (r"'(?P<sign>[<>=]+)' not supported between instances of KIND and OTHER", "meet", {}),
        (r"can only concatenate (?P<kind>[\w.]+) \(not \"(?P<other>[\w.]+)\"\)", "meet", {"sign": "+"}),
        (r"'in <string>' requires string.*, not (?P<kind>[\w.]+)", "meet", {"sign": "in", "other": "str"}),
        (r"not all arguments converted during string formatting", "string-number", {}),
        (r"bad operand type for (?:unary )?(?P<sign>[^\s:]+): KIND", "sign-for-kind", {}),
        (r"indices must be", "index-kind", {}),
        (r"KIND object (?:does not|doesn't) support item", "fixed-value", {}),
        (r"KIND object is not (?:subscriptable|iterable|reversible)", SINGLE, {}),
        (r"argument of type KIND is not", SINGLE, {}),
        (r"non-iterable (?P<kind>[\w.]+) object", SINGLE, {}),
        (r"object of type KIND has no len", SINGLE, {}),
        (r"unhashable type: 'slice'", "no-places", {"kind": "dict"}),
        (r"unhashable type: KIND", "unhashable", {}),
        (r"KIND object cannot be interpreted as an integer", "kind-wanted", {"other": "int"}),
        (r"can't multiply sequence by non-int of type KIND", "kind-wanted", {"other": "int"}),
        (r"must be real number, not (?P<kind>[\w.]+)", "kind-wanted", {"other": "number"}),
        (r"a real number is required, not (?P<kind>[\w.]+)", "kind-wanted", {"other": "number"}),
        (r"expected str instance, (?P<kind>[\w.]+) found", "kind-wanted", {"other": "str"}),
        (r"(?P<name>\w+)\(\) argument must be .*, not KIND", "takes-no-such", {}),
        (r"must be (?:None or )?(?:a )?str\b.*, not '?(?P<kind>[\w.]+)'?$", "kind-wanted", {"other": "str"}),
        (r"exceptions must derive from BaseException", "no-exception", {}),
    )
)  # fmt: skip
"""A message, the cause it stands for, and words that it leaves out; `meet` is settled by the two kinds."""


def told(message: str) -> tuple[str, Mapping[str, str]] | None:
    """The cause that a TypeError's message stands for, and its words."""
    for pattern, cause, more in SAID:
        if (found := pattern.search(message)) is not None:
            return _of(cause, {**found.groupdict(), **more})
    return None


def _of(cause: str, words: dict[str, str]) -> tuple[str, Mapping[str, str]]:
    kinds = [words[name] for name in ("kind", "other") if name in words]
    uncalled = next((kind for kind in kinds if kind in UNCALLED), None)
    if uncalled is not None and cause != "unhashable":
        return "not-called", {"kind": uncalled}
    match cause:
        case "meet" if "str" in kinds and NUMBERS & set(kinds):
            return "string-number", {}
        case "meet":
            return "kinds-apart", words
        case "fixed-value" if words["kind"] in WALKED:
            return "no-places", words
        case "fixed-value" if words["kind"] not in FIXED:
            return SINGLE, words
        case "single-value" if words["kind"] in WALKED:
            return "no-places", words
        case _:
            return cause, words
