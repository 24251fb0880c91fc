"""LightGBM's text to our boosters."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..growth.by_value import rebinned
from ..growth.renumbered import Nodes, forest_of
from .boosting import Boosted
from .carried import as_fitted
from .lightgbm import LGBMClassifier, LGBMRegressor
from .lightgbm_ranker import LGBMRanker
from .linear_leaves import LinearTerms

_WHERE = "LightGBM model"
_NUMBERS = (
    "regression",
    "regression_l1",
    "huber",
    "quantile",
    "mape",
    "poisson",
    "gamma",
    "tweedie",
)


def from_lightgbm(model: Any) -> Any:
    """The `LGBMClassifier`, `LGBMRegressor` or `LGBMRanker` that predicts as a LightGBM model does.

    model : the model's text, the path of a file of it, a ``lightgbm.Booster``, or a fitted
        ``lightgbm.LGBMModel``, whose class labels are then kept.

    Numbers, missing values, sets of categories, linear leaves and forests are taken over, and
    predictions equal LightGBM's to rounding.  Categories are whole numbers, as LightGBM holds them.
    Refused: ``zero_as_missing``, ``sigmoid`` other than 1, ``reg_sqrt``, and objectives that
    zhixing does not have.  Cost: O(nodes).

    >>> from zhixing.ensemble import LGBMRegressor, to_lightgbm
    >>> X, y = np.arange(60.0)[:, None], np.arange(60.0)
    >>> ours = LGBMRegressor(n_estimators=5).fit(X, y)
    >>> bool(np.allclose(from_lightgbm(to_lightgbm(ours)).predict(X), ours.predict(X)))
    True
    """
    text, classes = _text(model)
    header, blocks = _parse(text)
    p = int(header["max_feature_idx"]) + 1
    outputs = int(header["num_tree_per_iteration"])
    trees, linear = [], []
    for block in blocks:
        trees.append(_nodes(block))
        linear.append(_terms(block))
    forest, bins, orders = forest_of(trees, p, _WHERE)
    terms = _join_terms(linear, orders)
    if "average_output" in header:
        share = outputs / max(len(trees), 1)
        forest.value = forest.value * share
        terms = None if terms is None else terms.scaled(share)
    forest, bins = rebinned(forest, p, bins)
    of_trees = np.arange(len(trees)) % outputs
    boosted = Boosted(forest, bins, np.zeros(outputs), of_trees, linear=terms)
    return as_fitted(
        _estimator(header, outputs), boosted, p, header["feature_names"].split(), classes
    )


def _text(model: Any) -> tuple[str, Any]:
    if hasattr(model, "booster_"):
        return model.booster_.model_to_string(num_iteration=-1), getattr(model, "classes_", None)
    if hasattr(model, "model_to_string"):
        return model.model_to_string(num_iteration=-1), None
    if isinstance(model, (str, os.PathLike)) and "\n" not in str(model):
        with open(model, encoding="utf-8") as file:
            return file.read(), None
    return str(model), None


def _parse(text: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    body = text.split("\nend of trees")[0]
    if not body.startswith("tree\n"):
        raise InputError("does not begin with a line 'tree'", where=_WHERE)
    head, *parts = body.split("\nTree=")
    blocks = []
    for part in [head, *parts]:
        pairs = [line.partition("=") for line in part.splitlines()]
        blocks.append({key: value for key, _, value in pairs})
    header = blocks[0]
    for name in ("max_feature_idx", "num_tree_per_iteration", "objective", "feature_names"):
        if name not in header:
            raise InputError(f"the text has no line {name}=", where=_WHERE)
    return header, blocks[1:]


def _array(block: dict[str, str], name: str, size: int, dtype: type = float) -> np.ndarray:
    words = block.get(name, "").split()
    if not words:
        return np.zeros(size, dtype)
    if len(words) != size:
        raise InputError(f"{name} has {len(words)} values, not {size}", where=_WHERE)
    return np.array(words, dtype=dtype)


def _nodes(block: dict[str, str]) -> Nodes:
    """LightGBM numbers inner nodes 0, 1, ... and leaves -1, -2, ...; here leaves follow them."""
    leaves = int(block["num_leaves"])
    inner = leaves - 1
    size = inner + leaves
    kind = _array(block, "decision_type", inner, int)
    missing = (kind >> 2) & 3
    if (missing == 1).any():
        raise InputError("zero_as_missing is not supported", where=_WHERE)
    by_set = kind & 1 == 1
    threshold = _array(block, "threshold", inner)
    # Without missing values in training, LightGBM reads them as 0.
    default = np.where(missing == 0, threshold >= 0.0, kind & 2 != 0)
    children = [_array(block, name, inner, int) for name in ("left_child", "right_child")]
    children = [np.where(c < 0, inner - 1 - c, c) for c in children]
    none = np.full(leaves, -1)
    bounds = _array(block, "cat_boundaries", int(block["num_cat"]) + 1, int)
    words = np.array(block.get("cat_threshold", "").split(), dtype=np.uint64)
    sets: list[np.ndarray | None] = [None] * size
    for node in np.flatnonzero(by_set):
        at = int(threshold[node])
        bits = words[bounds[at] : bounds[at + 1]].astype("<u4").view(np.uint8)
        sets[node] = np.flatnonzero(np.unpackbits(bits, bitorder="little"))

    leaf_value = _array(block, "leaf_value", leaves)
    if block.get("is_linear", "0") == "1":  # a leaf without features is its constant
        bare = _array(block, "num_features", leaves, int) == 0
        leaf_value = np.where(bare, _array(block, "leaf_const", leaves), leaf_value)

    def both(inner_name: str, leaf_name: str) -> np.ndarray:
        return np.concatenate([_array(block, inner_name, inner), _array(block, leaf_name, leaves)])

    return Nodes(
        left=np.concatenate([children[0], none]),
        right=np.concatenate([children[1], none]),
        feature=np.concatenate([_array(block, "split_feature", inner, int), none]),
        threshold=np.concatenate([threshold, np.zeros(leaves)]),
        missing_left=np.concatenate([default & ~by_set, np.zeros(leaves, bool)]),
        value=np.concatenate([_array(block, "internal_value", inner), leaf_value]),
        gain=np.concatenate([_array(block, "split_gain", inner), np.zeros(leaves)]),
        cover=both("internal_weight", "leaf_weight"),
        count=both("internal_count", "leaf_count"),
        sets=sets,
        others_left=np.zeros(size, bool),
    )


def _terms(block: dict[str, str]) -> dict[int, tuple[float, list[int], list[float]]]:
    """{node: (const, features, coefficients)} of a tree with linear leaves."""
    if block.get("is_linear", "0") != "1":
        return {}
    leaves = int(block["num_leaves"])
    counts = _array(block, "num_features", leaves, int)
    const = _array(block, "leaf_const", leaves)
    features = [int(w) for w in block.get("leaf_features", "").split()]
    coef = [float(w) for w in block.get("leaf_coeff", "").split()]
    ends = np.cumsum([0, *counts])
    return {
        leaves - 1 + k: (float(const[k]), features[a:b], coef[a:b])
        for k, (a, b) in enumerate(zip(ends[:-1], ends[1:]))
        if b > a
    }


def _join_terms(linear: list[dict], orders: list[np.ndarray]) -> LinearTerms | None:
    if not any(linear):
        return None
    const, counts, features, coef = [], [], [], []
    for terms, order in zip(linear, orders):
        for node in order:
            c, f, b = terms.get(int(node), (0.0, [], []))
            const.append(c)
            counts.append(len(f))
            features += f
            coef += b
    return LinearTerms(
        np.array(const), np.cumsum([0, *counts]).astype(np.int64),
        np.array(features, dtype=np.int64), np.array(coef, dtype=float),
    )  # fmt: skip


def _estimator(header: dict[str, str], outputs: int) -> Any:
    name, *rest = header["objective"].split()
    options = dict(word.split(":", 1) for word in rest if ":" in word)
    if float(options.get("sigmoid", 1.0)) != 1.0 or "sqrt" in rest:
        raise InputError(f"objective {header['objective']!r} is not supported", where=_WHERE)
    settings: dict[str, Any] = {"objective": name}
    if name in ("binary", "cross_entropy") or name in ("multiclass", "multiclassova"):
        return LGBMClassifier(**settings)
    if name in ("lambdarank", "rank_xendcg"):
        return LGBMRanker()
    if name not in _NUMBERS or outputs != 1:
        raise InputError(f"objective {name!r} is not supported", where=_WHERE)
    if "alpha" in options:
        settings["alpha"] = float(options["alpha"])
    if "tweedie_variance_power" in options:
        settings["tweedie_variance_power"] = float(options["tweedie_variance_power"])
    return LGBMRegressor(**settings)
