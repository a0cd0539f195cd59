"""From the history of all learners to the figures that an attempt is judged by, and what an outcome changes in it.

**Ratings.** logit e = o + θ(learner) + mean θ(learner, concept) + θ(learner, combination) + θ(learner, item)
− b(item) − mean b(concept) − b(combination). Every θ and b has a mean and a variance; an outcome y with residual
r = y − σ(e) moves each mean by v·r / (1 + w·Σv), w = σ(e)(1 − σ(e)), and lowers each variance by w·v² / (1 + w·Σv):
one step of the extended Kalman filter for a logistic observation, so that what is least known moves most
(M. Glickman, "Parameter estimation in large dynamic paired comparison experiments", Applied Statistics 48, 1999;
R. Pelánek, "Applications of the Elo rating system in adaptive educational systems", Computers & Education 98, 2016).
Abilities drift (a little variance is added at each attempt). The variance a new item starts with is learnt from the
items seen (empirical Bayes). o is a small regression on repetition and practice, learnt on line.

**Latent factors.** The learner's and the item's vectors meet in a product that is trained on what the ratings leave
(matrix factorisation on line: Y. Koren et al., "Matrix factorization techniques", Computer 42, 2009).

**Gaps.** Logarithms of the time since the learner's last attempt, since the concept's, since the item's, and how the
first compares with the pace of this learner and of this item.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import add, mul

from shared.learner.model.standing import Concept, Item, Known, Learner, Tried, direction
from shared.learner.ratings import sigmoid

SIGNS = (
    "one", "rating", "learner", "concept", "weakest", "combination", "item", "concept_hard", "combination_hard",
    "latent", "learner_unsure", "concept_new", "item_unsure", "concept_unsure", "wins", "fails", "item_wins",
    "item_fails", "practice", "concept_fast", "concept_slow", "fast", "slow", "long", "concept_last", "concept_mean",
    "last", "before", "item_last", "concept_streak", "streak", "gap", "concept_gap", "item_gap", "gap_known",
    "concept_gap_known", "item_gap_known", "haste", "sitting_new", "item_pace", "learner_pace", "same",
    "same_last", "overlap", "overlap_last", "other_last", "concept_lag", "item_lag", "met", "met_last", "met_fast",
    "met_unsure", "met_practice", "several", "none", "item_fast", "sitting", "item_first", "hints",
)  # fmt: skip
"""Names of the figures, in the order of a vector."""

LEARNER_UNSURE, KNOWN_UNSURE, TRIED_UNSURE = 0.6, 0.5, 0.05
MET_UNSURE, CONCEPT_UNSURE, COMBINATION_UNSURE = 0.15, 0.6, 0.2
ITEM_UNSURE, ITEMS_BELIEVED = 1.0, 50
"""A new item's variance, and by how many items' worth it is believed before others have been seen."""
LEARNER_DRIFT, KNOWN_DRIFT, ITEM_DRIFT = 0.002, 0.005, 0.0005
OFFSET_STEP, FACTOR_STEP, LEARNER_FACTOR_STEP, FACTOR_DECAY = 0.03, 0.05, 0.15, 0.01
SITTING = 1800.0
"""Seconds without an attempt after which another sitting begins."""
HINTED = 0.3
"""Share of its step that a success with hints gives to abilities."""

_LOG = [math.log1p(i) for i in range(4096)]
_ROOT = [1 / math.sqrt(1 + i) for i in range(4096)]
_UNTRIED, _UNKNOWN = Tried(0.0), Known(0.0)


def _log(n: int) -> float:
    return _LOG[n] if n < 4096 else _LOG[4095]


def _root(n: int) -> float:
    return _ROOT[n] if n < 4096 else _ROOT[4095]


class Situation:
    """One attempt before its outcome: whom and what it touches, the ratings' logit, and its figures (`vector`)."""

    __slots__ = (
        "combination", "concepts", "factors", "hard", "haste", "item", "item_name", "known", "latent", "learner",
        "learner_name", "met", "names", "offset", "paced", "rating", "sitting_new", "t", "tried", "vector",
    )  # fmt: skip

    learner: Learner
    item: Item
    tried: Tried
    concepts: list[Concept]
    known: list[Known]
    combination: Concept | None
    met: Known
    """The learner in the combination; in the concept where there is one only."""
    factors: list[float]
    offset: tuple[float, ...]
    vector: list[float]
    rating: float
    latent: float
    haste: float
    paced: bool
    sitting_new: bool

    def __init__(self, learner: str, item: str, names: tuple[str, ...], t: float | None) -> None:
        self.learner_name, self.item_name, self.names, self.t = learner, item, names, t


