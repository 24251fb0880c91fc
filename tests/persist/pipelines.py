"""Whole pipelines over mixed tables, fitted."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import FunctionTransformer

from zhixing.linear_model import LogisticRegression, Ridge
from zhixing.naive_bayes import GaussianNB
from zhixing.preprocessing import OneHotEncoder, StandardScaler


def people() -> tuple[pd.DataFrame, np.ndarray]:
    """A table with numbers, categories and text, and a class."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "age": rng.normal(40, 10, 80),
            "income": rng.lognormal(size=80),
            "city": rng.choice(["Paris", "Lyon", "Nice"], 80),
            "kept": rng.normal(size=80),
            "note": rng.choice(["good and cheap", "bad", "cheap but bad"], 80),
        }
    )
    return frame, np.where(frame["age"] + rng.normal(size=80) > 40, "yes", "no")


def columns() -> tuple[Any, Any]:
    """Scaled, logged, encoded, kept and text columns into a logistic regression."""
    frame, y = people()
    log = FunctionTransformer(np.log1p, feature_names_out="one-to-one")
    prepare = ColumnTransformer(
        [
            ("scale", StandardScaler(), ["age"]),
            ("log", Pipeline([("log", log), ("scale", StandardScaler())]), ["income"]),
            ("city", OneHotEncoder(handle_unknown="ignore"), make_column_selector("city")),
            ("kept", "passthrough", ["kept"]),
            ("note", TfidfVectorizer(), "note"),
        ]
    )
    return Pipeline([("prepare", prepare), ("model", LogisticRegression())]).fit(frame, y), frame


def numbers() -> tuple[Any, Any]:
    """A scaler before naive Bayes."""
    frame, y = people()
    numeric = frame[["age", "income", "kept"]]
    return Pipeline([("scale", StandardScaler()), ("model", GaussianNB())]).fit(numeric, y), numeric


def union() -> tuple[Any, Any]:
    """Two scalers side by side before a ridge regression."""
    frame, _ = people()
    numeric = frame[["age", "income"]]
    both = FeatureUnion([("one", StandardScaler()), ("two", StandardScaler(with_mean=False))])
    return Pipeline([("both", both), ("model", Ridge())]).fit(numeric, frame["kept"]), numeric


def table() -> tuple[Any, Any]:
    """What ``zhixing fit`` leaves: schema, preparation and the chosen estimator."""
    from zhixing.workbench.fit import fit

    frame, y = people()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fit(frame.assign(tall=y), target="tall", budget=40, seed=0).model, frame


PIPELINES: dict[str, Callable[[], tuple[Any, Any]]] = {
    "columns": columns,
    "numbers": numbers,
    "table": table,
    "union": union,
}
