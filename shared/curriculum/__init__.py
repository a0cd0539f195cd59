"""The curriculum: courses, concepts with their lessons, challenges with their cases. Read-only, in memory.

The files live in `courses/` (format: `courses/README.md`). Nothing here runs code of a challenge, and nothing
here may import from functions, graph or goals.
"""

from shared.curriculum.compare import agrees, prints_agree
from shared.curriculum.curriculum import Curriculum
from shared.curriculum.model import (
    JSON,
    KINDS,
    LANGUAGES,
    Case,
    Challenge,
    Concept,
    Course,
    Module,
    SubTask,
    Text,
    Variant,
    text,
)
from shared.curriculum.reading import load

__all__ = [
    "JSON",
    "KINDS",
    "LANGUAGES",
    "Case",
    "Challenge",
    "Concept",
    "Course",
    "Curriculum",
    "Module",
    "SubTask",
    "Text",
    "Variant",
    "agrees",
    "load",
    "prints_agree",
    "text",
]
