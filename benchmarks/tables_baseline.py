"""A plain scikit-learn pipeline on the same rows: what a person would write in ten minutes.

Numbers get the median and unit variance, words one-hot codes, text TF-IDF, dates a few parts; then
logistic or ridge regression (Poisson regression for counts).  Beside it HistGradientBoosting with
scikit-learn's defaults, whose categories stay categories, where the table holds no text.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, PoissonRegressor, RidgeCV
from sklearn.metrics import log_loss, mean_poisson_deviance, mean_squared_error, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

#: A word column with more different values than this is text or a key.
LEVELS = 255


def columns_of(frame: pd.DataFrame) -> tuple[list[str], list[str], list[str]]:
    """Numbers, words and texts; keys (nearly every value once, a single token) are left out."""
    numbers, words, texts = [], [], []
    for name, column in frame.items():
        if column.nunique() < 2:
            continue
        if pd.api.types.is_numeric_dtype(column):
            numbers.append(name)
            continue
        known = column.dropna().astype(str)
        if known.nunique() <= LEVELS:
            words.append(name)
        elif known.str.len().mean() > 15:
            texts.append(name)
        elif known.nunique() < 0.5 * len(known):
            words.append(name)
    return numbers, words, texts


def with_date_parts(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.copy()
    for name in list(frame):
        if pd.api.types.is_datetime64_any_dtype(frame[name]):
            day = frame[name].dt
            frame[f"{name} month"], frame[f"{name} weekday"] = day.month, day.weekday
            frame[f"{name} hour"] = day.hour
            frame[name] = frame[name].astype("int64") / 8.64e13
        elif pd.api.types.is_bool_dtype(frame[name]):
            frame[name] = frame[name].astype(float)
    return frame


def scores(
    frame: pd.DataFrame, target: np.ndarray, held: np.ndarray, task: str, labels: list[str]
) -> dict[str, float | None]:
    """The main measure of both pipelines on the held-out rows."""
    frame = with_date_parts(frame)
    numbers, words, texts = columns_of(frame)
    frame[words + texts] = frame[words + texts].astype(object).where(frame[words + texts].notna())
    train = np.setdiff1d(np.arange(len(frame)), held)
    for name in texts:
        frame[name] = frame[name].fillna("")
    # Chinese is written without spaces: pairs of characters stand for words.
    spaceless = {name for name in texts if frame[name].str.contains("[\u4e00-\u9fff]").mean() > 0.5}
    found: dict[str, float | None] = {}
    for name, model in (
        ("linear", linear(numbers, words, texts, task, len(train), spaceless)),
        ("boosting", None if texts else boosting(numbers, words, task)),
    ):
        if model is None:
            found[name] = None
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(frame.iloc[train], target[train])
            found[name] = judged(model, frame.iloc[held], target[held], task, labels)
    return found


def linear(
    numbers: list[str],
    words: list[str],
    texts: list[str],
    task: str,
    rows: int,
    spaceless: set[str],
) -> Any:
    coded = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=max(5, rows // 1000))
    parts: list[Any] = [
        ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), numbers),
        ("words", make_pipeline(SimpleImputer(strategy="constant", fill_value="?"), coded), words),
    ]
    for name in texts:
        units = {"analyzer": "char", "ngram_range": (1, 2)} if name in spaceless else {}
        coded = TfidfVectorizer(sublinear_tf=True, min_df=2, **units)
        parts.append((name, coded, name))
    model = {
        "regression": RidgeCV(np.geomspace(1e-3, 1e4, 15)),
        "count": PoissonRegressor(alpha=1e-3, max_iter=500),
    }.get(task) or LogisticRegression(max_iter=500)
    return make_pipeline(ColumnTransformer(parts), model)


def boosting(numbers: list[str], words: list[str], task: str) -> Any:
    coded = OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=np.nan, max_categories=250
    )
    parts = ColumnTransformer([("words", coded, words), ("numbers", "passthrough", numbers)])
    options: dict[str, Any] = {"categorical_features": list(range(len(words))), "random_state": 0}
    if task in ("regression", "count"):
        loss = "poisson" if task == "count" else "squared_error"
        return make_pipeline(parts, HistGradientBoostingRegressor(loss=loss, **options))
    return make_pipeline(parts, HistGradientBoostingClassifier(**options))


def judged(model: Any, X: pd.DataFrame, y: np.ndarray, task: str, labels: list[str]) -> float:
    if task == "regression":
        return float(np.sqrt(mean_squared_error(y, model.predict(X))))
    if task == "count":
        return float(mean_poisson_deviance(y, np.maximum(model.predict(X), 1e-6)))
    proba = model.predict_proba(X)
    classes = list(model.classes_)
    if task == "binary":
        return float(roc_auc_score(y == labels[1], proba[:, classes.index(labels[1])]))
    order = sorted(labels)
    whole = np.zeros((len(y), len(labels)))
    whole[:, [order.index(c) for c in classes]] = proba
    whole = np.maximum(whole, np.finfo(float).eps)
    return float(log_loss(y, whole / whole.sum(axis=1, keepdims=True), labels=order))
