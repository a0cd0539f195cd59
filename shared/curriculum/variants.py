"""Filling a parametric challenge: `{{name}}` in texts, code and cases becomes the variant's value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from shared.curriculum.model import JSON, LANGUAGES, Case, Challenge, Variant
from shared.errors import NotFound

PLACEHOLDER = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*\}\}")


def names_in(value: JSON) -> Iterator[str]:
    """The placeholders' names in a text or in the strings of a JSON value."""
    match value:
        case str():
            yield from PLACEHOLDER.findall(value)
        case list():
            for item in value:
                yield from names_in(item)
        case dict():
            for item in value.values():
                yield from names_in(item)
        case _:
            pass


def by_language(value: JSON) -> bool:
    return isinstance(value, dict) and set(value) == set(LANGUAGES)


def fill(template: Challenge, variant_id: str | None) -> Challenge:
    """`template` with the variant's values; None takes the first. Raises NotFound for an unknown variant."""
    variant = _chosen(template, variant_id)
    words = {language: _spoken(variant.values, language) for language in LANGUAGES}
    code = words[LANGUAGES[0]]  # the checks let no value by language into code
    return replace(
        template,
        statement={language: _in_text(t, words[language]) for language, t in template.statement.items()},
        starter=_in_text(template.starter, code),
        reference=_in_text(template.reference, code),
        checks=_in_text(template.checks, code),
        subtasks=tuple(
            replace(s, title={language: _in_text(t, words[language]) for language, t in s.title.items()})
            for s in template.subtasks
        ),
        cases=tuple(_case(case, variant) for case in template.cases),
        hints={
            language: tuple(_in_text(rung, words[language]) for rung in rungs)
            for language, rungs in template.hints.items()
        },
        variants=(),
        variant=variant.id,
    )


def _chosen(template: Challenge, variant_id: str | None) -> Variant:
    if variant_id is None:
        return template.variants[0]
    for variant in template.variants:
        if variant.id == variant_id:
            return variant
    known = ", ".join(v.id for v in template.variants)
    raise NotFound(f"challenge {template.slug!r} has no variant {variant_id!r}; it has {known}")


def _case(case: Case, variant: Variant) -> Case:
    expected = variant.expected.get(case.id, case.expected)
    return replace(
        case,
        args=tuple(_in_value(arg, variant.values) for arg in case.args),
        kwargs={key: _in_value(value, variant.values) for key, value in case.kwargs.items()},
        expected=_in_value(expected, variant.values),
        prints=None if case.prints is None else _in_text(case.prints, variant.values),
        stdin=_in_text(case.stdin, variant.values),
        files={name: _in_text(content, variant.values) for name, content in case.files.items()},
    )


def _spoken(values: Mapping[str, JSON], language: str) -> dict[str, JSON]:
    return {
        name: value[language] if isinstance(value, dict) and by_language(value) else value
        for name, value in values.items()
    }


def _in_text(template: str, values: Mapping[str, JSON]) -> str:
    """Strings as they are, everything else as Python writes it."""

    def written(match: re.Match[str]) -> str:
        value = values[match[1]]
        return value if isinstance(value, str) else repr(value)

    return PLACEHOLDER.sub(written, template)


def _in_value(value: JSON, values: Mapping[str, JSON]) -> JSON:
    """A string that is one placeholder becomes the value itself, with its type; inside a longer string, text."""
    match value:
        case str():
            whole = PLACEHOLDER.fullmatch(value)
            return values[whole[1]] if whole else _in_text(value, values)
        case list():
            return [_in_value(item, values) for item in value]
        case dict():
            return {key: _in_value(item, values) for key, item in value.items()}
        case _:
            return value
