"""What must hold between the parts: names that resolve, ids that are unique, a graph without cycles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from shared.curriculum import programming
from shared.curriculum.model import LANGUAGES, Challenge, Concept, Course
from shared.curriculum.schema import CaseFile, ChallengeFile, ConceptFile
from shared.curriculum.variants import by_language, names_in
from shared.errors import InvalidInput

WRITTEN = "written-"
"""How slugs begin of challenges that were written for one learner (`document.py`); no course has one called so."""


def wrong(file: str, field: str, problem: str) -> InvalidInput:
    """The error to raise: `<file>: <field>: <problem>`; `context` has `file` and `field`."""
    return InvalidInput(f"{file}: {field}: {problem}", file=file, field=field)


def new(slug: str, known: Collection[str], file: str) -> None:
    if slug in known:
        raise wrong(file, "slug", f"{slug!r} is the name of another one already: names are unique over all courses")


def not_written(slug: str, file: str) -> None:
    if slug.startswith(WRITTEN):
        raise wrong(file, "slug", f"{WRITTEN!r} begins the names of challenges written for one learner")


def unique(ids: Iterable[str], file: str, field: str) -> None:
    twice = [id_ for id_, times in Counter(ids).items() if times > 1]
    if twice:
        raise wrong(file, field, f"{twice[0]!r} is there twice")


def anchors(concept: Concept, folder: str) -> None:
    unique(concept.pitfalls, f"{folder}/concept.toml", "pitfalls")
    for language, lesson in concept.lesson.items():
        for anchor in concept.pitfalls:
            if f'<a id="{anchor}"></a>' not in lesson:
                raise wrong(
                    f"{folder}/lesson.{language}.md", "pitfalls", f'<a id="{anchor}"></a> is not in this lesson'
                )


def explained(file: ConceptFile, path: str) -> None:
    """Each cause by one pitfall, and that is there."""
    unique((cause for causes in file.explains.values() for cause in causes), path, "explains")
    for pitfall in file.explains:
        if pitfall not in file.pitfalls:
            raise wrong(path, "explains", f"{pitfall!r} is none of the pitfalls")


def challenge_file(file: ChallengeFile, path: str) -> None:
    """Ids unique, sub-tasks known and each with a case, every case answered once in every variant."""
    for field in ("kinds", "concepts"):
        unique(getattr(file, field), path, field)
    unique((s.id for s in file.subtasks), path, "subtasks.id")
    unique((c.id for c in file.cases), path, "cases.id")
    unique((v.id for v in file.variants), path, "variants.id")
    known = [s.id for s in file.subtasks]
    for i, case in enumerate(file.cases):
        if case.subtask not in known:
            raise wrong(path, f"cases[{i}].subtask", f"{case.subtask!r} is no sub-task; there are {', '.join(known)}")
        if not case.answers and not file.variants:
            problem = f"case {case.id!r} has none of `expected`, `raises`, `prints`, `property`"
            raise wrong(path, f"cases[{i}].expected", problem)
        if _called(case, file) == "" and (case.args or case.kwargs or "expected" in case.answers):
            problem = "a whole program is run: it is given `stdin` and `files`, and answers with what it `prints`"
            raise wrong(path, f"cases[{i}]", problem)
    for id_ in known:
        if all(case.subtask != id_ for case in file.cases):
            raise wrong(path, "subtasks", f"sub-task {id_!r} has no case")
    open_cases = {case.id for case in file.cases if not case.answers}
    for i, variant in enumerate(file.variants):
        for id_ in sorted(open_cases ^ set(variant.expected)):
            problem = "needs its answer here" if id_ in open_cases else "is no case that leaves its answer to variants"
            raise wrong(path, f"variants[{i}].expected", f"{id_!r} {problem}")


def _called(case: CaseFile, file: ChallengeFile) -> str:
    return file.entry if case.call is None else case.call


def course_language(challenge: Challenge, course: Course, folder: str) -> None:
    own = programming.LANGUAGES[challenge.language]
    if course.language != own.name and course.language not in own.taught_with:
        raise wrong(f"{folder}/reference{own.suffix}", own.name, f"the course teaches {course.language}")


def functions(challenge: Challenge, folder: str) -> None:
    """Every function that is called is defined in starter and reference, every check in `checks.py`; what is to be
    raised is an error of the language."""
    language = programming.LANGUAGES[challenge.language]
    for name in dict.fromkeys([challenge.entry, *(case.call for case in challenge.cases)]):
        for file, source in (("starter", challenge.starter), ("reference", challenge.reference)):
            if name and not language.defined(name, source):
                file = f"{folder}/{file}{language.suffix}"
                raise wrong(file, name, "this function is called and not defined here")
    for name in dict.fromkeys(case.check for case in challenge.cases if case.check):
        if not programming.LANGUAGES["python"].defined(name, challenge.checks):
            raise wrong(f"{folder}/checks.py", name, "this check is named by a case and not defined here")
    for i, case in enumerate(challenge.cases):
        if case.raises is not None and case.raises not in language.errors:
            some = ", ".join(sorted(language.errors)[:4])
            problem = f"{case.raises!r} is not the name of an error of {language.name}, such as {some}"
            raise wrong(f"{folder}/challenge.toml", f"cases[{i}].raises", problem)


def placeholders(challenge: Challenge, folder: str) -> None:
    """Every `{{name}}` has a value in every variant, every value is used, and none by language stands in code."""
    path = f"{folder}/challenge.toml"
    for language, title in challenge.title.items():
        if "{{" in title:
            raise wrong(path, f"title.{language}", "a title is shown before a variant is chosen: no {{…}} here")
    used: set[str] = set()
    values = [set(variant.values) for variant in challenge.variants]
    for file, field, name, code in _uses(challenge, folder):
        used.add(name)
        if all(name not in names for names in values):
            raise wrong(file, field, f"{{{{{name}}}}} has a value in no variant")
        if code and any(by_language(variant.values.get(name)) for variant in challenge.variants):
            raise wrong(file, field, f"{{{{{name}}}}} is words by language: not for code and cases")
    for i, names in enumerate(values):
        for name in sorted(names - used):
            raise wrong(path, f"variants[{i}].values.{name}", "no text, code or case uses it")
        for name in sorted(used - names):
            raise wrong(path, f"variants[{i}].values.{name}", "is used, and this variant has no value for it")


def _uses(challenge: Challenge, folder: str) -> Iterator[tuple[str, str, str, bool]]:
    """(file, field, placeholder's name, whether in code) for each use."""
    for language in LANGUAGES:
        for file, words in (
            ("statement", challenge.statement[language]),
            ("hints", "".join(challenge.hints[language])),
        ):
            for name in names_in(words):
                yield f"{folder}/{file}.{language}.md", file, name, False
    suffix = programming.LANGUAGES[challenge.language].suffix
    for file, source, ending in (
        ("starter", challenge.starter, suffix),
        ("reference", challenge.reference, suffix),
        ("checks", challenge.checks, ".py"),
    ):
        for name in names_in(source):
            yield f"{folder}/{file}{ending}", file, name, True
    path = f"{folder}/challenge.toml"
    for subtask in challenge.subtasks:
        for name in names_in(dict(subtask.title)):
            yield path, f"subtasks.{subtask.id}.title", name, False
    for case in challenge.cases:
        for name in names_in([*case.args, dict(case.kwargs), case.expected, case.prints, case.stdin, dict(case.files)]):
            yield path, f"cases.{case.id}", name, True
    for variant in challenge.variants:
        for name in names_in(dict(variant.expected)):
            yield path, f"variants.{variant.id}.expected", name, True


def names_resolve(
    courses: Mapping[str, Course], concepts: Mapping[str, Concept], challenges: Mapping[str, Challenge]
) -> None:
    """Modules list exactly their course's concepts; prerequisites and trained concepts exist."""
    for course in courses.values():
        path = f"{course.slug}/course.toml"
        unique((m.slug for m in course.modules), path, "modules.slug")
        unique(course.concepts, path, "modules.concepts")
        own = {c.slug for c in concepts.values() if c.course == course.slug}
        for slug in sorted(own ^ set(course.concepts)):
            problem = "is in no module" if slug in own else "is no concept of this course"
            raise wrong(path, "modules.concepts", f"{slug!r} {problem}")
    for concept in concepts.values():
        for slug in concept.prerequisites:
            if slug not in concepts:
                path = f"{concept.course}/concepts/{concept.slug}/concept.toml"
                raise wrong(path, "prerequisites", f"there is no concept {slug!r}")
    for challenge in challenges.values():
        path = f"{challenge.course}/challenges/{challenge.slug}/challenge.toml"
        for slug in challenge.concepts:
            if slug not in concepts:
                raise wrong(path, "concepts", f"there is no concept {slug!r}")
        if concepts[challenge.concept].course != challenge.course:
            raise wrong(path, "concepts", f"the primary concept {challenge.concept!r} is of another course")


def learning_order(courses: Mapping[str, Course], concepts: Mapping[str, Concept]) -> tuple[str, ...]:
    """Kahn's algorithm; among those ready, the one that courses and modules list first. Raises on a cycle."""
    listed = [slug for course in courses.values() for slug in course.concepts]
    order: dict[str, None] = {}
    while len(order) < len(listed):
        ready = (s for s in listed if s not in order and all(p in order for p in concepts[s].prerequisites))
        following = next(ready, None)
        if following is None:
            slug = next(s for s in listed if s not in order)
            path = f"{concepts[slug].course}/concepts/{slug}/concept.toml"
            left = ", ".join(s for s in listed if s not in order)
            raise wrong(path, "prerequisites", f"a cycle: none of {left} can be learnt first")
        order[following] = None
    return tuple(order)
