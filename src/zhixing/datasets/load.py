"""Shipped data sets as scikit-learn's loaders give them."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import polars as pl
from sklearn.utils import Bunch

from .shipped import SHIPPED, Facts, path

AsFrame = Literal["auto", "pandas"] | bool
Subset = Literal["all", "train", "test"]

#: Classes in scikit-learn's order, where it returns codes instead of names.
_CODED = {
    "iris": ("setosa", "versicolor", "virginica"),
    "wine": ("class_0", "class_1", "class_2"),
    "breast_cancer": ("malignant", "benign"),
}


def load(
    name: str, *, return_X_y: bool = False, as_frame: AsFrame = "auto", subset: Subset = "all"
) -> Any:
    """A shipped data set as a `Bunch`, or as (X, y).

    Parameters
    ----------
    name : one of `names()`.
    return_X_y : whether to return only features and target.
    as_frame : True for polars, ``"pandas"`` for pandas, False for NumPy; ``"auto"`` is NumPy where
        every feature is a number, else polars.  (scikit-learn's True means pandas.)
    subset : the official ``"train"`` or ``"test"`` part, for adult and titanic.

    Returns
    -------
    Bunch
        `data` (n, p), `target` (n,), `frame` (both, or None for NumPy), `feature_names`,
        `target_names` (classes), `DESCR`, `filename`.  Iris, wine and breast_cancer have codes as
        target, as in scikit-learn; the others have their labels.

    Examples
    --------
    >>> X, y = load("iris", return_X_y=True)
    >>> X.shape, y[:3].tolist()
    ((150, 4), [0, 0, 0])
    >>> load("adult", subset="test").frame.shape
    (16281, 15)
    """
    facts = SHIPPED.get(name)
    frame = _part(pl.read_parquet(path(name)), name, facts, subset)
    assert facts is not None
    labels, features = frame[facts.target], frame.drop(facts.target)
    target = labels.to_numpy() if labels.dtype.is_numeric() else np.array(labels.to_list(), object)
    classes = None if facts.task in ("regression", "count") else sorted(set(target.tolist()))
    if name in _CODED:
        classes = list(_CODED[name])
        target = np.array([classes.index(label) for label in target])
    numbers = all(dtype.is_numeric() for dtype in features.dtypes)
    if as_frame == "auto":
        as_frame = not numbers
    data = _data(features, as_frame)
    if return_X_y:
        return data, target
    if as_frame == "pandas":
        frame = frame.to_pandas()
    return Bunch(
        data=data,
        target=target,
        frame=frame if as_frame else None,
        feature_names=features.columns,
        target_names=None if classes is None else np.array(classes),
        DESCR=f"{facts.about}\n\nSource: {facts.source}\nLicence: {facts.licence}\n",
        filename=str(path(name)),
    )


def _part(frame: pl.DataFrame, name: str, facts: Facts | None, subset: Subset) -> pl.DataFrame:
    if subset == "all":
        return frame
    if facts is None or facts.n_train is None or subset not in ("train", "test"):
        raise ValueError(f"{name} has no official part {subset!r}")
    return frame[: facts.n_train] if subset == "train" else frame[facts.n_train :]


def _data(features: pl.DataFrame, as_frame: AsFrame) -> Any:
    if as_frame == "pandas":
        return features.to_pandas()
    if as_frame:
        return features
    if all(dtype.is_numeric() for dtype in features.dtypes):
        return features.cast(pl.Float64).to_numpy(order="c").copy()
    return np.array(features.rows(), dtype=object)
