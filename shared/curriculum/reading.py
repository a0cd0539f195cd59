"""Reading the curriculum's files into memory. Every problem is an InvalidInput that names file and field."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from shared.curriculum import checks, programming
from shared.curriculum.building import Beside, built, words
from shared.curriculum.curriculum import Curriculum
from shared.curriculum.files import Files
from shared.curriculum.model import RUNGS, Challenge, Concept, Course, Module
from shared.curriculum.schema import ChallengeFile, ConceptFile, CourseFile

BUILT_IN = Path(__file__).resolve().parents[2] / "courses"
_RUNG = re.compile(r"^## (\d+)\s*$", re.MULTILINE)


def load(root: Path | None = None) -> Curriculum:
    """The curriculum under `root`; None is the built-in `courses/` (read once in a process).

    Raises InvalidInput, naming file and field, for the first thing that does not hold.
    """
    return _built_in() if root is None else _read(root)


@cache
def _built_in() -> Curriculum:
    return _read(BUILT_IN)


def _read(root: Path) -> Curriculum:
    files = Files(root)
    courses: dict[str, Course] = {}
    concepts: dict[str, Concept] = {}
    challenges: dict[str, Challenge] = {}
    for slug in files.folders(""):
        courses[slug] = _course(files, slug)
        for name in files.folders(f"{slug}/concepts"):
            checks.new(name, concepts, f"{slug}/concepts/{name}/concept.toml")
            concepts[name] = _concept(files, slug, name)
        for name in files.folders(f"{slug}/challenges"):
            checks.new(name, challenges, f"{slug}/challenges/{name}/challenge.toml")
            challenges[name] = _challenge(files, courses[slug], name)
    files.nothing_left()
    checks.names_resolve(courses, concepts, challenges)
    order = checks.learning_order(courses, concepts)
    return Curriculum(courses, concepts, challenges, order, files.version)


def _course(files: Files, slug: str) -> Course:
    file = files.toml(f"{slug}/course.toml", CourseFile)
    return Course(
        slug=slug,
        title=words(file.title),
        summary=words(file.summary),
        language=file.language,
        modules=tuple(Module(m.slug, words(m.title), tuple(m.concepts)) for m in file.modules),
        goals=tuple(words(goal) for goal in file.goals),
        newcomers=file.newcomers,
    )


def _concept(files: Files, course: str, slug: str) -> Concept:
    folder = f"{course}/concepts/{slug}"
    file = files.toml(f"{folder}/concept.toml", ConceptFile)
    concept = Concept(
        slug=slug,
        course=course,
        title=words(file.title),
        summary=words(file.summary),
        prerequisites=tuple(file.prerequisites),
        lesson=files.languages(folder, "lesson"),
        pitfalls=tuple(file.pitfalls),
        keywords=tuple(file.keywords),
        explains={cause: pitfall for pitfall, causes in file.explains.items() for cause in causes},
    )
    checks.anchors(concept, folder)
    checks.explained(file, f"{folder}/concept.toml")
    return concept


def _challenge(files: Files, course: Course, slug: str) -> Challenge:
    folder = f"{course.slug}/challenges/{slug}"
    path = f"{folder}/challenge.toml"
    file = files.toml(path, ChallengeFile)
    language = _language(files, folder, course)
    beside = Beside(
        statement=files.languages(folder, "statement"),
        hints={
            language: _rungs(hints, f"{folder}/hints.{language}.md")
            for language, hints in files.languages(folder, "hints").items()
        },
        starter=files.text(f"{folder}/starter{language.suffix}"),
        reference=files.text(f"{folder}/reference{language.suffix}"),
        checks=files.text(f"{folder}/checks.py") if any(case.check or case.holds for case in file.cases) else "",
    )
    checks.not_written(slug, path)
    return built(file, beside, slug=slug, course=course, language=language, folder=folder)


def _language(files: Files, folder: str, course: Course) -> programming.Language:
    """By the reference's suffix; that of the course where there is no reference (which is then missed)."""
    there = (one for one in programming.LANGUAGES.values() if f"{folder}/reference{one.suffix}" in files.texts)
    return next(there, programming.LANGUAGES[course.language])


def _rungs(hints: str, path: str) -> tuple[str, ...]:
    """`## 1` … `## 5`, each with its words below; nothing before the first."""
    before, *rest = _RUNG.split(hints)
    rungs = tuple(words.strip() for words in rest[1::2])
    numbers = [int(number) for number in rest[0::2]]
    if before.strip() or numbers != list(range(1, RUNGS + 1)) or not all(rungs):
        raise checks.wrong(path, "hints", f"needs the headings ## 1 to ## {RUNGS}, each with words; found {numbers}")
    return rungs
