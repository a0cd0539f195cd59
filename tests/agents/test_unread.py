"""Code that Python cannot read is told in plain words, in both languages, and never as "invalid syntax"."""

from __future__ import annotations

import pytest

from functions.feedback.diagnosis import diagnose, unread
from functions.feedback.failure import Failure, Raised
from functions.feedback.wording import failing

LINES = [
    ("if n:\n        pass\n    else if n:", "`else if` is not how Python writes it", "`else if` no es como lo escribe"),
    ("elseif n:", "`elseif` is not how", "`elseif` no es como"),
    ("if n == 1 then:", "`then` is not how", "`then` no es como"),
    ("if n && n:", "`&&` is not how", "`&&` no es como"),
    ("if n || n:", "`||` is not how", "`||` no es como"),
    ("if !n:", "`!` is not how", "`!` no es como"),
    ("if n => 1:", "`=>` is not how", "`=>` no es como"),
    ("if n =! 1:", "`=!` is not how", "`=!` no es como"),
    ("if n === 1:", "`===` is not how", "`===` no es como"),
    ("count++", "`++` is not how", "`++` no es como"),
    ("let count = 1", "`let` is not how", "`let` no es como"),
    ("for x of n:", "`of` is not how", "`of` no es como"),
    ("return n ? 1 : 2", "`?` is not how", "`?` no es como"),
    ("// add them up", "`//` does not begin a comment", "`//` no empieza un comentario"),
    ("if n == “on”:", "does not know the sign “", "no conoce el signo “"),
    ("if n ≤ 3:", "does not know the sign ≤", "no conoce el signo ≤"),
    ("count\u00a0= 3", "cannot be seen", "no se ve"),
    ("if n == 1", "a sign is missing at the end", "falta un signo al final"),
    ("if n == 1;", "a sign is missing at the end", "falta un signo al final"),
    ("for x in n", "a sign is missing at the end", "falta un signo al final"),
    ("def g(x) {", "a sign is missing at the end", "falta un signo al final"),
    ("if n = 1:", "one `=` gives a value", "un solo `=` da un valor"),
    ("return [x for x in n if x = 1]", "one `=` gives a value", "un solo `=` da un valor"),
    ("n + 1 = n", "left of the `=` cannot be given a value", "a la izquierda del `=`"),
    ("f(n) = 3", "left of the `=` cannot be given a value", "a la izquierda del `=`"),
    ("return {'a' = 1}", "another sign than `=`", "otro signo que no es `=`"),
    ("class = 3", "`class` is a word of Python's own", "`class` es una palabra de Python"),
    ("return [1, 2)", "`)` closes here what `[` opened", "`)` cierra lo que abrió `[`"),
    ("return (1, 2))", "`)` closes something that was never opened", "`)` cierra algo que nunca se abrió"),
    ("if (n == 1:", "opened here and never closed", "se abre algo que nunca se cierra"),
    ("return 'what now? && no", "opened here and never closed", "se abre algo que nunca se cierra"),
    ("print n", "`print` is a function", "`print` es una función"),
    ("return 2 n", "side by side", "dos cosas juntas"),
    ("return [1 2]", "side by side", "dos cosas juntas"),
    ("if n > 3 and < 5:", "after `and` the question is not complete", "tras `and` la pregunta no está completa"),
    ("return 1 if n", "does not say what it is otherwise", "no dice cuál es si no se cumple"),
    ("2nd = 3", "a number runs into letters", "un número se junta con letras"),
    ("return 012", "begins with 0", "empieza por 0"),
    ("return f(n=1, 2)", "what has no `=` comes before", "lo que no lleva `=` va antes"),
    ("n + = 1", "these signs do not go together: `+ =`", "estos signos no van juntos: `+ =`"),
    ("return n +", "stops before it is complete", "se acaba antes de estar completa"),
    ("return: n", "cannot read on at `:`", "no puede seguir leyendo en `:`"),
]


@pytest.mark.parametrize(("line", "english", "spanish"), LINES, ids=[line for line, *_ in LINES])
def test_what_python_cannot_read_is_told_in_plain_words(line: str, english: str, spanish: str) -> None:
    code = f"def f(n):\n    {line}\n"
    failure = unread(code, "f")
    assert failure is not None
    found = diagnose(code, "f", failure)
    assert found.line == code.count("\n")
    for language, told in (("en", english), ("es", spanish)):
        text = failing(language, failure, found, 0)[0]
        assert told in text
        assert "invalid syntax" not in text


@pytest.mark.parametrize(
    ("message", "english", "spanish"),
    [
        ("'return' outside function", "`return` stands outside", "`return` está fuera"),
        ("'break' outside loop", "`break` stands outside", "`break` está fuera"),
        ("duplicate argument 'a' in function definition", "two parameters are called `a`", "se llaman `a`"),
    ],
)
def test_what_only_the_run_finds_unreadable_is_told_in_plain_words_too(
    message: str, english: str, spanish: str
) -> None:
    error = Raised("SyntaxError", message, 2)
    failure = Failure("c", True, "unread", "compile_error", "f(1)", "1", "", 2, {}, error)
    found = diagnose("x = 1\nreturn x\n", "f", failure)
    assert found.line == 2
    assert english in failing("en", failure, found, 0)[0]
    assert spanish in failing("es", failure, found, 0)[0]
