"""Exceptions in plain words: Python itself raises here, and the words must be true of what it raised."""

from __future__ import annotations

import traceback

import pytest

from functions.feedback.diagnosis import diagnose
from functions.feedback.failure import Failure, Raised
from functions.feedback.wording import failing

SAID = [
    ("word = 'tea'; word[0] = 'T'", "text is never changed in place", "texto nunca cambia por dentro"),
    ("pair = (1, 2); pair[0] = 3", "a tuple is never changed", "una tupla nunca cambia"),
    ("n = 3; n[0] = 1", "a whole number is used as if it were a collection", "un número entero se usa como si"),
    ("'-' + ['a']", "`+` does not work between text and a list", "`+` no funciona entre texto y una lista"),
    ("[1] + 2", "`+` does not work between a list and a whole number", "entre una lista y un número entero"),
    ("'a' - 'b'", "`-` does not work between text and text", "`-` no funciona entre texto y texto"),
    ("[1] < 2", "`<` does not work between a list and a whole number", "`<` no funciona entre una lista y"),
    ("'n = ' + 3", "text and a number meet here", "se juntan texto y número"),
    ("3 < '4'", "text and a number meet here", "se juntan texto y número"),
    ("5 in 'a5'", "text and a number meet here", "se juntan texto y número"),
    ("-'3'", "`-` does not work with text", "`-` no funciona con texto"),
    ("xs = []; xs.append[3]", "a function itself stands here", "aquí está una función"),
    ("for x in {}.items: pass", "a function itself stands here", "aquí está una función"),
    ("len([].copy) + 1", "a function itself stands here", "aquí está una función"),
    ("set([1, 2])[0]", "a set keeps no places", "un conjunto no guarda lugares"),
    ("{1: 2}.keys()[0]", "`dict_keys` keeps no places", "`dict_keys` no guarda lugares"),
    ("zip([1], [2])[0]", "`zip` keeps no places", "`zip` no guarda lugares"),
    (
        "range(4 / 2)",
        "a decimal number stands here where a whole number is needed",
        "un número decimal y hace falta un",
    ),
    ("range([1, 2])", "a list stands here where a whole number is needed", "aquí está una lista y hace falta un"),
    (
        "'a' * 1.5",
        "a decimal number stands here where a whole number",
        "un número decimal y hace falta un número entero",
    ),
    ("', '.join([1, 2])", "a whole number stands here where text is needed", "un número entero y hace falta texto"),
    ("'a'.replace('a', 1)", "a whole number stands here where text is needed", "un número entero y hace falta texto"),
    ("int([1])", "`int` cannot make anything of a list", "`int` no puede hacer nada con una lista"),
    ("{[1]: 2}", "a list can be neither a key nor", "una lista no puede ser clave"),
    ("a, b = 3", "a whole number is used as if it were a collection", "un número entero se usa como si"),
    ("for x in 3: pass", "a whole number is used as if", "un número entero se usa como si"),
    ("s = 'ab'; s['a']", "an index must be a whole number", "el índice debe ser un número entero"),
    ("sorted([1], [2])", "another number of values than it takes", "otro número de valores"),
    ("raise 'too short'", "what is raised here is no exception", "no es una excepción"),
    ("[].pop()", "empty by then", "ya está vacía"),
    ("max([])", "the largest or smallest of nothing", "el mayor o el menor de nada"),
    ("[1].remove(2)", "what is looked for here is not there", "lo que se busca aquí no está"),
    ("'a'.index('b')", "what is looked for here is not there", "lo que se busca aquí no está"),
    ("{1}.remove(2)", "what is looked for here is not there", "lo que se busca aquí no está"),
    ("{1: 2}[3]", "the dictionary has no key 3", "no tiene la clave 3"),
    ("range(1, 9, 0)", "the step is 0", "el paso es 0"),
    ("'a b'.split('')", "cannot be split at nothing", "no se puede partir por nada"),
    ("assert 1 > 2", "does not hold here", "no se cumple aquí"),
    ("[1].size", "a list has no `size`", "una lista no tiene `size`"),
    ("import math; math.root", "`math` has no `root`", "`math` no tiene `root`"),
    ("true", "`true` is not known; there is `True`", "no se conoce `true`; existe `True`"),
    ("open('no such file')", "there is no file of this name", "no hay ningún archivo"),
]


@pytest.mark.parametrize(("statements", "english", "spanish"), SAID, ids=[statements for statements, *_ in SAID])
def test_an_exception_is_told_in_words_that_are_true_of_it(statements: str, english: str, spanish: str) -> None:
    code = f"def f(n):\n    {statements}\n"
    scope: dict[str, object] = {}
    exec(compile(code, "program", "exec"), scope)  # noqa: S102
    with pytest.raises(Exception) as raised:
        scope["f"](1)  # type: ignore[operator]
    line = traceback.extract_tb(raised.value.__traceback__)[-1].lineno
    error = Raised(type(raised.value).__name__, str(raised.value), line)
    failure = Failure("c", True, "raised", "error", "f(1)", "2", "", line, {}, error)
    found = diagnose(code, "f", failure)
    assert found.line == 2
    assert english in failing("en", failure, found, 0)[0]
    assert spanish in failing("es", failure, found, 0)[0]
