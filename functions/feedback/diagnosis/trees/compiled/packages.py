"""Functions of Go and of a few of its packages."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from functions.feedback.diagnosis.trees.compiled.values import Failed, ascii_only
from functions.feedback.diagnosis.trees.walking.notes import SIZE, TooHard


def _len(value: Any) -> int:
    return 0 if value is None else len(value.encode()) if isinstance(value, str) else len(value)


def _repeated(text: str, count: int) -> str:
    if not 0 <= count * max(1, len(text)) <= SIZE:
        raise TooHard
    return text * count


def _atoi(text: str) -> tuple[int, Any]:
    return (int(text), None) if re.fullmatch(r"[+-]?\d+", text) else (0, Failed(message="invalid syntax"))


def _halves(value: float) -> float:
    return math.copysign(math.floor(abs(value) + 0.5), value)


SORTING = frozenset({"sort.Ints", "sort.Strings", "sort.Float64s", "sort.Slice", "sort.SliceStable", "slices.Sort",
                     "slices.SortFunc", "slices.Reverse"})  # fmt: skip

OWN: Mapping[str, Callable[..., Any]] = {
    "len": _len, "cap": _len, "min": min, "max": max, "append": list, "make": list, "panic": list, "copy": list,
    "delete": list, "strings.Contains": lambda a, b: b in a, "strings.HasPrefix": lambda a, b: a.startswith(b),
    "strings.HasSuffix": lambda a, b: a.endswith(b), "strings.Index": lambda a, b: ascii_only(a).find(b),
    "strings.ToUpper": lambda a: a.upper(), "strings.ToLower": lambda a: a.lower(),
    "strings.TrimSpace": lambda a: a.strip(), "strings.Split": lambda a, by: a.split(by) if by else list(a),
    "strings.Fields": lambda a: a.split(), "strings.Join": lambda parts, by: by.join(parts or []),
    "strings.Repeat": _repeated, "strings.ReplaceAll": lambda a, b, c: a.replace(b, c),
    "strings.Replace": lambda a, b, c, n: a.replace(b, c, n), "strings.Count": lambda a, b: a.count(b),
    "strconv.Itoa": str, "strconv.Atoi": _atoi, "math.Abs": lambda x: abs(float(x)),
    "math.Floor": lambda x: float(math.floor(x)), "math.Ceil": lambda x: float(math.ceil(x)),
    "math.Round": _halves, "math.Sqrt": lambda x: math.sqrt(x), "math.Max": lambda a, b: float(max(a, b)),
    "math.Min": lambda a, b: float(min(a, b)), "math.Pow": lambda a, b: float(a**b) if abs(b) < 64 else 1 / 0,
    "math.Inf": lambda sign: math.inf if sign >= 0 else -math.inf,
    "unicode.IsUpper": lambda r: chr(r).isupper(), "unicode.IsLower": lambda r: chr(r).islower(),
    "unicode.IsDigit": lambda r: chr(r).isdigit(), "unicode.IsLetter": lambda r: chr(r).isalpha(),
    "unicode.IsSpace": lambda r: chr(r).isspace(), "unicode.ToLower": lambda r: ord(chr(r).lower()),
    "unicode.ToUpper": lambda r: ord(chr(r).upper()),
}  # fmt: skip
