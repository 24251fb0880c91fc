"""Transformers without a twin in scikit-learn agree with closed forms, pandas, SciPy and designs by hand."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from scipy import stats
from sklearn.ensemble import RandomForestRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from zhixing import preprocessing
from zhixing.preprocessing import (
    DateParts,
    KBinsDiscretizer,
    LogTransformer,
    OutlierClipper,
    TextVectorizer,
    VariableTransformer,
    sample_rows,
    suggest_scaler,
)
from zhixing.preprocessing.shape import kurtosis, skewness
from zhixing.preprocessing.variable_transformer import FUNCTIONS

# Logarithms and elementary functions


def test_log_transformer_is_the_logarithm_and_back(rng: np.random.Generator) -> None:
    X = np.column_stack(
        [rng.lognormal(size=200), rng.lognormal(size=200) - 5, rng.normal(size=200)]
    )
    X[::9, 1] = np.nan
    transformer = LogTransformer().fit(X)
    eps = np.array([1e-8, 1 - np.nanmin(X[:, 1]), 1 - X[:, 2].min()])
    np.testing.assert_allclose(transformer.eps_, eps)
    made = transformer.transform(X)
    np.testing.assert_allclose(made, np.log(X + eps))
    assert np.nanmin(made[:, 1]) == pytest.approx(0.0, abs=1e-12)
    np.testing.assert_allclose(transformer.inverse_transform(made), X, rtol=1e-12, atol=1e-12)
    for found, Z in ((transformer.skewness_before_, X), (transformer.skewness_after_, made)):
        np.testing.assert_allclose(found, stats.skew(Z, nan_policy="omit"), rtol=1e-9, atol=1e-12)
    given = LogTransformer(eps=3.0).fit(np.abs(X))
    np.testing.assert_allclose(given.transform(np.abs(X)), np.log(np.abs(X) + 3.0))


@pytest.mark.parametrize(("dtype", "least"), [(np.float32, -1e10), (np.float64, -1e17)])
def test_log_transformer_takes_its_own_rows_far_below_zero(dtype: Any, least: float) -> None:
    """1 - least is -least there: the next float is more than 1 away."""
    X = np.array([[least], [0.0], [-least]], dtype)
    transformer = LogTransformer().fit(X)
    made = transformer.transform(X)
    assert made.dtype == dtype and np.isfinite(made).all() and (np.diff(made[:, 0]) > 0).all()


def test_skewness_and_kurtosis_are_scipys(rng: np.random.Generator) -> None:
    X = np.column_stack([rng.gamma(2.0, size=500), rng.normal(1e6, 1.0, 500), np.full(500, 3.0)])
    X[::7, 0] = np.nan
    np.testing.assert_allclose(skewness(X)[:2], stats.skew(X[:, :2], nan_policy="omit"), rtol=1e-6)
    np.testing.assert_allclose(
        kurtosis(X)[:2], stats.kurtosis(X[:, :2], nan_policy="omit"), rtol=1e-6
    )
    assert skewness(X)[2] == 0.0


ELEMENTARY: dict[str, Any] = {
    "sqrt": lambda x: x**0.5,
    "signed_sqrt": lambda x: np.sign(x) * np.abs(x) ** 0.5,
    "square": lambda x: x**2,
    "cbrt": lambda x: np.sign(x) * np.abs(x) ** (1 / 3),
    "reciprocal": lambda x: x**-1.0,
    "log": np.log,
    "log1p": lambda x: np.log(1 + x),
    "exp": lambda x: np.e**x,
    "logit": lambda x: np.log(x / (1 - x)),
    "arcsin_sqrt": lambda x: np.arcsin(x**0.5),
    "asinh": lambda x: np.log(x + np.sqrt(x * x + 1)),
    "tanh": lambda x: (np.exp(2 * x) - 1) / (np.exp(2 * x) + 1),
    "difference": lambda x: np.vstack([np.zeros((1, x.shape[1])), x[1:] - x[:-1]]),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_elementary_functions(rng: np.random.Generator, name: str) -> None:
    X = rng.uniform(0.02, 0.98, (60, 3))
    if FUNCTIONS[name].domain == "all x" or name == "exp":
        X = 4 * X - 2
    made = VariableTransformer(name, columns=[0, -1]).fit(X).transform(X)
    np.testing.assert_allclose(
        made[:, [0, 2]], ELEMENTARY[name](X[:, [0, 2]]), rtol=1e-12, atol=1e-15
    )
    np.testing.assert_array_equal(made[:, 1], X[:, 1])
    holed = X.copy()
    holed[5, 0] = np.nan
    assert np.isnan(VariableTransformer(name).fit_transform(holed)[5, 0])
    transformer = VariableTransformer(name, columns=[0, -1]).fit(X)
    if FUNCTIONS[name].inverse is None:
        with pytest.raises(ValueError, match=f"{name} has no inverse"):
            transformer.inverse_transform(made)
    else:
        np.testing.assert_allclose(transformer.inverse_transform(made), X, rtol=1e-12, atol=1e-14)


def test_variable_transformer_takes_names(rng: np.random.Generator) -> None:
    frame = pd.DataFrame(rng.uniform(1, 2, (20, 3)), columns=["a", "b", "c"])
    made = (
        VariableTransformer("log", columns=["c"])
        .set_output(transform="pandas")
        .fit_transform(frame)
    )
    np.testing.assert_allclose(made["c"], np.log(frame["c"]))
    pd.testing.assert_frame_equal(made[["a", "b"]], frame[["a", "b"]])


OUTSIDE = [
    ("sqrt", [[-1.0]], np.float64), ("reciprocal", [[0.0]], np.float64),
    ("log", [[0.0]], np.float64), ("log1p", [[-1.0]], np.float64), ("logit", [[1.0]], np.float64),
    ("arcsin_sqrt", [[1.5]], np.float64), ("exp", [[710.0]], np.float64), ("exp", [[89.0]], np.float32),
]  # fmt: skip


@pytest.mark.parametrize(("name", "X", "dtype"), OUTSIDE, ids=str)
def test_a_value_outside_the_domain_is_named(name: str, X: Any, dtype: Any) -> None:
    with pytest.raises(
        ValueError, match=rf"column 0: {name} is defined for .* 1 values lie outside"
    ):
        VariableTransformer(name).fit(np.array(X, dtype))


# Outliers


@pytest.mark.parametrize("factor", [None, 0.4])
@pytest.mark.parametrize("rule", ["iqr", "zscore", "quantile", "mad"])
def test_outlier_limits_are_their_formulas(
    rng: np.random.Generator, rule: str, factor: float | None
) -> None:
    X = np.column_stack([rng.standard_t(2, 400), rng.lognormal(size=400), rng.normal(size=400)])
    X[::11, 2] = np.nan
    X[:5, 0] = 40.0
    clipper = OutlierClipper(rule, factor=factor).fit(X)
    f = factor or {"iqr": 1.5, "zscore": 3.0, "quantile": 0.01, "mad": 3.0}[rule]
    first, middle, third = np.nanquantile(X, [0.25, 0.5, 0.75], axis=0)
    centre, spread = {
        "iqr": (None, None),
        "zscore": (np.nanmean(X, axis=0), np.nanstd(X, axis=0)),
        "mad": (middle, 1.4826 * np.nanmedian(np.abs(X - middle), axis=0)),
        "quantile": (None, None),
    }[rule]
    if rule == "iqr":
        low, high = first - f * (third - first), third + f * (third - first)
    elif rule == "quantile":
        low, high = np.nanquantile(X, [f, 1 - f], axis=0)
    else:
        low, high = centre - f * spread, centre + f * spread
    np.testing.assert_allclose(clipper.lower_, low, rtol=1e-10)
    np.testing.assert_allclose(clipper.upper_, high, rtol=1e-10)
    np.testing.assert_array_equal(clipper.n_below_, (X < low).sum(axis=0))
    np.testing.assert_array_equal(clipper.n_above_, (X > high).sum(axis=0))
    np.testing.assert_allclose(clipper.transform(X), np.clip(X, low, high))
    outside = (X < low) | (X > high)
    np.testing.assert_array_equal(clipper.inliers(X), ~outside.any(axis=1))
    marked = OutlierClipper(rule, factor=factor, action="nan").fit(X).transform(X)
    np.testing.assert_array_equal(np.isnan(marked), outside | np.isnan(X))
    np.testing.assert_array_equal(marked[~np.isnan(marked)], X[~outside & ~np.isnan(X)])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_clipped_values_are_inliers(rng: np.random.Generator, dtype: Any) -> None:
    X = rng.standard_t(1.5, (300, 4)).astype(dtype)
    clipper = OutlierClipper("quantile", factor=0.0371).fit(X)
    made = clipper.transform(X)
    assert made.dtype == dtype and clipper.inliers(made).all()
    assert (made != X).sum(axis=0).tolist() == (clipper.n_below_ + clipper.n_above_).tolist()


def test_a_column_without_spread_has_no_outliers() -> None:
    X = np.array([[5.0, 0.0]] * 20 + [[5.0, 9.0]])
    for rule in ("iqr", "mad", "quantile"):
        clipper = OutlierClipper(rule, factor=0.1 if rule == "quantile" else None).fit(X)
        np.testing.assert_array_equal(clipper.transform(X), X)
        assert clipper.n_above_.tolist() == [0, 0] and clipper.inliers(X).all()


# Bins at given cut points


def test_given_cut_points_are_digitize(rng: np.random.Generator) -> None:
    age = np.append(rng.uniform(-5, 110, 200), [18.0, 65.0, 300.0])[:, None]
    bins = KBinsDiscretizer(cut_points=[[18, 40, 65]], encode="ordinal").fit(age)
    made = bins.transform(age)
    np.testing.assert_array_equal(made[:, 0], np.digitize(age[:, 0], [18, 40, 65]))
    assert made[-1, 0] == 3
    back = bins.inverse_transform(made)
    assert set(back.ravel()) == {18.0, 29.0, 52.5, 65.0}


def test_binned_column_lets_a_linear_model_bend(rng: np.random.Generator) -> None:
    """A U-shaped effect: nothing for a logistic regression on the raw column."""
    from zhixing.linear_model import LogisticRegression

    x = rng.uniform(-2, 2, (2000, 1))
    y = (np.abs(x[:, 0]) + 0.2 * rng.normal(size=2000) > 1).astype(int)
    raw = LogisticRegression().fit(x, y).score(x, y)
    bent = make_pipeline(KBinsDiscretizer(10), LogisticRegression()).fit(x, y)
    assert raw < 0.75 and bent.score(x, y) > 0.85


# Designs of samples


def included(n: int, draws: int, *args: Any, **options: Any) -> tuple[np.ndarray, np.ndarray]:
    """How often each row was drawn, and the probability it was given when it was."""
    count, probability = np.zeros(n), np.full(n, np.nan)
    rng = np.random.default_rng(4)
    for _ in range(draws):
        sample = sample_rows(*args, random_state=rng, **options)
        assert (np.diff(sample.rows) >= 0).all() and len(sample.rows) == len(sample.probability)
        np.add.at(count, sample.rows, 1)
        probability[sample.rows] = sample.probability
    return count, probability


def within(count: np.ndarray, probability: np.ndarray, draws: int) -> None:
    """Counts within 4.5 binomial standard deviations of their expectation, exact at 0 and 1."""
    slack = 4.5 * np.sqrt(np.maximum(probability * (1 - probability), 0) * draws)
    assert (np.abs(count - draws * probability) <= slack + 1e-9).all()


STRATA = np.array(["a"] * 9 + ["b"] * 5 + ["c"])
WEIGHT = np.array([0.0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 60, 1, 1, 2, 0.5])
DESIGNS: dict[str, tuple[Any, np.ndarray]] = {
    "simple": ({"size": 4}, np.full(15, 4 / 15)),
    "systematic": ({"size": 4}, np.full(15, 4 / 15)),
    "reservoir": ({"size": 4}, np.full(15, 4 / 15)),
    "stratified": (
        {"size": 6, "strata": STRATA},
        np.array([3 / 9] * 9 + [2 / 5] * 5 + [1.0]),
    ),
    "cluster": ({"size": 2, "clusters": STRATA}, np.full(15, 2 / 3)),
}


@pytest.mark.parametrize("method", DESIGNS)
def test_inclusion_probabilities_are_true(method: str) -> None:
    options, wanted = DESIGNS[method]
    count, probability = included(15, 3000, 15, method=method, **options)
    np.testing.assert_allclose(probability, wanted)
    within(count, wanted, 3000)


def test_probabilities_proportional_to_weight_are_true() -> None:
    """Row 10 would exceed 1 and is certain; the other three are drawn in proportion to the rest."""
    count, probability = included(15, 3000, 15, size=4, method="weighted", weight=WEIGHT)
    wanted = 3 * WEIGHT / (WEIGHT.sum() - 60)
    wanted[10] = 1.0
    assert count[0] == 0 and count[10] == 3000
    np.testing.assert_allclose(probability[1:], wanted[1:])
    within(count, wanted, 3000)


def test_bootstrap_counts_are_multinomial() -> None:
    count, probability = included(10, 3000, 10, size=25, method="bootstrap")
    np.testing.assert_allclose(probability, 2.5)
    assert np.abs(count - 7500).max() < 4.5 * np.sqrt(3000 * 25 * 0.1 * 0.9)


def test_every_subset_is_equally_likely() -> None:
    rng = np.random.default_rng(0)
    for method in ("simple", "reservoir"):
        seen = Counter(
            tuple(
                sample_rows(
                    range(5) if method == "reservoir" else 5, 2, method, random_state=rng
                ).rows
            )
            for _ in range(2000)
        )
        assert set(seen) == set(combinations(range(5), 2))
        assert stats.chisquare(list(seen.values())).pvalue > 1e-4


def test_design_weights_estimate_the_total_without_bias(rng: np.random.Generator) -> None:
    """Horvitz and Thompson: the sum of value / probability has the total as its mean."""
    value = WEIGHT * rng.uniform(0.8, 1.2, 15)
    draws = [sample_rows(15, 5, "weighted", weight=WEIGHT, random_state=rng) for _ in range(2000)]
    totals = np.array([(value[s.rows] / s.probability).sum() for s in draws])
    assert abs(totals.mean() - value.sum()) < 4.5 * totals.std() / np.sqrt(2000)


def test_sizes_strata_and_streams() -> None:
    assert len(sample_rows(np.zeros((40, 2)), 0.25).rows) == 10
    assert len(sample_rows(40, 1).rows) == 1 and len(sample_rows(40, 1.0).rows) == 40
    stream = (i for i in range(1000))
    assert len(sample_rows(stream, 7, "reservoir", random_state=1).rows) == 7
    assert sample_rows(iter("abc"), 7, "reservoir").probability.tolist() == [1.0] * 3
    labels = np.array(["x"] * 50 + [None] * 30 + [3] * 20, dtype=object)
    drawn = sample_rows(100, 10, "stratified", strata=labels, random_state=0).rows
    assert Counter(labels[drawn].tolist()) == {"x": 5, None: 3, 3: 2}
    assert (
        sample_rows(9, 4, random_state=3).rows.tolist()
        == sample_rows(9, 4, random_state=3).rows.tolist()
    )


BAD_SAMPLES: list[tuple[Any, Any, str, dict, str]] = [
    (10, 0, "simple", {}, "size must be between 1 and 10"),
    (10, 11, "simple", {}, "size must be between 1 and 10"),
    (10, 2.5, "simple", {}, "size must be between 1 and 10"),
    (10, np.nan, "systematic", {}, "size must be between 1 and 10"),
    (10, 3, "magic", {}, "method must be one of"),
    (10, 3, "stratified", {}, "needs `strata`"),
    (10, 3, "stratified", {"strata": [1, 2]}, "2 entries for 10 rows"),
    (4, 3, "stratified", {"strata": [1, 2, 3, 4]}, "less than the number of strata, 4"),
    (4, 9, "cluster", {"clusters": [1, 1, 2, 2]}, "size must be between 1 and 2"),
    (3, 1, "weighted", {}, "needs `weight`"),
    (3, 1, "weighted", {"weight": [1, -1, 1]}, "3 finite numbers from 0 on"),
    (3, 3, "weighted", {"weight": [1, 0, 1]}, "only 2 rows have a positive weight"),
    (range(5), 0, "reservoir", {}, "size must be at least 1"),
    (range(5), 0.5, "reservoir", {}, "whole number of rows"),
]


@pytest.mark.parametrize(("X", "size", "method", "options", "message"), BAD_SAMPLES, ids=str)
def test_bad_designs_are_named(X: Any, size: Any, method: str, options: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sample_rows(X, size, method, **options)


# Dates

MOMENTS = pd.Series(
    pd.to_datetime(
        ["1969-12-31T23:59:59.5", "1970-01-01", "2000-02-29T12:34:56", "1899-03-01T00:00:01",
         "2023-12-31T23:00:00", "2024-12-31T06:07:08", "2026-01-04", "1582-10-15T01:02:03"],
        format="ISO8601",
    )
)  # fmt: skip
READ = {
    "year": lambda d: d.dt.year, "quarter": lambda d: d.dt.quarter, "month": lambda d: d.dt.month,
    "day": lambda d: d.dt.day, "day_of_year": lambda d: d.dt.day_of_year,
    "weekday": lambda d: d.dt.day_of_week, "hour": lambda d: d.dt.hour, "minute": lambda d: d.dt.minute,
    "second": lambda d: d.dt.second,
    "elapsed": lambda d: (d - d.min()) / pd.Timedelta(days=1),
}  # fmt: skip
PERIOD = {"quarter": (1, 4), "month": (1, 12), "day": (1, 31), "day_of_year": (1, 365.25),
          "weekday": (0, 7), "hour": (0, 24), "minute": (0, 60), "second": (0, 60)}  # fmt: skip


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("part", READ)
def test_parts_are_those_of_pandas(rng: np.random.Generator, part: str, many: bool) -> None:
    """Few rows over centuries are read one by one, many rows of a few years from a table of days."""
    times = MOMENTS
    if many:
        times = pd.Series(
            pd.Timestamp("2019-03-05") + pd.to_timedelta(rng.uniform(0, 900, 3000), "D")
        )
        times = times.dt.floor("us")
    frame = times.to_frame("t")
    wanted = READ[part](times).to_numpy(dtype=float)
    parts = DateParts(parts=(part,), drop_constant=False).fit(frame)
    made = parts.transform(frame)
    np.testing.assert_allclose(made[:, 0], wanted, rtol=1e-12, atol=1e-9)
    names = [f"t_{part}"]
    if part in PERIOD:
        first, period = PERIOD[part]
        turn = 2 * np.pi * (wanted - first) / period
        np.testing.assert_allclose(
            made[:, 1:], np.column_stack([np.sin(turn), np.cos(turn)]), atol=1e-12
        )
        names += [f"t_{part}_sin", f"t_{part}_cos"]
        only = DateParts(parts=(part,), cyclic="only", drop_constant=False).fit_transform(frame)
        np.testing.assert_array_equal(only, made[:, 1:])
    assert parts.get_feature_names_out().tolist() == names


def test_dates_in_any_container_are_the_same() -> None:
    """Zoned times by their wall clock, whatever holds them."""
    times = MOMENTS.iloc[1:].reset_index(drop=True)
    python = [t.to_pydatetime() for t in times]
    zone = dt.timezone(dt.timedelta(hours=5, minutes=30))
    forms: dict[str, Any] = {
        "datetime64[ns]": times.to_frame("t"),
        "array": times.to_numpy()[:, None].astype("M8[us]"),
        "zoned pandas": times.dt.tz_localize("Asia/Kolkata").to_frame("t"),
        "polars": pl.DataFrame({"t": python}),
        "zoned polars": pl.DataFrame(
            {"t": pl.Series(python).dt.replace_time_zone("Asia/Kolkata", ambiguous="earliest")}
        ),
        "texts": np.array([[t.isoformat()] for t in python], object),
        "texts with a space": [[t.isoformat(" ")] for t in python],
        "zoned texts": [[t.isoformat() + "+05:30"] for t in python],
        "texts in UTC": [[t.isoformat() + "Z"] for t in python],
        "polars texts": pl.DataFrame({"t": [t.isoformat() for t in python]}),
        "Python": np.array([[t] for t in python], object),
        "zoned Python": np.array([[t.replace(tzinfo=zone)] for t in python], object),
        "timestamps": np.array([[t] for t in times], object),
        "seconds": times.to_numpy().astype("M8[us]").astype(np.int64)[:, None] / 1e6,
    }
    options: dict[str, Any] = {"parts": tuple(READ), "drop_constant": False}
    wanted = DateParts(**options).fit_transform(forms.pop("datetime64[ns]"))
    for name, X in forms.items():
        made = DateParts(**options).fit_transform(X)
        np.testing.assert_allclose(made, wanted, rtol=1e-12, atol=1e-9, err_msg=name)
    holed = [[np.nan if i == 1 else t.isoformat()] for i, t in enumerate(python)]
    assert np.isnan(DateParts(**options).fit_transform(holed)[1]).all()
    plain = np.array([[t.date()] for t in python], object)
    only_days = DateParts(parts=("hour", "year"), cyclic=False, drop_constant=False)
    np.testing.assert_array_equal(only_days.fit_transform(plain)[:, 0], 0.0)


def test_missing_dates_and_constant_parts() -> None:
    X = pd.DataFrame({"a": ["2024-05-01", None, "2025-05-01"], "b": ["2020-01-01T03:00"] * 3})
    parts = DateParts(cyclic=False).fit(X)
    assert parts.outputs_ == [["year", "weekday", "elapsed"], []]
    np.testing.assert_array_equal(parts.transform(X), [[2024, 2, 0], [np.nan] * 3, [2025, 3, 365]])
    assert parts.get_feature_names_out().tolist() == ["a_year", "a_weekday", "a_elapsed"]


BAD_DATES: list[tuple[dict, Any, str]] = [
    ({}, [["12/31/2024 is a day"]], "column 0 is not made of dates"),
    ({}, [[1e15]], "no seconds since 1970"),
    ({"parts": ("century",)}, [["2024-01-01"]], "unknown parts"),
    ({"cyclic": "no"}, [["2024-01-01"]], "cyclic must be"),
]


@pytest.mark.parametrize(("options", "X", "message"), BAD_DATES, ids=str)
def test_bad_dates_are_named(options: dict, X: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        DateParts(**options).fit(X)


# Texts

WORDS = (
    "to know and act are one the heart is reason don't e-mail x1 _y ÄRGER naïve Ωmega 2024".split()
)


def texts(rng: np.random.Generator, n: int = 60) -> list[str]:
    made = [" ".join(rng.choice(WORDS, rng.integers(0, 12))) for _ in range(n)]
    return [*made, "", "  spaces   between  ", "PUNCTUATION, (every-where)!"]


TEXT = [
    {},
    {"ngram_range": (1, 2)},
    {"ngram_range": (2, 3)},
    {"lowercase": False},
    {"min_df": 3},
    {"min_df": 0.1, "max_df": 0.4},
    {"max_df": 12},
    {"stop_words": ["and", "the", "don't", "e-mail", "is"], "ngram_range": (1, 2)},
    {"binary": True, "norm": "l1"},
    {"use_idf": False},
    {"smooth_idf": False},
    {"sublinear_tf": True, "norm": None},
    {"analyzer": "char", "ngram_range": (1, 3)},
    {"analyzer": "char", "ngram_range": (2, 2), "binary": True},
]


@pytest.mark.filterwarnings("ignore:Your stop_words may be inconsistent")
@pytest.mark.parametrize("options", TEXT, ids=str)
def test_text_vectorizer_is_tfidf(rng: np.random.Generator, options: dict) -> None:
    train, new = texts(rng), texts(rng, 30)
    ours = TextVectorizer(max_features=None, **options)
    theirs = TfidfVectorizer(**options)
    made, wanted = ours.fit_transform(train), theirs.fit_transform(train)
    assert ours.get_feature_names_out().tolist() == theirs.get_feature_names_out().tolist()
    np.testing.assert_allclose(made.toarray(), wanted.toarray(), rtol=1e-12, atol=1e-15)
    if theirs.use_idf:
        np.testing.assert_allclose(ours.idf_[0], theirs.idf_)
    assert len(ours.idf_[0]) == len(ours.tokens_[0])
    for part in (train, new, new[:5], new[-1:]):
        np.testing.assert_allclose(
            ours.transform(part).toarray(), theirs.transform(part).toarray(), rtol=1e-12, atol=1e-15
        )


def test_most_frequent_tokens_are_kept_and_ties_go_in_order() -> None:
    docs = ["pear pear apple fig", "pear apple kiwi fig", "zest zest zest zest zest"]
    kept = {
        k: TextVectorizer(max_features=k).fit(docs).tokens_[0].tolist() for k in (1, 2, 3, 4, 9)
    }
    assert kept[1] == ["zest"] and kept[2] == ["pear", "zest"]
    assert kept[3] == ["apple", "pear", "zest"] and kept[4] == ["apple", "fig", "pear", "zest"]
    assert len(kept[9]) == 5


def test_han_characters_are_tokens_and_pairs_are_words() -> None:
    vectorizer = TextVectorizer(ngram_range=(1, 2), norm=None, use_idf=False, stop_words=["的"])
    docs = ["知行的合一", "知道 GPT4 行不行", "行"] + ["filler"] * 20
    made = vectorizer.fit_transform(docs)
    tokens = vectorizer.tokens_[0].tolist()
    assert "的" not in tokens and "行合" in tokens and "道 gpt4" in tokens
    counts = dict(zip(tokens, made.toarray()[1]))
    assert {t: c for t, c in counts.items() if c} == {
        "知": 1, "道": 1, "gpt4": 1, "行": 2, "不": 1,
        "知道": 1, "道 gpt4": 1, "gpt4 行": 1, "行不": 1, "不行": 1,
    }  # fmt: skip
    for part in (docs, docs[:3]):  # both ways of cutting
        np.testing.assert_array_equal(
            vectorizer.transform(part).toarray(), made.toarray()[: len(part)]
        )


def test_text_tables_have_a_vocabulary_by_column() -> None:
    frame = pd.DataFrame(
        {"title": ["red cat", None, "blue"], "body": ["red dog", "dog dog", np.nan]}
    )
    made = TextVectorizer().fit(frame)
    names = ["title_blue", "title_cat", "title_red", "body_dog", "body_red"]
    assert made.get_feature_names_out().tolist() == names
    one = [
        TfidfVectorizer().fit_transform(frame[c].fillna("")).toarray() for c in ("title", "body")
    ]
    np.testing.assert_allclose(made.transform(frame).toarray(), np.hstack(one))
    for same in (pl.from_pandas(frame), frame.to_numpy(), frame.to_numpy().tolist()):
        np.testing.assert_allclose(
            TextVectorizer().fit_transform(same).toarray(), np.hstack(one), err_msg=str(type(same))
        )
    series = TextVectorizer().fit_transform(frame["title"])
    np.testing.assert_allclose(series.toarray(), one[0])
    np.testing.assert_allclose(
        TextVectorizer().fit_transform(["red cat", np.nan, "blue"]).toarray(), one[0]
    )
    assert TextVectorizer(dtype=np.float32).fit_transform(frame).dtype == np.float32


BAD_TEXT: list[tuple[dict, Any, str]] = [
    ({}, "one text", "string object received"),
    ({}, [], "0 sample"),
    ({"analyzer": "line"}, ["a b"], "analyzer must be"),
    ({"ngram_range": (2, 1)}, ["a b"], "ngram_range must be"),
    ({"norm": "l3"}, ["a b"], "norm must be"),
    ({"max_features": 0}, ["a b"], "max_features must be"),
    ({"min_df": 1.5}, ["a b"], "min_df must be"),
    ({"max_df": -1}, ["a b"], "max_df must be"),
]


@pytest.mark.parametrize(("options", "X", "message"), BAD_TEXT, ids=str)
def test_bad_texts_are_named(options: dict, X: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TextVectorizer(**options).fit(X)


# Advice on scaling


def test_scalers_are_suggested_by_shape(rng: np.random.Generator) -> None:
    normal = rng.normal(3, 2, 3000)
    skewed = rng.lognormal(5, 1, 3000)
    gross = np.where(rng.random(3000) < 0.03, 1e4, rng.normal(size=3000))
    mostly_zero = np.where(rng.random(3000) < 0.3, rng.lognormal(20, 2, 3000), 0.0)
    X = np.column_stack([normal, skewed, gross, mostly_zero])
    X[::50, 0] = np.nan
    advice = suggest_scaler(X)
    assert advice.needed
    assert advice.columns == {
        "StandardScaler": [0], "PowerTransformer": [1], "RobustScaler": [2, 3]
    }  # fmt: skip
    assert {f.code for f in advice.findings} == {"skewed", "outliers", "unscaled"}
    made = advice.scaler.fit_transform(X)
    np.testing.assert_allclose(
        made[:, 0], (normal_ := X[:, 0] - np.nanmean(X[:, 0])) / np.nanstd(normal_)
    )
    assert abs(stats.skew(made[:, 1])) < 0.2


def test_no_scaler_where_the_scale_does_not_matter(rng: np.random.Generator) -> None:
    X = np.column_stack([rng.normal(size=300), 1e4 * rng.normal(size=300)])
    for blind in (RandomForestRegressor(), GaussianNB(), make_pipeline(GaussianNB())):
        advice = suggest_scaler(X, blind)
        assert advice.scaler is None and not advice.needed and not advice.findings
    same = suggest_scaler(rng.normal(size=(300, 2)), KNeighborsClassifier())
    assert same.scaler is None and not same.needed


def test_sparse_data_keep_their_zeros() -> None:
    X = sp.random(50, 6, 0.2, format="csr", random_state=0)
    advice = suggest_scaler(X)
    assert isinstance(advice.scaler, preprocessing.MaxAbsScaler)
    assert advice.scaler.fit_transform(X).nnz == X.nnz


def test_the_gain_of_scaling_is_measured(rng: np.random.Generator) -> None:
    X = np.column_stack([rng.normal(size=600), 1e4 * rng.normal(size=600)])
    y = (X[:, 0] > 0).astype(int)
    advice = suggest_scaler(X, KNeighborsClassifier(), y)
    gain = next(f for f in advice.findings if f.code == "scaling-gain")
    assert gain.evidence["score_unscaled"] < 0.65 < 0.9 < gain.evidence["score_scaled"]
    assert "with scaling accuracy" in gain.title


# Names and containers of the outputs


@pytest.mark.parametrize("kind", ["pandas", "polars"])
@pytest.mark.parametrize(
    "made",
    [
        preprocessing.StandardScaler(), preprocessing.MinMaxScaler(), preprocessing.MaxAbsScaler(),
        preprocessing.RobustScaler(), preprocessing.Normalizer(), preprocessing.Binarizer(),
        preprocessing.PowerTransformer(), preprocessing.QuantileTransformer(n_quantiles=10),
        preprocessing.KBinsDiscretizer(3, encode="onehot-dense"), preprocessing.PolynomialFeatures(),
        LogTransformer(), VariableTransformer("asinh"), OutlierClipper(),
    ],
    ids=lambda m: type(m).__name__,
)  # fmt: skip
def test_outputs_are_named_frames(rng: np.random.Generator, made: Any, kind: str) -> None:
    frame = pd.DataFrame(rng.normal(size=(40, 3)), columns=["u", "v", "w"])
    plain = made.fit_transform(frame)
    out = type(made)(**made.get_params()).set_output(transform=kind).fit_transform(frame)
    assert isinstance(out, pd.DataFrame if kind == "pandas" else pl.DataFrame)
    assert list(out.columns) == made.get_feature_names_out().tolist()
    np.testing.assert_array_equal(out.to_numpy(), plain)
    if kind == "pandas":
        assert out.index.equals(frame.index)


BAD: list[tuple[str, dict, Any, str]] = [
    ("LogTransformer", {"eps": 0.0}, [[0.0]], r"column 0: log\(x \+ eps\) needs"),
    ("LogTransformer", {"eps": "big"}, [[1.0]], "eps must be 'auto' or a number"),
    ("LogTransformer", {"eps": np.nan}, [[1.0]], "eps must be finite"),
    ("LogTransformer", {}, [[np.inf]], "infinity"),
    ("VariableTransformer", {"func": "sin"}, [[1.0]], "func must be one of"),
    ("VariableTransformer", {"columns": [3]}, [[1.0]], "there is no column 3"),
    ("VariableTransformer", {"columns": ["q"]}, [[1.0]], "there is no column 'q'"),
    ("OutlierClipper", {"rule": "sigma"}, [[1.0]], "rule must be one of"),
    ("OutlierClipper", {"action": "drop"}, [[1.0]], "action must be"),
    ("OutlierClipper", {"factor": -1}, [[1.0]], "makes no limits"),
    ("OutlierClipper", {"rule": "quantile", "factor": 0.5}, [[1.0]], "makes no limits"),
    ("KBinsDiscretizer", {"n_bins": 1}, [[1.0], [2.0]], "n_bins must be"),
    ("KBinsDiscretizer", {"cut_points": [[2, 1]]}, [[1.0], [2.0]], "finite and ascending"),
    ("KBinsDiscretizer", {"cut_points": [[1], [2]]}, [[1.0], [2.0]], "2 entries for 1 columns"),
    ("KBinsDiscretizer", {"strategy": "supervised"}, [[1.0], [2.0]], "requires y"),
    ("KBinsDiscretizer", {}, [[np.nan], [1.0]], "contains NaN"),
    ("StandardScaler", {}, [["a"]], "could not convert string to float"),
    ("MinMaxScaler", {"feature_range": (1, 0)}, [[1.0]], "must be smaller"),
    ("RobustScaler", {"quantile_range": (90, 10)}, [[1.0]], "Invalid quantile range"),
    ("PowerTransformer", {"method": "box-cox"}, [[0.0]], "strictly positive"),
    ("QuantileTransformer", {"n_quantiles": 0}, [[1.0]], "n_quantiles must be"),
    ("PolynomialFeatures", {"degree": -1}, [[1.0]], "non-negative"),
    ("Normalizer", {"norm": "l0"}, [[1.0]], "norm must be"),
]


@pytest.mark.parametrize(("name", "options", "X", "message"), BAD, ids=str)
def test_bad_input_is_named(name: str, options: dict, X: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        getattr(preprocessing, name)(**options).fit(X)


@pytest.mark.parametrize("weight", [[1.0, -1.0, 1.0], [0.0] * 3, [1.0, np.nan, 1.0], [1.0]])
@pytest.mark.parametrize("name", ["StandardScaler", "KBinsDiscretizer"])
def test_weights_that_count_nothing_are_refused(name: str, weight: list[float]) -> None:
    with pytest.raises(ValueError, match="ample.weight|NaN"):
        getattr(preprocessing, name)().fit([[1.0], [2.0], [3.0]], sample_weight=weight)
