"""Scalers, encoders and imputers beside scikit-learn's, on a million rows and on one."""

from __future__ import annotations

from typing import Any

import numpy as np
import sklearn.impute
import sklearn.preprocessing
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold
from sklearn.pipeline import make_pipeline

from zhixing import impute, preprocessing

from .registry import Contest, benchmark

N = 1_000_000


def numbers(n: int = N, p: int = 20) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.normal(size=(n, p)) * rng.uniform(0.1, 100, p) + rng.normal(size=p)


def categories(n: int = N, p: int = 8, k: int = 50) -> np.ndarray:
    return np.random.default_rng(1).integers(0, k, (n, p))


def total(result: Any) -> float:
    """A number that two equal results share to rounding."""
    return float(abs(result).sum())


def fit_transform_contest(
    ours: Any,
    theirs: Any,
    *data: Any,
    repeats: int = 3,
    tolerance: float = 1e-6,
    again: bool = True,
) -> Contest:
    """`fit` then `transform`, or `fit_transform` where that is another computation."""

    def work(estimator: Any) -> Any:
        if again:
            return estimator.fit(*data).transform(data[0])
        return estimator.fit_transform(*data)

    return Contest(
        {"zhixing": lambda: work(ours), "scikit-learn": lambda: work(theirs)},
        quality="sum of |output|",
        evaluate=total,
        tolerance=tolerance,
        repeats=repeats,
    )


@benchmark("StandardScaler, 1M x 20")
def standard() -> Contest:
    return fit_transform_contest(
        preprocessing.StandardScaler(), sklearn.preprocessing.StandardScaler(), numbers()
    )


@benchmark("MinMaxScaler, 1M x 20")
def min_max() -> Contest:
    return fit_transform_contest(
        preprocessing.MinMaxScaler(), sklearn.preprocessing.MinMaxScaler(), numbers()
    )


@benchmark("RobustScaler, 1M x 20")
def robust() -> Contest:
    return fit_transform_contest(
        preprocessing.RobustScaler(), sklearn.preprocessing.RobustScaler(), numbers()
    )


@benchmark("PowerTransformer, Yeo-Johnson, 200k x 10")
def power() -> Contest:
    X = np.exp(np.random.default_rng(2).normal(size=(200_000, 10)))
    return fit_transform_contest(
        preprocessing.PowerTransformer(),
        sklearn.preprocessing.PowerTransformer(),
        X,
        tolerance=1e-4,
    )


@benchmark("QuantileTransformer to normal, 300k x 10")
def quantile() -> Contest:
    options = {"output_distribution": "normal", "subsample": None}
    return fit_transform_contest(
        preprocessing.QuantileTransformer(**options),
        sklearn.preprocessing.QuantileTransformer(**options),
        numbers(300_000, 10),
    )


@benchmark("OneHotEncoder, 1M x 8 integers of 50 levels")
def one_hot() -> Contest:
    return fit_transform_contest(
        preprocessing.OneHotEncoder(), sklearn.preprocessing.OneHotEncoder(), categories()
    )


@benchmark("OneHotEncoder, 1M x 4 strings of 50 levels")
def one_hot_strings() -> Contest:
    levels = np.array([f"level {i}" for i in range(50)], dtype=object)
    return fit_transform_contest(
        preprocessing.OneHotEncoder(),
        sklearn.preprocessing.OneHotEncoder(),
        levels[categories(p=4)],
    )


@benchmark("OrdinalEncoder, 1M x 8 integers of 50 levels")
def ordinal() -> Contest:
    return fit_transform_contest(
        preprocessing.OrdinalEncoder(), sklearn.preprocessing.OrdinalEncoder(), categories()
    )


@benchmark("KBinsDiscretizer, quantile, one-hot, 1M x 10")
def k_bins() -> Contest:
    options = {"n_bins": 10, "random_state": 0, "subsample": None}
    return fit_transform_contest(
        preprocessing.KBinsDiscretizer(**options),
        sklearn.preprocessing.KBinsDiscretizer(**options),
        numbers(p=10),
        repeats=2,
    )


@benchmark("KBinsDiscretizer, uniform, ordinal, 1M x 10")
def k_bins_uniform() -> Contest:
    options = {"n_bins": 10, "strategy": "uniform", "encode": "ordinal", "subsample": None}
    return fit_transform_contest(
        preprocessing.KBinsDiscretizer(**options),
        sklearn.preprocessing.KBinsDiscretizer(**options),
        numbers(p=10),
    )


