"""The model as JSON, part by part: a learner's part has a fixed size for each concept and item they met.

Numbers come back as they were, bit for bit: JSON keeps a float whole, arrays go as base64 of their bytes.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping
from typing import Any, Protocol, TypeVar

import numpy as np

from shared.learner.model.blend import Blend
from shared.learner.model.history import History
from shared.learner.model.linear import Linear, Slopes
from shared.learner.model.net import Net
from shared.learner.model.standing import Concept, Item, Known, Learner, Tried
from shared.learner.model.trees import Trees

Part = dict[str, Any]
GLOBAL = "global"
Whole = TypeVar("Whole", Item, Concept, Learner, Known, Tried)
_LEVELS = ("level", "offset", "offset_seen", "pace", "paced", "item_spread", "item_count")
_NET = ("flat", "mean", "square")
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

    def asked(name: str) -> bool:
        return names is None or name in names

    found = {f"learner:{k}": _learner(v) for k, v in history.learners.items() if asked(f"learner:{k}")}
    for kind, of, own in (("item", history.items, linear.items), ("concept", history.concepts, linear.concepts)):
        for k in dict.fromkeys([*of, *own]):
            if asked(name := f"{kind}:{k}"):
                found[name] = _taught(of.get(k), own.get(k))
    if asked(GLOBAL):
        found[GLOBAL] = _shared(model)
    return found


def restore(model: Kept, kept: Mapping[str, Part]) -> None:
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
            case _:
                raise ValueError(f"no part of a learner model: {name!r}")


def _learner(of: Learner) -> Part:
    part = _slots(of)
    part["concepts"] = list(of.concepts)
    part["known"] = {k: _slots(v) for k, v in of.known.items()}
    part["tried"] = {k: _slots(v) for k, v in of.tried.items()}
    return part


def _as_learner(part: Part) -> Learner:
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
    net, trees, blend = model.net, model.trees, model.blend
    kept = min(net.kept, len(net.outcomes))
    return {
        "history": {name: _copied(getattr(model.history, name)) for name in _LEVELS},
        "linear": {"weights": _text(model.linear.weights), "seen": _text(model.linear.seen)},
        "net": {name: _text(getattr(net, name)) for name in _NET}
        | {"steps": net.steps, "kept": net.kept}
        | {"memory": _text(net.memory[:kept]), "outcomes": _text(net.outcomes[:kept])},
        "blend": {"scale": blend.scale, "seen": blend.seen, "level": blend.level},
        "trees": None if trees is None else {n: getattr(trees, n).tolist() for n in _TREES},
    }


def _put_shared(model: Kept, part: Part) -> None:
    for name in _LEVELS:
        setattr(model.history, name, _copied(part["history"][name]))
    model.linear.weights, model.linear.seen = (_array(part["linear"][n]) for n in ("weights", "seen"))
    net, kept = model.net, part["net"]
    for name in _NET:
        getattr(net, name)[:] = _array(kept[name])
    net.steps, net.kept = kept["steps"], kept["kept"]
    outcomes = _array(kept["outcomes"])
    net.outcomes[: len(outcomes)] = outcomes
    net.memory[: len(outcomes)] = _array(kept["memory"], np.float32).reshape(len(outcomes), -1)
    for name in ("scale", "seen", "level"):
        setattr(model.blend, name, part["blend"][name])
    model.trees = _as_trees(part["trees"])


def _as_trees(part: Part | None) -> Trees | None:
    if part is None:
        return None
    start, figures, limits, leaves = (part[name] for name in _TREES)
    return Trees(np.array(start), np.array(figures, np.intp), np.array(limits), np.array(leaves))


def _slots(of: Item | Concept | Learner | Known | Tried) -> Part:
    return {name: _copied(getattr(of, name)) for name in of.__slots__}


def _filled(of: Whole, part: Part) -> Whole:
    for name in of.__slots__:
        setattr(of, name, _copied(part[name]))
    return of


def _copied(value: Any) -> Any:
    return list(value) if isinstance(value, list) else value


def _text(array: np.ndarray[Any, Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def _array(text: str, kind: type[np.generic] = np.float64) -> np.ndarray[Any, Any]:
    return np.frombuffer(base64.b64decode(text), kind).copy()