class History:
    """All learners, items and concepts met so far."""

    def __init__(self) -> None:
        self.learners: dict[str, Learner] = {}
        self.items: dict[str, Item] = {}
        self.concepts: dict[str, Concept] = {}
        self.level = 0.0
        self.offset = [0.0] * 8
        self.offset_seen = [1.0] * 8
        self.pace, self.paced = 3.4, 0
        self.item_spread, self.item_count = 0.0, 0

    def situation(self, learner: str, item: str, names: tuple[str, ...], t: float | None) -> Situation:
        """Looks only: nothing is remembered of what is asked about. `names`: sorted, each once."""
        s = Situation(learner, item, names, t)
        a = self.learners.get(learner)
        s.learner = a if a is not None else Learner(LEARNER_UNSURE)
        i = self.items.get(item)
        s.item = i if i is not None else Item(self._item_unsure(), direction("i" + item))
        s.tried = s.learner.tried.get(item, _UNTRIED)
        self._find_concepts(s)
        s.vector = self._vector(s)
        return s

    def _item_unsure(self) -> float:
        return (self.item_spread + ITEM_UNSURE * ITEMS_BELIEVED) / (self.item_count + ITEMS_BELIEVED)

    def _find_concepts(self, s: Situation) -> None:
        known, concepts = s.learner.known, self.concepts
        s.concepts, s.known = [], []
        for name in s.names:
            concept, ours = concepts.get(name), known.get(name)
            s.concepts.append(Concept(CONCEPT_UNSURE, direction("c" + name)) if concept is None else concept)
            s.known.append(Known(KNOWN_UNSURE) if ours is None else ours)
        s.combination = None
        if len(s.names) > 1:
            key = "|".join(s.names)
            combination, met = concepts.get(key), known.get(key)
            s.combination = Concept(COMBINATION_UNSURE, []) if combination is None else combination
            s.met = Known(MET_UNSURE) if met is None else met
        else:
            s.met = s.known[0] if s.known else _UNKNOWN

    def _vector(self, s: Situation) -> list[float]:
        a, i, z, met = s.learner, s.item, s.tried, s.met
        n, names, known = a.n, s.names, s.known
        able, weakest, hard, wins, fails, fast, slow, last, mean, streak, place, t, seen, unsure = _over(s)
        several = len(names) > 1
        own = met.able if several else 0.0
        ours = s.combination.hard if s.combination is not None else 0.0
        s.offset = (_log(z.n), 1.0 if z.n else 0.0, z.last, wins, fails, last, a.last, _log(n) * 0.3)
        e = self.level + a.able + able + own + z.able - i.hard - hard - ours
        e += sum(map(mul, self.offset, s.offset))
        s.rating = e
        s.latent = latent = sum(map(mul, a.factors, s.factors))
        gap, gap_known, concept_gap, item_gap = self._gaps(s, t)
        same = 1.0 if a.item == s.item_name and n else 0.0
        overlap = _overlap(a.concepts, names)
        return [
            1.0, e, a.able, able, weakest - able, own, i.hard, hard, ours,
            latent, _root(n), _root(seen), math.sqrt(i.unsure), unsure, wins, fails, _log(z.wins),
            _log(z.n - z.wins), _log(n) * 0.3, fast, slow, a.fast, a.slow, a.long, last, mean,
            a.last, a.before, z.last, _held(streak), _held(a.streak * 0.3),
            gap, concept_gap, item_gap, gap_known,
            0.0 if t is None or s.t is None else 1.0, 0.0 if z.t is None or s.t is None else 1.0,
            s.haste * 0.5, 1.0 if s.sitting_new else 0.0, i.pace, a.pace, same,
            same * a.last, overlap, overlap * a.last, (1.0 - overlap) * a.last,
            _log(n - place) * 0.4 if place >= 0 else 0.0, _log(n - z.place) * 0.4 if z.n else 0.0,
            1.0 if met.n else 0.0, met.last, met.fast, _root(met.n), _log(met.n) * 0.4,
            1.0 if several else 0.0, 0.0 if known else 1.0, z.fast, _log(a.sitting) * 0.4, i.first, _log(z.hints),
        ]  # fmt: skip

    def _gaps(self, s: Situation, concept_t: float | None) -> tuple[float, float, float, float]:
        """(gap, whether it is known, the concept's, the item's), scaled; sets what `absorb` needs of the pace."""
        s.haste, s.paced, s.sitting_new = 0.0, False, False
        t, before, item_t = s.t, s.learner.t, s.tried.t
        if t is None:
            return 0.0, 0.0, 0.0, 0.0
        gap = known = concept_gap = item_gap = 0.0
        if before is not None:
            passed = t - before if t > before else 0.0
            lg = math.log1p(passed)
            gap, known = (lg - 4.0) * 0.25, 1.0
            if passed < SITTING:
                s.haste, s.paced = lg - (self.pace + s.learner.pace + s.item.pace), True
            else:
                s.sitting_new = True
        if concept_t is not None:
            concept_gap = (math.log1p(t - concept_t) - 6.0) * 0.2 if t > concept_t else -1.2
        if item_t is not None:
            item_gap = (math.log1p(t - item_t) - 6.0) * 0.2 if t > item_t else -1.2
        return gap, known, concept_gap, item_gap

    def absorb(self, s: Situation, correct: bool) -> None:
        """Learns from the outcome of a situation that was looked at just before."""
        self._remember(s)
        y = 1 if correct else 0
        r = y - sigmoid(s.rating)
        self._factors(s, y)
        self._rate(s, r, HINTED if correct and s.tried.hints else 1.0)
        _count_learner(s, y, r, self)
        _count_concepts(s, y, r)
        _count_item(s, y, r)
        s.learner.n += 1

    def _remember(self, s: Situation) -> None:
        a = self.learners.setdefault(s.learner_name, s.learner)
        if s.item.n == 0 and s.item_name not in self.items:
            self.items[s.item_name] = s.item
            self.item_spread += s.item.hard**2 + s.item.unsure
            self.item_count += 1
        if s.tried is _UNTRIED:
            s.tried = a.tried[s.item_name] = Tried(TRIED_UNSURE)
        for name, concept, ours in zip(s.names, s.concepts, s.known, strict=True):
            if ours.n == 0:
                a.known[name] = ours
                self.concepts[name] = concept
        if s.combination is not None and s.met.n == 0:
            key = "|".join(s.names)
            a.known[key] = s.met
            self.concepts[key] = s.combination

    def _factors(self, s: Situation, y: int) -> None:
        r = y - sigmoid(s.rating + s.latent)
        theirs, ours = LEARNER_FACTOR_STEP * r, FACTOR_STEP * r
        u = s.learner.factors
        s.learner.factors = [p * (1 - FACTOR_DECAY) + theirs * q for p, q in zip(u, s.factors, strict=True)]
        s.item.factors = [p + ours * q for p, q in zip(s.item.factors, u, strict=True)]
        if s.concepts:
            ours /= len(s.concepts)
            for concept in s.concepts:
                concept.factors = [p + ours * q for p, q in zip(concept.factors, u, strict=True)]

    def _rate(self, s: Situation, r: float, lifted: float) -> None:
        """`lifted`: the share of the step that abilities get."""
        a, i, z = s.learner, s.item, s.tried
        w = (1 - abs(r)) * abs(r)
        share = 1.0 / len(s.names) if s.names else 0.0
        square = share * share
        total = a.unsure + i.unsure + z.unsure
        for concept, ours in zip(s.concepts, s.known, strict=True):
            total += square * (concept.unsure + ours.unsure)
        if s.combination is not None:
            total += s.combination.unsure + s.met.unsure
        step = r / (1.0 + w * total)
        w /= 1.0 + w * total
        up = step * lifted
        self.level += 0.002 * r
        for k, v in enumerate(s.offset):
            if v:
                v *= r
                self.offset_seen[k] += v * v
                self.offset[k] += OFFSET_STEP * v / math.sqrt(self.offset_seen[k])
        a.able += a.unsure * up
        a.unsure += LEARNER_DRIFT - a.unsure * a.unsure * w
        before = i.hard * i.hard + i.unsure
        i.hard -= i.unsure * step
        i.unsure += ITEM_DRIFT - i.unsure * i.unsure * w
        self.item_spread += i.hard * i.hard + i.unsure - before
        z.able += z.unsure * up
        z.unsure -= z.unsure * z.unsure * w
        for concept, ours in zip(s.concepts, s.known, strict=True):
            v = ours.unsure
            ours.able += share * v * up
            ours.unsure = v + KNOWN_DRIFT - square * v * v * w
            v = concept.unsure
            concept.hard -= share * v * step
            concept.unsure = v - square * v * v * w
        if s.combination is not None:
            v = s.met.unsure
            s.met.able += v * up
            s.met.unsure = v + KNOWN_DRIFT - v * v * w
            v = s.combination.unsure
            s.combination.hard -= v * step
            s.combination.unsure = v - v * v * w

    def hint(self, learner: str, item: str) -> None:
        """Notes a hint: the next success at the item lifts abilities less, and the figure `hints` is known."""
        a = self.learners.setdefault(learner, Learner(LEARNER_UNSURE))
        tried = a.tried.get(item)
        if tried is None:
            tried = a.tried[item] = Tried(TRIED_UNSURE)
        tried.hints += 1

    def expect(self, item: str, hard: float) -> None:
        """An item nobody has tried starts at `hard`, in log-odds. One that was tried has spoken for itself."""
        known = self.items.get(item)
        if known is not None and known.n:
            return
        if known is None:
            known = self.items[item] = Item(self._item_unsure(), direction("i" + item))
            self.item_count += 1
            self.item_spread += known.unsure
        known.hard = hard


