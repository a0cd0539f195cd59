"""Which concept a wish in a learner's own words is about. Words only: a wish nobody can place stays a wish.

A word that is the concept's own ("recursion", "append") names it wherever it stands. One that everybody uses ("open",
"text", "get") names it only where nothing else is said that could be meant. What is said not to be wanted is not
heard.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from shared.curriculum import Concept, Curriculum


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORD = re.compile(r"[\w+#]+")
# Words as `words_of` gives them.
_SMALL = _set("a al an and con de del el en for i la lo me mas more of on para por the to un una y")
_EVERYDAY = _set("""
    all answer any archivo base boundary by call case clase clave comparison copy default depth difference edge
    elemento else filter get global if index item join key lazy length let line linea local map max method min
    name nested next nombre not object objeto open or orden ordenar print push raise read respuesta return
    returning reverse scope self set split stable star strip sum swap test text texto throw tie tree try union
    valor value with write
""")
_ASKING = _set("""
    about again algo another aprender ayuda better bien can challenge code codigo como concept could curso dame
    do doe ejercicio ensename entender exercise explain explica favor funciona give goal gustaria haced hacer
    haz help how is it javascript know learn lesson like lot mejor mi mucho my necesito need no now otra otro
    please porfa practica practicar practice practise programacion programar programming puedo python que
    querria quiero quisiera really repasar reto review se show sobre some something tarea task teach tema teme
    these thing todo trabajar understand usar use using very want we what work would you
""")
_REFUSING = re.compile(r"""
    \b(?:(?:do|does)\s+not|don['’]?t|never|no\s+longer|not\s+to)\s+(?:want|need|like|practi[cs]e|do|learn)\b
  | \b(?:no\s+more|nothing\s+(?:on|about)|enough|tired|bored|sick|without|instead\s+of|rather\s+than|except|stop)\b
  | \b(?:no|ya\s+no|nunca|tampoco)\s+(?:quiero|necesito|me\s+gusta[n]?|practicar|hacer)\b
  | \b(?:sin|basta|hart[oa]|cansad[oa]|aburrid[oa]|menos|no\s+m[aá]s|nada\s+de|en\s+(?:vez|lugar)\s+de)\b
""", re.VERBOSE)  # fmt: skip
_CLAUSE = re.compile(r"[.,;:!?]|\b(?:but|pero|sino|and\s+then)\b")


def recognise(words: str, curriculum: Curriculum, courses: Collection[str]) -> str | None:
    """The concept with most of its names and keywords in `words`; the one learnt first where several are equal.

    `courses`: those the learner is in. "Loops" are theirs before they are another language's.
    """
    said = words_of(" ".join(_wanted(clause) for clause in _CLAUSE.split(words.casefold())))
    own = {c for course in courses if course in curriculum.courses for c in curriculum.courses[course].concepts}
    reach = own | {below for concept in own for below in curriculum.prerequisites(concept)}
    return _named(said, curriculum, [c for c in curriculum.order if c in reach]) or _named(
        said, curriculum, curriculum.order
    )


def _wanted(clause: str) -> str:
    """A clause without what is said, from its refusing words on, not to be wanted."""
    refused = _REFUSING.search(clause)
    return clause[: refused.start()] if refused else clause


def _named(said: set[str], curriculum: Curriculum, among: Sequence[str]) -> str | None:
    often = Counter(word for slug in among for word in _names_of(curriculum.concepts[slug])[0])
    scores = {slug: _score(said, curriculum.concepts[slug], often) for slug in among}
    best = max(scores.values(), default=0)
    return next((slug for slug, score in scores.items() if score == best), None) if best else None


def _score(said: set[str], concept: Concept, often: Mapping[str, int]) -> float:
    """How much of what is said names the concept: its own words before those that everybody uses, and the fewer
    concepts a word names (`often`), the more."""
    single, phrases = _names_of(concept)
    named = said & single
    own = sum(1 / often[word] for word in named - _EVERYDAY) + sum(phrase <= said for phrase in phrases)
    if own:
        return 100 * own + len(named)
    return len(named) if said <= single | _ASKING else 0


def _names_of(concept: Concept) -> tuple[frozenset[str], list[frozenset[str]]]:
    return _names(concept.slug, tuple(concept.title.values()), concept.keywords)


@lru_cache(maxsize=1024)
def _names(
    slug: str, titles: tuple[str, ...], keywords: tuple[str, ...]
) -> tuple[frozenset[str], list[frozenset[str]]]:
    """Words that name a concept each by itself, and those that do together."""
    each = [frozenset(words_of(keyword)) for keyword in keywords]
    single = words_of(" ".join([slug.replace("-", " "), *titles])) | {
        w for words in each if len(words) == 1 for w in words
    }
    return frozenset(single), [words for words in each if len(words) > 1]


def words_of(text: str) -> set[str]:
    """Lower case, without accents and the plural's s, so that "lists" and "list" are one word."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    found = {word.removesuffix("s") if len(word) > 2 else word for word in _WORD.findall(plain)}
    return found - _SMALL
