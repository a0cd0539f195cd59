"""The languages a program may be written in: one table (`table.py`). Adding one is an entry there, what it needs inside
(a harness in `inside/`), and its conformance cases (`tests/sandbox/languages/cases`)."""

from shared.sandbox.languages.language import Language, Source, Toolchain
from shared.sandbox.languages.table import LANGUAGES, language, languages_here

__all__ = ["LANGUAGES", "Language", "Source", "Toolchain", "language", "languages_here"]