_Over = tuple[
    float, float, float, float, float, float, float, float, float, float, int, float | None, int, float
]  # fmt: skip


def _over(s: Situation) -> _Over:
    """Means over the concepts: (able, weakest, hard, wins, fails, fast, slow, last, mean, streak), then the latest
    (place, time), the fewest attempts, the first one's variance. Sets the attempt's latent vector."""
    known, concepts = s.known, s.concepts
    if len(known) == 1:
        k, c = known[0], concepts[0]
        s.factors = list(map(add, s.item.factors, c.factors))
        return (k.able, k.able, c.hard, _log(k.wins), _log(k.n - k.wins), k.fast, k.slow, k.last, k.mean,
                k.streak, k.place, k.t, k.n, k.unsure)  # fmt: skip
    s.factors = s.item.factors
    if not known:
        return 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1, None, 0, 0.0
    share = 1.0 / len(known)
    for c in concepts:
        s.factors = [p + share * q for p, q in zip(s.factors, c.factors, strict=True)]
    times = [k.t for k in known if k.t is not None]
    return (
        sum([k.able for k in known]) * share,
        min([k.able for k in known]),
        sum([c.hard for c in concepts]) * share,
        sum([_log(k.wins) for k in known]) * share,
        sum([_log(k.n - k.wins) for k in known]) * share,
        sum([k.fast for k in known]) * share,
        sum([k.slow for k in known]) * share,
        sum([k.last for k in known]) * share,
        sum([k.mean for k in known]) * share,
        sum([k.streak for k in known]) * share,
        max([k.place for k in known]),
        max(times) if times else None,
        min([k.n for k in known]),
        known[0].unsure,
    )


