"""What scikit-learn's parameters of trees ask for, checked and put in the engine's terms."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

import numpy as np

from ..criteria import Absolute, Entropy, FriedmanSquared, Gini, Poisson, Squared
from .impurity_tree import ImpurityTree

CLASSES = {"gini": Gini, "entropy": Entropy, "log_loss": Entropy}
NUMBERS = {
    "squared_error": Squared,
    "absolute_error": Absolute,
    "friedman_mse": FriedmanSquared,
    "poisson": Poisson,
}


def is_whole(value: Any) -> bool:
    """Whether a parameter is a whole number."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def is_share(value: Any) -> bool:
    """Whether a parameter is a share in (0, 1], as a float."""
    return isinstance(value, Real) and not isinstance(value, Integral) and 0.0 < float(value) <= 1.0


def criterion_for(name: Any, outputs: int, n_classes: int = 0) -> Any:
    """The criterion of that name; n_classes is the most an output has, 0 for numbers."""
    known: dict[str, Any] = CLASSES if n_classes else NUMBERS
    if not isinstance(name, str) or name not in known:
        raise ValueError(f"criterion={name!r} is none of {', '.join(map(repr, known))}")
    if n_classes:
        return known[name](n_classes, outputs)
    return Absolute() if known[name] is Absolute else known[name](outputs)


def impurity_tree(model: Any, n: int, p: int, total: float, *, random: bool) -> ImpurityTree:
    """The tree a model's parameters ask for, for n rows of p features and that total weight."""
    monotone = _signs(model, p)
    most = features_of(model.max_features, p)
    return ImpurityTree(
        max_leaves=_whole(model, "max_leaf_nodes", 2),
        max_depth=_whole(model, "max_depth", 1),
        min_split=max(_count(model, "min_samples_split", n, 2), 2 * _count(model, "min_samples_leaf", n, 1)),
        min_leaf=_count(model, "min_samples_leaf", n, 1),
        min_weight=_between(model, "min_weight_fraction_leaf", 0.0, 0.5) * total,
        min_gain=_between(model, "min_impurity_decrease", 0.0, np.inf) * total,
        max_features=None if most >= p else most,
        random=random,
        monotone=monotone if monotone is not None and monotone.any() else None,
    )  # fmt: skip


def check_medians(criterion: Any, monotone: bool, categorical: np.ndarray | None) -> None:
    """Say what trees whose leaves predict medians do not offer."""
    if criterion.target != "medians":
        return
    if monotone:
        raise ValueError("criterion='absolute_error' does not take monotonic_cst")
    if categorical is not None and categorical.any():
        raise ValueError(
            "criterion='absolute_error' does not split sets of categories; encode them, or choose another"
        )


def features_of(asked: Any, p: int) -> int:
    """How many features are drawn for a node: None, a number, a share, "sqrt" or "log2"."""
    if asked is None:
        return p
    if asked == "sqrt" or asked == "log2":
        return max(1, int(np.sqrt(p) if asked == "sqrt" else np.log2(p)))
    if is_whole(asked) and asked >= 1:
        return min(int(asked), p)
    if is_share(asked):
        return max(1, int(asked * p))
    raise ValueError(
        f"max_features={asked!r} must be None, 'sqrt', 'log2', a whole number from 1 or a share in (0, 1]"
    )


def _whole(model: Any, name: str, least: int) -> int | None:
    value = getattr(model, name)
    if value is None:
        return None
    if not is_whole(value) or value < least:
        raise ValueError(f"{name}={value!r} must be None or a whole number from {least}")
    return int(value)


def _count(model: Any, name: str, n: int, least: int) -> int:
    value = getattr(model, name)
    if is_whole(value) and value >= least:
        return int(value)
    if is_share(value):
        return max(least, int(np.ceil(value * n)))
    raise ValueError(f"{name}={value!r} must be a whole number from {least} or a share in (0, 1]")


def _between(model: Any, name: str, low: float, high: float) -> float:
    value: Any = getattr(model, name)
    if not isinstance(value, Real) or not low <= float(value) <= high:
        must = f"from {low:g} to {high:g}" if np.isfinite(high) else f"at least {low:g}"
        raise ValueError(f"{name}={value!r} must be {must}")
    return float(value)


def _signs(model: Any, p: int) -> np.ndarray | None:
    asked = model.monotonic_cst
    if asked is None:
        return None
    if isinstance(asked, dict):
        names = list(getattr(model, "feature_names_in_", []))
        unknown = set(asked) - set(names)
        if unknown:
            raise ValueError(f"monotonic_cst names {sorted(unknown)}, not columns of X")
        asked = [asked.get(name, 0) for name in names]
    signs = np.asarray(asked)
    if signs.shape != (p,) or not np.isin(signs, (-1, 0, 1)).all():
        raise ValueError(f"monotonic_cst must be one of -1, 0, 1 for each of the {p} features")
    return signs.astype(np.int64)
