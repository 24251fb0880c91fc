"""XGBoost's JSON to our boosters."""

from __future__ import annotations

import json
import math
import os
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..growth.by_value import rebinned
from ..growth.renumbered import Nodes, forest_of
from .boosting import Boosted
from .carried import as_fitted
from .gblinear import LinearBoosted
from .xgboost import XGBClassifier, XGBRegressor

_WHERE = "XGBoost model"
#: What a score is of a prediction, by objective.
_LINKS: dict[str, Any] = {
    "binary:logistic": "logit", "reg:logistic": "logit", "count:poisson": "log", "reg:gamma": "log",
    "reg:tweedie": "log", "reg:squarederror": "", "reg:absoluteerror": "", "reg:quantileerror": "",
    "multi:softprob": "", "multi:softmax": "",
}  # fmt: skip


def from_xgboost(model: Any) -> Any:
    """The `XGBClassifier` or `XGBRegressor` that predicts as an XGBoost model does.

    model : JSON (text or bytes), the path of a file of it, an ``xgboost.Booster``, or a fitted
        ``xgboost.XGBModel``, whose class labels are then kept.

    Numbers, missing values, sets of categories, DART's weights and linear boosters are taken over;
    predictions equal XGBoost's to its 32-bit rounding.  A cut is put half-way between the two
    32-bit numbers it separates.  Categories are whole numbers; one beyond all that the model names goes
    where missing ones go (there: left).  Refused: trees with vectors in their leaves, ranking, survival.

    >>> from zhixing.ensemble import XGBRegressor, to_xgboost
    >>> X, y = np.arange(60.0)[:, None], np.arange(60.0)
    >>> ours = XGBRegressor(n_estimators=5).fit(X, y)
    >>> bool(np.allclose(from_xgboost(to_xgboost(ours)).predict(X), ours.predict(X), rtol=1e-6))
    True
    """
    raw, classes = _raw(model)
    try:
        learner = json.loads(raw)["learner"]
        params, objective = learner["learner_model_param"], learner["objective"]["name"]
        booster = learner["gradient_booster"]
    except (ValueError, KeyError, TypeError) as reason:
        raise InputError(f"is not XGBoost's JSON ({reason})", where=_WHERE) from None
    if objective not in _LINKS:
        raise InputError(f"objective {objective!r} is not supported", where=_WHERE)
    p = int(params["num_feature"])
    outputs = max(int(params["num_class"]), 1)
    if int(params.get("num_target", 1)) > 1:
        raise InputError("several targets are not supported", where=_WHERE)
    names = learner.get("feature_names") or None
    made: Any = XGBRegressor(objective=objective)
    if objective.startswith(("binary", "multi")):
        made = XGBClassifier(objective=objective)
    start = _start(params["base_score"], objective, outputs)
    weights = np.ones(0)
    if booster["name"] == "gblinear":
        return _linear(made, booster, start, p, outputs, names, classes)
    if booster["name"] == "dart":
        weights = np.array(booster["weight_drop"], dtype=float)
        booster = booster["gbtree"]
        made.set_params(booster="dart")
    content = booster["model"]
    trees = [_nodes(tree) for tree in content["trees"]]
    for tree, weight in zip(trees, weights):
        tree.value = tree.value * weight
    forest, bins, _ = forest_of(trees, p, _WHERE)
    forest, bins = rebinned(forest, p, bins)
    boosted = Boosted(forest, bins, start, np.array(content["tree_info"], dtype=np.int64))
    return as_fitted(made, boosted, p, names, classes)


def _raw(model: Any) -> tuple[Any, Any]:
    if hasattr(model, "get_booster"):
        return model.get_booster().save_raw("json"), getattr(model, "classes_", None)
    if hasattr(model, "save_raw"):
        return model.save_raw("json"), None
    path = isinstance(model, os.PathLike) or (isinstance(model, str) and "{" not in model)
    if path:
        with open(model, encoding="utf-8") as file:
            return file.read(), None
    return model, None


def _start(text: str, objective: str, outputs: int) -> np.ndarray:
    values = np.array([float(v) for v in text.strip("[]").split(",")])
    link = _LINKS[objective]
    if link == "logit":
        values = np.array([math.log(v / (1.0 - v)) for v in values])
    elif link == "log":
        values = np.log(values)
    return np.broadcast_to(values, outputs).copy()


def _nodes(tree: dict[str, Any]) -> Nodes:
    if int(tree["tree_param"].get("size_leaf_vector", 1)) > 1:
        raise InputError("trees with vectors in their leaves are not supported", where=_WHERE)
    left = np.array(tree["left_children"])
    conditions = np.array(tree["split_conditions"], dtype=np.float32)
    default = np.array(tree["default_left"], dtype=bool)
    sets: list[np.ndarray | None] = [None] * len(left)
    listed = np.array(tree["categories"], dtype=np.int64)
    others = default.copy()
    for node, at, size in zip(
        tree["categories_nodes"], tree["categories_segments"], tree["categories_sizes"]
    ):
        sets[node] = listed[at : at + size]
    right = np.array(tree["right_children"])
    swap = np.array([s is not None for s in sets])
    # Listed categories go right there: the children change places.
    left, right = np.where(swap, right, left), np.where(swap, left, right)
    others[swap] = ~default[swap]
    value = np.where(left < 0, conditions, np.array(tree["base_weights"], dtype=np.float32))
    cover = np.array(tree["sum_hessian"], dtype=float)
    return Nodes(
        left=left,
        right=right,
        feature=np.where(left < 0, -1, tree["split_indices"]),
        threshold=_between(conditions),
        missing_left=default & ~swap,
        value=value.astype(np.float64),
        gain=np.array(tree["loss_changes"], dtype=float),
        cover=cover,
        count=np.zeros(len(left), np.int64),
        sets=sets,
        others_left=others,
    )


def _between(cut: np.ndarray) -> np.ndarray:
    """t with: x <= t exactly where x, rounded to 32 bits, is below the cut."""
    below = np.nextafter(cut, np.float32(-np.inf)).astype(np.float64)
    middle = 0.5 * below + 0.5 * cut.astype(np.float64)
    # A tie is rounded to the even of the two; if that is the cut, the middle itself is not below.
    to_cut = middle.astype(np.float32) == cut
    return np.where(to_cut, np.nextafter(middle, -np.inf), middle)


def _linear(
    made: Any, booster: dict[str, Any], start: np.ndarray, p: int, outputs: int, names: Any,
    classes: Any,
) -> Any:  # fmt: skip
    weights = np.array(booster["model"]["weights"], dtype=float).reshape(p + 1, outputs)
    if outputs > 1:  # XGBoost 3.2 leaves the start out there
        start = np.zeros(outputs)
    empty = Boosted(*_no_trees(p), start, np.empty(0, np.int64))
    made.set_params(booster="gblinear")
    made = as_fitted(made, empty, p, names, classes)
    del made._boosted
    made._linear = LinearBoosted(weights[:-1].T.copy(), weights[-1].copy(), start, 1)
    made.n_iter_ = made.best_iteration_ = 1
    return made


def _no_trees(p: int) -> tuple[Any, Any]:
    forest, bins, _ = forest_of([], p, _WHERE)
    return forest, bins