@benchmark("TargetEncoder.fit_transform, 1M x 4 of 500 levels, continuous target")
def target() -> Contest:
    X = categories(p=4, k=500)
    y = np.random.default_rng(3).normal(size=N) + X[:, 0] / 100
    folds = KFold(5, shuffle=True, random_state=0)
    return fit_transform_contest(
        preprocessing.TargetEncoder(cv=folds),
        sklearn.preprocessing.TargetEncoder(cv=folds),
        X,
        y,
        again=False,
    )


@benchmark("PolynomialFeatures of degree 3, 100k x 10")
def polynomial() -> Contest:
    return fit_transform_contest(
        preprocessing.PolynomialFeatures(3),
        sklearn.preprocessing.PolynomialFeatures(3),
        numbers(100_000, 10) / 100,
    )


@benchmark("TF-IDF of words and pairs, 20k texts of 60 words")
def text() -> Contest:
    rng = np.random.default_rng(4)
    words = np.array([f"w{i}" for i in range(50_000)])
    ranks = np.minimum(rng.zipf(1.3, (20_000, 60)) - 1, 49_999)
    texts = [" ".join(words[row]) for row in ranks]
    options = {"ngram_range": (1, 2), "min_df": 2}
    return fit_transform_contest(
        preprocessing.TextVectorizer(max_features=None, **options),
        TfidfVectorizer(token_pattern=r"\w\w+", **options),
        texts,
        repeats=2,
    )


def with_holes(X: np.ndarray, rate: float = 0.1) -> np.ndarray:
    X = X.copy()
    X[np.random.default_rng(5).random(X.shape) < rate] = np.nan
    return X


@benchmark("SimpleImputer, median, 1M x 10")
def simple_imputer() -> Contest:
    options = {"strategy": "median"}
    return fit_transform_contest(
        impute.SimpleImputer(**options),
        sklearn.impute.SimpleImputer(**options),
        with_holes(numbers(p=10)),
        repeats=2,
    )


@benchmark("KNNImputer, 5k x 20")
def knn_imputer() -> Contest:
    return fit_transform_contest(
        impute.KNNImputer(), sklearn.impute.KNNImputer(), with_holes(numbers(5_000)), repeats=2
    )


@benchmark("IterativeImputer, 10k x 15")
def iterative_imputer() -> Contest:
    rng = np.random.default_rng(6)
    X = rng.normal(size=(10_000, 4)) @ rng.normal(size=(4, 15)) + 0.5 * rng.normal(
        size=(10_000, 15)
    )
    options = {"random_state": 0, "max_iter": 5}
    return fit_transform_contest(
        impute.IterativeImputer(**options),
        sklearn.impute.IterativeImputer(**options),
        with_holes(X),
        repeats=1,
        again=False,
    )


@benchmark("one row: impute, scale, logistic predict_proba (array)", target=1.0)
def one_row_numbers() -> Contest:
    """The same model behind ours and scikit-learn's transformers, so only they differ."""
    X = with_holes(numbers(5_000, 20))
    y = np.random.default_rng(7).integers(0, 2, len(X))
    return _one_row(
        [impute.SimpleImputer(), preprocessing.StandardScaler()],
        [sklearn.impute.SimpleImputer(), sklearn.preprocessing.StandardScaler()],
        X,
        y,
    )


@benchmark("one row: one-hot, logistic predict_proba (array of strings)", target=1.0)
def one_row_categories() -> Contest:
    levels = np.array([f"level {i}" for i in range(50)], dtype=object)
    X = levels[categories(5_000)]
    y = np.random.default_rng(7).integers(0, 2, len(X))
    return _one_row(
        [preprocessing.OneHotEncoder(handle_unknown="ignore")],
        [sklearn.preprocessing.OneHotEncoder(handle_unknown="ignore")],
        X,
        y,
    )


def _one_row(ours: list[Any], theirs: list[Any], X: np.ndarray, y: np.ndarray) -> Contest:
    models = [make_pipeline(*steps, LogisticRegression()).fit(X, y) for steps in (ours, theirs)]
    row = X[:1]

    def work(model: Any) -> Any:
        for _ in range(100):
            made = model.predict_proba(row)
        return made

    return Contest(
        {"zhixing x 100": lambda: work(models[0]), "scikit-learn x 100": lambda: work(models[1])},
        quality="sum of |output|",
        evaluate=total,
        repeats=5,
    )
