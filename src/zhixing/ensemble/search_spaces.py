"""The parameters of ensembles that are commonly tuned: what each does, and where it is searched."""

from __future__ import annotations

from typing import NamedTuple

from ..core.errors import InputError
from ..core.space import Range, Real, Space, Whole


class Tuned(NamedTuple):
    """A parameter worth tuning."""

    range: Range
    meaning: str


_RATE = "shrinkage of every tree: the smaller, the more rounds are needed and the less they overfit"
_ROUNDS = "rounds; with early stopping on held-out rows it needs no search"

SPACES: dict[str, dict[str, Tuned]] = {
    "random_forest": {
        "n_estimators": Tuned(Whole(100, 500, log=True), "trees: more is never worse, only slower"),
        "max_features": Tuned(Real(0.1, 1.0), "share of features a node may use: less makes trees differ"),
        "min_samples_leaf": Tuned(Whole(1, 20, log=True), "rows of a leaf: more smooths noisy targets"),
        "max_samples": Tuned(Real(0.3, 1.0), "share of rows drawn for a tree: less makes trees differ"),
    },
    "ada_boost": {
        "n_estimators": Tuned(Whole(30, 300, log=True), "rounds: too many follow noisy labels"),
        "learning_rate": Tuned(Real(0.05, 2.0, log=True), "how much of a member's vote counts"),
    },
    "gradient_boosting": {
        "learning_rate": Tuned(Real(0.02, 0.3, log=True), _RATE),
        "n_estimators": Tuned(Whole(50, 400, log=True), _ROUNDS),
        "max_depth": Tuned(Whole(2, 8), "how many features a tree lets act together"),
        "subsample": Tuned(Real(0.5, 1.0), "share of rows a round: less is faster, and averages noise"),
        "min_samples_leaf": Tuned(Whole(1, 60, log=True), "rows of a leaf"),
    },
    "hist_gradient_boosting": {
        "learning_rate": Tuned(Real(0.02, 0.3, log=True), _RATE),
        "max_iter": Tuned(Whole(50, 400, log=True), _ROUNDS),
        "max_leaf_nodes": Tuned(Whole(4, 64, log=True), "leaves: how finely a tree may cut"),
        "min_samples_leaf": Tuned(Whole(5, 60, log=True), "rows of a leaf"),
        "l2_regularization": Tuned(Real(1e-6, 30.0, log=True), "pulls leaves of little weight to zero"),
    },
    "xgboost": {
        "learning_rate": Tuned(Real(0.02, 0.3, log=True), _RATE),
        "n_estimators": Tuned(Whole(50, 400, log=True), _ROUNDS),
        "max_depth": Tuned(Whole(2, 10), "how many features a tree lets act together"),
        "min_child_weight": Tuned(Real(0.5, 50.0, log=True), "least sum of second derivatives of a leaf"),
        "subsample": Tuned(Real(0.5, 1.0), "share of rows a round"),
        "colsample_bytree": Tuned(Real(0.3, 1.0), "share of features a tree"),
        "gamma": Tuned(Real(1e-6, 5.0, log=True), "gain below which a split is not made"),
        "reg_lambda": Tuned(Real(1e-3, 30.0, log=True), "L2 penalty on leaves"),
        "reg_alpha": Tuned(Real(1e-6, 10.0, log=True), "L1 penalty on leaves"),
    },
    "lightgbm": {
        "learning_rate": Tuned(Real(0.02, 0.3, log=True), _RATE),
        "n_estimators": Tuned(Whole(50, 400, log=True), _ROUNDS),
        "num_leaves": Tuned(Whole(4, 128, log=True), "leaves: how finely a tree may cut"),
        "min_child_samples": Tuned(Whole(5, 100, log=True), "rows of a leaf"),
        "colsample_bytree": Tuned(Real(0.3, 1.0), "share of features a tree"),
        "reg_lambda": Tuned(Real(1e-6, 30.0, log=True), "L2 penalty on leaves"),
        "reg_alpha": Tuned(Real(1e-6, 10.0, log=True), "L1 penalty on leaves"),
    },
    "catboost": {
        "learning_rate": Tuned(Real(0.02, 0.3, log=True), _RATE),
        "iterations": Tuned(Whole(100, 1000, log=True), _ROUNDS),
        "depth": Tuned(Whole(3, 9), "levels of a symmetric tree: 2^depth leaves"),
        "l2_leaf_reg": Tuned(Real(0.5, 30.0, log=True), "L2 penalty on leaves"),
        "random_strength": Tuned(Real(0.1, 10.0, log=True), "noise on the scores of splits"),
    },
}  # fmt: skip
SPACES["extra_trees"] = SPACES["random_forest"]


def search_space(name: str) -> dict[str, Tuned]:
    """The parameters of an ensemble that are worth tuning, each with its range and its meaning.

    Parameters
    ----------
    name : ``random_forest, extra_trees, ada_boost, gradient_boosting, hist_gradient_boosting, xgboost,
        lightgbm`` or ``catboost``.

    Notes
    -----
    A rate, a penalty or a count is searched by ratios.  How much tuning each is worth was measured by
    Probst, Boulesteix and Bischl (2019) for forests and XGBoost; the ranges are ours.

    Examples
    --------
    >>> space = search_space("xgboost")
    >>> space["max_depth"].range, space["max_depth"].meaning
    (Whole(low=2, high=10, log=False), 'how many features a tree lets act together')
    """
    if name not in SPACES:
        raise InputError(f"no search space {name!r}", do=f"one of {', '.join(sorted(SPACES))}")
    return dict(SPACES[name])


def ranges(name: str) -> Space:
    """`search_space` without the words, as searches read it."""
    return {parameter: tuned.range for parameter, tuned in search_space(name).items()}
