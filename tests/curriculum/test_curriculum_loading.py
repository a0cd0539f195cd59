"""Reading: what is right is read whole; what is wrong is named by file and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.curriculum import Curriculum, load, text
from shared.curriculum.programming import LANGUAGES
from shared.errors import InvalidInput, NotFound
from shared.sandbox.languages.table import LANGUAGES as SANDBOX
from tests.curriculum.conftest import Edit

COURSE = "orchard-course/course.toml"
CONCEPT = "orchard-course/concepts/sums/concept.toml"
LESSON = "orchard-course/concepts/sums/lesson.es.md"
FOLDER = "orchard-course/challenges/full-crates"
CHALLENGE = f"{FOLDER}/challenge.toml"


def refused(root: Path) -> tuple[object, object, str]:
    with pytest.raises(InvalidInput) as caught:
        load(root)
    error = caught.value
    assert str(error.context["file"]) in error.detail
    assert str(error.context["field"]) in error.detail
    return error.context["file"], error.context["field"], error.detail


def test_the_example_of_the_readme_is_a_whole_curriculum(example: Path) -> None:
    read = load(example)
    challenge = read.challenges["full-crates"]
    assert list(read.courses) == ["orchard-course"]
    assert read.learning_order("orchard-course") == ("sums",)
    assert (challenge.course, challenge.concept, challenge.difficulty) == ("orchard-course", "sums", 0.2)
    assert [case.call for case in challenge.cases] == ["full_crates"] * 3
    assert challenge.instantiate("figs").cases[2].expected == 3


@pytest.mark.parametrize(
    ("file", "old", "new", "field"),
    [
        (COURSE, 'language = "python"', 'language = "python"\nauthor = "x"', "author"),
        (COURSE, 'language = "python"', "", "language"),
        (COURSE, 'language = "python"', 'language = "cobol"', "language"),
        (COURSE, 'title = { en = "In the orchard", es = "En el huerto" }', 'title = { en = "Only" }', "title.es"),
        (COURSE, "language =", "language ==", "syntax"),
        (COURSE, 'concepts = ["sums"]', 'concepts = ["sums", "sums"]', "modules.concepts"),
        (COURSE, 'concepts = ["sums"]', 'concepts = ["other"]', "modules.concepts"),
        (COURSE, 'es = "Sumar números."', 'es = ""', "goals[0].es"),
        (CONCEPT, "prerequisites = []", 'prerequisites = ["algebra"]', "prerequisites"),
        (CONCEPT, "prerequisites = []", 'prerequisites = ["sums"]', "prerequisites"),
        (CONCEPT, "prerequisites = []", "", "prerequisites"),
        (LESSON, '<a id="empty-list"></a>', "", "pitfalls"),
        (CONCEPT, 'keywords = ["sum"]', '[explains]\nelsewhere = ["empty-input"]', "explains"),
        (CONCEPT, 'keywords = ["sum"]', "[explains]\nempty-list = []", "explains.empty-list"),
        (CONCEPT, 'keywords = ["sum"]', '[explains]\nempty-list = ["too-slow", "too-slow"]', "explains"),
        (CHALLENGE, "version = 1", "version = 0", "version"),
        (CHALLENGE, "version = 1", 'version = "1"', "version"),
        (CHALLENGE, "difficulty = 0.2", "difficulty = 1.2", "difficulty"),
        (CHALLENGE, 'kinds = ["daily", "course"]', 'kinds = ["daily", "weekly"]', "kinds[1]"),
        (CHALLENGE, 'kinds = ["daily", "course"]', 'kinds = ["daily", "daily"]', "kinds"),
        (CHALLENGE, 'concepts = ["sums"]', 'concepts = ["sums", "products"]', "concepts"),
        (CHALLENGE, 'entry = "full_crates"', 'entry = "all_crates"', f"{FOLDER}/starter.py: all_crates"),
        (CHALLENGE, 'title = { en = "Full crates"', 'title = { en = "Crates of {{size}}"', "title.en"),
        (CHALLENGE, 'id = "no-fruit"', 'id = "one-exactly"', "cases.id"),
        (CHALLENGE, 'id = "no-fruit"', 'id = "No fruit"', "cases[1].id"),
        (CHALLENGE, 'id = "no-fruit", subtask = "crates"', 'id = "no-fruit", subtask = "boxes"', "cases[1].subtask"),
        (CHALLENGE, 'id = "no-fruit"', 'id = "no-fruit", hidden = true', "cases[1].hidden"),
        (CHALLENGE, "args = [[]]", "args = [[nan]]", "cases[1].args[0]"),
        (CHALLENGE, "args = [[]]", "args = [2026-11-23]", "cases[1].args[0]"),
        (CHALLENGE, "expected = 0 }", 'expected = 0, raises = "ValueError" }', "cases[1]"),
        (CHALLENGE, "expected = 0 }", 'raises = "NoSuchError" }', "cases[1].raises"),
        (CHALLENGE, "expected = 0 }", 'expected = 0, compare = "approx" }', "cases[1]"),
        (CHALLENGE, "expected = 0 }", "expected = 0, tolerance = 0.1 }", "cases[1]"),
        (CHALLENGE, "expected = 0 }", 'expected = 0, call = "helper" }', f"{FOLDER}/starter.py: helper"),
        (CHALLENGE, "expected = 0 }", 'expected = 0, prints = "0" }', "cases[1]"),
        (CHALLENGE, "expected = 0 }", 'property = "even", raises = "ValueError" }', "cases[1]"),
        (CHALLENGE, "expected = 0 }", 'prints = "0", compare = "unordered" }', "cases[1]"),
        (CHALLENGE, "expected = 0 }", 'expected = 0, compare = "custom" }', "cases[1]"),
        (CHALLENGE, "expected = 0 }", 'expected = 0, check = "even" }', "cases[1]"),
        (CHALLENGE, "expected = 0 }", 'property = "even", kwargs = { a = 1 } }', "cases[1]"),
        (CHALLENGE, "expected = 0 }", 'property = "even" }', f"{FOLDER}/checks.py: checks.py"),
        (CHALLENGE, "expected = 0 }", 'expected = 0, call = "" }', "cases[1]"),
        (CHALLENGE, "args = [[]], expected = 0 }", 'call = "", expected = 0 }', "cases[1]"),
        (CHALLENGE, "expected = 0 }", 'expected = 0, files = { "../a" = "x" } }', "cases[1].files.../a.[key]"),
        (CHALLENGE, "expected = 0 }", 'raises = "RangeError" }', "cases[1].raises"),
        (COURSE, 'language = "python"', 'language = "go"', f"{FOLDER}/reference.py: python"),
        (CHALLENGE, "subtasks = [", 'subtasks = [{ id = "x", title = { en = "x", es = "x" } },', "subtasks"),
        (CHALLENGE, 'id = "figs"', 'id = "pears"', "variants.id"),
        (CHALLENGE, "expected = { a-good-day = 3 }", "", "variants[1].expected"),
        (CHALLENGE, "a-good-day = 3", "a-good-day = 3, no-fruit = 0", "variants[1].expected"),
        (CHALLENGE, "size = 20 }", "size = 20, colour = 3 }", "variants[1].values.colour"),
        (CHALLENGE, '"higos" }, size = 20 }', '"higos" } }', "variants[1].values.size"),
        (f"{FOLDER}/starter.py", "def full_crates", "def half_crates", "full_crates"),
        (f"{FOLDER}/reference.py", "{{size}}", "{{fruit}}", "reference"),
        (f"{FOLDER}/statement.es.md", "{{fruit}}", "{{frutta}}", "statement"),
        (f"{FOLDER}/hints.en.md", "## 5\n", "", "hints"),
        (f"{FOLDER}/hints.es.md", "## 4\n", "## 4\n## 5\n", "hints"),
    ],
)
def test_a_wrong_field_is_named_with_its_file(
    example: Path, edit: Edit, file: str, old: str, new: str, field: str
) -> None:
    """`field` is in the edited file, or says `<other file>: <field>`."""
    edit(file, old, new)
    where, _, what = field.rpartition(": ")
    assert refused(example)[:2] == (where or file, what)


@pytest.mark.parametrize(
    "file",
    [
        COURSE,
        CONCEPT,
        LESSON,
        *(f"{FOLDER}/{n}" for n in ("challenge.toml", "statement.es.md", "hints.es.md", "starter.py")),
    ],
)
def test_a_missing_or_empty_file_is_named(example: Path, file: str) -> None:
    (example / file).write_text(" \n", encoding="utf-8")
    assert refused(example)[0] == file
    (example / file).unlink()
    assert refused(example)[0] == file


def test_a_file_that_belongs_to_nothing_is_named(example: Path) -> None:
    (example / FOLDER / "statment.en.md").write_text("oops", encoding="utf-8")
    assert refused(example)[0] == f"{FOLDER}/statment.en.md"


def test_a_file_that_is_not_utf_8_is_named(example: Path) -> None:
    (example / LESSON).write_bytes(b"caf\xe9")
    assert refused(example)[:2] == (LESSON, "encoding")


def test_a_cycle_over_two_concepts_is_refused(example: Path, edit: Edit) -> None:
    other = example / "orchard-course/concepts/means"
    other.mkdir()
    for name in ("concept.toml", "lesson.en.md", "lesson.es.md"):
        (other / name).write_text((example / "orchard-course/concepts/sums" / name).read_text(), encoding="utf-8")
    edit(COURSE, '["sums"]', '["sums", "means"]')
    edit(CONCEPT, "prerequisites = []", 'prerequisites = ["means"]')
    edit("orchard-course/concepts/means/concept.toml", "prerequisites = []", 'prerequisites = ["sums"]')
    file, field, detail = refused(example)
    assert (file, field) == (CONCEPT, "prerequisites")
    assert "cycle" in detail


def test_a_challenge_slug_is_unique_over_all_courses(example: Path) -> None:
    again = example / "second-course"
    for path in sorted((example / "orchard-course").rglob("*.*")):
        copy = again / path.relative_to(example / "orchard-course")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    assert refused(example)[:2] == ("second-course/concepts/sums/concept.toml", "slug")


def test_a_root_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "nowhere")[1] == "root"


def test_the_version_follows_the_contents(example: Path, edit: Edit) -> None:
    before = load(example).version
    assert load(example).version == before
    edit(LESSON, "Su suma", "La suma")
    assert load(example).version != before


def test_a_case_may_print_read_and_be_judged_by_a_check_and_a_variant_fills_all_of_it(
    example: Path, edit: Edit
) -> None:
    forms = """args = [[]], prints = "{{size}} left", files = { "a.txt" = "{{size}}" } },
    { id = "whole", subtask = "crates", call = "", stdin = "{{size}}\\n", prints = "{{size}}" },
    { id = "even", subtask = "crates", args = [[2]], property = "even" },
    { id = "near", subtask = "crates", args = [[2]], compare = "custom", check = "near", expected = "{{size}}" }"""
    edit(CHALLENGE, "args = [[]], expected = 0 }", forms)
    checks = "def even(args, answer):\n    return answer % 2 == {{size}} * 0\n"
    (example / FOLDER / "checks.py").write_text(checks + "def near(args, answer, expected):\n    return True\n")
    filled = load(example).challenges["full-crates"].instantiate("figs")
    prints, whole, even, near = filled.cases[1:5]
    assert (prints.prints, dict(prints.files), prints.answer_is_printed) == ("20 left", {"a.txt": "20"}, True)
    assert (whole.call, whole.stdin, whole.prints, whole.answer_is_printed) == ("", "20\n", "20", True)
    assert (even.compare, even.check, even.expected) == ("property", "even", None)
    assert (near.compare, near.check, near.expected) == ("custom", "near", 20)
    assert "== 20 * 0" in filled.checks


@pytest.mark.parametrize(("suffix", "code"), [(".js", "function full_crates(x) {}"), (".ts", "const full_crates = 1;")])
def test_the_suffix_says_the_language_and_a_javascript_course_may_hold_typescript(
    suffix: str, code: str, example: Path, edit: Edit
) -> None:
    edit(COURSE, 'language = "python"', 'language = "javascript"')
    for name in ("starter", "reference"):
        (example / FOLDER / f"{name}.py").unlink()
        (example / FOLDER / f"{name}{suffix}").write_text(code)
    edit(CHALLENGE, "expected = 0 }", 'raises = "RangeError" }')
    found = load(example).challenges["full-crates"]
    assert found.language == {".js": "javascript", ".ts": "typescript"}[suffix]
    edit(CHALLENGE, 'raises = "RangeError" }', 'raises = "ValueError" }')
    assert refused(example)[1] == "cases[1].raises"


def test_the_languages_of_courses_are_those_of_the_sandbox() -> None:
    assert {"python", *SANDBOX} == set(LANGUAGES)
    assert all(LANGUAGES[name].suffix in entry.suffixes for name, entry in SANDBOX.items())


def test_none_is_written_as_a_table(example: Path, edit: Edit) -> None:
    edit(CHALLENGE, "args = [[]], expected = 0 }", "args = [[{ none = true }]], expected = { none = true } }")
    case = load(example).challenges["full-crates"].cases[1]
    assert (case.args, case.expected) == (([None],), None)


def test_the_built_in_curriculum_is_read_once() -> None:
    assert load() is load()


def test_text_falls_back_to_english() -> None:
    words = {"en": "bread", "es": "pan"}
    assert [text(words, language) for language in ("es", "es-MX", "en", "fr")] == ["pan", "pan", "bread", "bread"]


def test_prerequisites_come_from_all_courses_in_learning_order(curriculum: Curriculum) -> None:
    assert curriculum.prerequisites("values-and-names") == ()
    assert curriculum.prerequisites("text") == ("values-and-names", "conditionals", "loops")
    assert curriculum.prerequisites("dictionaries") == (
        "values-and-names",
        "conditionals",
        "loops",
        "lists",
        "text",
    )


def test_challenges_of_a_concept_start_with_its_own_easiest(curriculum: Curriculum) -> None:
    of_lists = curriculum.challenges_of("lists")
    own = [challenge.concept == "lists" for challenge in of_lists]
    assert own == sorted(own, reverse=True)
    assert of_lists[0].slug == "last-readings"
    assert of_lists[0].difficulty == min(c.difficulty for c in of_lists if c.concept == "lists")


def test_unknown_names_are_not_found(curriculum: Curriculum) -> None:
    for ask in (curriculum.challenges_of, curriculum.prerequisites, curriculum.learning_order):
        with pytest.raises(NotFound):
            ask("astrology")
    with pytest.raises(NotFound):
        curriculum.challenges["other-clocks"].instantiate("mars")
