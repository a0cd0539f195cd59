"""The model as JSON, part by part: a learner's part has a fixed size for each concept and item they met.

What all share is in three parts: `global` is all that a prediction needs of it (11 KB), `training` what learning
needs besides (21 KB), `memory` the attempts the net draws on (1.3 MB). Numbers come back as they were, bit for bit:
JSON keeps a float whole, arrays go as base64 of their bytes.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

import numpy as np

from shared.learner.model.blend import Blend
from shared.learner.model.history import History
from shared.learner.model.linear import Linear, Slopes
from shared.learner.model.net import Net
from shared.learner.model.standing import Concept, Item, Known, Learner, Tried
from shared.learner.model.trees import Trees

Part = dict[str, Any]
GLOBAL, TRAINING, MEMORY = "global", "training", "memory"
Whole = TypeVar("Whole", Item, Concept, Learner, Known, Tried)
_LEVELS = ("level", "offset", "offset_seen", "pace", "paced", "item_spread", "item_count")
_TREES = ("start", "figures", "limits", "leaves")


class Kept(Protocol):
    """What of a model is kept."""

    history: History
    linear: Linear
    net: Net
    blend: Blend
    trees: Trees | None


def parts(model: Kept, names: Collection[str] | None = None) -> dict[str, Part]:
    """By name; `names`: those only, as far as they are known."""
    history, linear = model.history, model.linear

    def kept(kind: str, of: Iterable[str]) -> Iterator[tuple[str, str]]:
        for key in dict.fromkeys(of) if names is None else (n[len(kind) :] for n in names if n.startswith(kind)):
            yield f"{kind}{key}", key

    learners = history.learners
    found = {name: _learner(learners[k]) for name, k in kept("learner:", learners) if k in learners}
    for kind, of, own in (("item:", history.items, linear.items), ("concept:", history.concepts, linear.concepts)):
        for name, k in kept(kind, [*of, *own]):
            if k in of or k in own:
                found[name] = _taught(of.get(k), own.get(k))
    for name, shared in ((GLOBAL, _shared), (TRAINING, _training), (MEMORY, _memory)):
        if names is None or name in names:
            found[name] = shared(model)
    return found


def restore(model: Kept, kept: Mapping[str, Mapping[str, Any]]) -> None:
    """Puts parts into a new model. Raises KeyError or ValueError for a name or a part that `parts` does not make."""
    history, linear = model.history, model.linear
    for name, part in kept.items():
        kind, _, key = name.partition(":")
        match kind:
            case "learner":
                history.learners[key] = _as_learner(part)
            case "item":
                if part["history"]:
                    history.items[key] = _filled(Item(0.0, []), part["history"])
                _put(linear.items, key, part["slopes"])
            case "concept":
                if part["history"]:
                    history.concepts[key] = _filled(Concept(0.0, []), part["history"])
                _put(linear.concepts, key, part["slopes"])
            case "global":
                _put_shared(model, part)
            case "training":
                _put_training(model, part)
            case "memory":
                x = _array(part["attempts"], np.float32).reshape(-1, len(model.net.prior))
                model.net.recall(part["first"], x, _array(part["outcomes"], np.uint8))
            case _:
                raise ValueError(f"no part of a learner model: {name!r}")


def _learner(of: Learner) -> Part:
    part = _slots(of)
    part["concepts"] = list(of.concepts)
    part["known"] = {k: _slots(v) for k, v in of.known.items()}
    part["tried"] = {k: _slots(v) for k, v in of.tried.items()}
    return part


def _as_learner(part: Mapping[str, Any]) -> Learner:
    learner = _filled(Learner(0.0), part)
    learner.concepts = tuple(part["concepts"])
    learner.known = {k: _filled(Known(0.0), v) for k, v in part["known"].items()}
    learner.tried = {k: _filled(Tried(0.0), v) for k, v in part["tried"].items()}
    return learner


def _taught(of: Item | Concept | None, own: Slopes | None) -> Part:
    return {"history": None if of is None else _slots(of), "slopes": None if own is None else [list(v) for v in own]}


def _put(of: dict[str, Slopes], key: str, slopes: list[list[float]] | None) -> None:
    if slopes is not None:
        of[key] = (list(slopes[0]), list(slopes[1]))


def _shared(model: Kept) -> Part:
    trees, blend = model.trees, model.blend
    return {
        "history": {name: _copied(getattr(model.history, name)) for name in _LEVELS},
        "linear": _text(model.linear.weights),
        "net": _text(model.net.flat),
        "blend": {"scale": blend.scale, "seen": blend.seen, "level": blend.level},
        "trees": None if trees is None else {n: getattr(trees, n).tolist() for n in _TREES},
    }


def _put_shared(model: Kept, part: Mapping[str, Any]) -> None:
    for name in _LEVELS:
        setattr(model.history, name, _copied(part["history"][name]))
    model.linear.weights = _array(part["linear"])
    model.net.flat[:] = _array(part["net"])
    for name in ("scale", "seen", "level"):
        setattr(model.blend, name, part["blend"][name])
    model.trees = _as_trees(part["trees"])


def _training(model: Kept) -> Part:
    net = model.net
    figures = {"linear": _text(model.linear.seen), "mean": _text(net.mean), "square": _text(net.square)}
    return {**figures, "steps": net.steps, "kept": net.kept}


def _put_training(model: Kept, part: Mapping[str, Any]) -> None:
    net = model.net
    model.linear.seen = _array(part["linear"])
    net.mean[:], net.square[:] = _array(part["mean"]), _array(part["square"])
    net.steps, net.kept = part["steps"], part["kept"]


def _memory(model: Kept) -> Part:
    first, attempts, outcomes = model.net.since(0)
    return {"first": first, "attempts": _text(attempts), "outcomes": _text(outcomes)}


def _as_trees(part: Part | None) -> Trees | None:
    if part is None:
        return None
    start, figures, limits, leaves = (part[name] for name in _TREES)
    return Trees(np.array(start), np.array(figures, np.intp), np.array(limits), np.array(leaves))


def _slots(of: Item | Concept | Learner | Known | Tried) -> Part:
    return {name: _copied(getattr(of, name)) for name in of.__slots__}


def _filled(of: Whole, part: Mapping[str, Any]) -> Whole:
    for name in of.__slots__:
        setattr(of, name, _copied(part[name]))
    return of


def _copied(value: Any) -> Any:
    return list(value) if isinstance(value, list) else value


def _text(array: np.ndarray[Any, Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def _array(text: str, kind: type[np.generic] = np.float64) -> np.ndarray[Any, Any]:
    return np.frombuffer(base64.b64decode(text), kind).copy()