def _held(x: float) -> float:
    """Between −3 and 3."""
    return 3.0 if x > 3.0 else max(x, -3.0)


def _overlap(before: Sequence[str], now: Sequence[str]) -> float:
    """1 for the same concepts as in the learner's last attempt, 0.5 for some of them."""
    if before == now:
        return 1.0
    return 0.5 if before and now and not set(before).isdisjoint(now) else 0.0


def _streak(streak: int, y: int) -> int:
    return max(streak, 0) + 1 if y else min(streak, 0) - 1


def _count_learner(s: Situation, y: int, r: float, history: History) -> None:
    a, i = s.learner, s.item
    a.wins += y
    a.fast += 0.4 * (r - a.fast)
    a.slow += 0.12 * (r - a.slow)
    a.long += 0.03 * (r - a.long)
    a.before, a.last = a.last, 1.0 if y else -1.0
    a.streak = _streak(a.streak, y)
    a.item, a.concepts = s.item_name, s.names
    if s.t is None:
        return
    a.t = s.t
    a.sitting = 0 if s.sitting_new else a.sitting + 1
    if s.paced:
        history.pace += s.haste * max(0.002, 1 / (history.paced + 5))
        history.paced += 1
        a.pace += 0.5 * s.haste / (a.paced + 3)
        a.paced = min(a.paced + 1, 50)
        i.pace += 0.5 * s.haste / (i.paced + 3)
        i.paced = min(i.paced + 1, 200)


def _count_concepts(s: Situation, y: int, r: float) -> None:
    place, t = s.learner.n, s.t
    for concept, k in zip(s.concepts, s.known, strict=True):
        _count_known(k, y, r, place, t)
        concept.n += 1
        concept.wins += y
    if s.combination is not None:
        _count_known(s.met, y, r, place, t)
        s.combination.n += 1
        s.combination.wins += y


def _count_known(k: Known, y: int, r: float, place: int, t: float | None) -> None:
    k.n += 1
    k.wins += y
    k.fast += 0.4 * (r - k.fast)
    k.slow += 0.12 * (r - k.slow)
    k.last = 1.0 if y else -1.0
    k.mean += 0.25 * (k.last - k.mean)
    k.streak = _streak(k.streak, y)
    k.place = place
    if t is not None:
        k.t = t


def _count_item(s: Situation, y: int, r: float) -> None:
    i, z = s.item, s.tried
    if z.n == 0:
        i.first += (r - i.first) / (i.firsts + 4)
        i.firsts += 1
    i.n += 1
    i.wins += y
    z.n += 1
    z.wins += y
    z.last = 1.0 if y else -1.0
    z.place = s.learner.n
    z.fast += 0.4 * (r - z.fast)
    z.hints = 0
    if s.t is not None:
        z.t = s.t
