"""Naive Bayes: chunks, threads, weights, order, extremes and bad input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.utils import get_tags

from zhixing.core.parallel import threads
from zhixing.densities import Exponential, Gamma, Poisson
from zhixing.kernels._jit import KERNELS
from zhixing.naive_bayes import (
    BayesClassifier,
    BernoulliNB,
    CategoricalNB,
    ComplementNB,
    GaussianNB,
    MultinomialNB,
)
from zhixing.naive_bayes.classes import class_codes
from zhixing.naive_bayes.gaussian import moments_by_class
from zhixing.rounds.moments import moments
from zhixing.workbench.warmup import warmup

ALL = [
    BayesClassifier(),
    BernoulliNB(),
    CategoricalNB(),
    ComplementNB(),
    GaussianNB(),
    MultinomialNB(),
]
EACH = pytest.mark.parametrize("model", ALL, ids=lambda m: type(m).__name__)


CLASSES = np.arange(400) % 3


def table(model: Any, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    if isinstance(model, GaussianNB | BernoulliNB | BayesClassifier):
        return rng.normal(size=(n, 6)), rng.integers(3, size=n)
    return rng.poisson(1.0, size=(n, 6)), rng.integers(3, size=n)


@EACH
def test_chunks_are_one_fit(model: Any) -> None:
    X, y = table(model)
    whole = model.fit(X, y).predict_joint_log_proba(X)
    chunked = type(model)()
    for start in range(0, 400, 57):
        chunked.partial_fit(X[start : start + 57], y[start : start + 57], np.unique(y))
    np.testing.assert_allclose(chunked.predict_joint_log_proba(X), whole, rtol=1e-11, atol=1e-11)


@EACH
def test_threads_do_not_matter(model: Any) -> None:
    X, y = table(model, 30_000)
    answers = []
    for n in (1, 2, 5):
        with threads(n):
            answers.append(type(model)().fit(X, y).predict_proba(X))
    for other in answers[1:]:
        np.testing.assert_array_equal(answers[0], other)


@EACH
def test_nothing_is_compiled_beyond_what_is_declared(model: Any) -> None:
    """Read-only, transposed, narrow and sparse rows meet the versions that warm-up makes."""
    warmup()

    def compiled() -> int:
        return sum(sum(k.compiled.stats.cache_misses.values()) for k in KERNELS.values())

    before = compiled()
    X, y = table(model)
    weight = np.ones(len(y), dtype=np.float32)
    for dtype in (np.float64, np.float32, np.int64, np.uint8, bool):
        for order in ("C", "F"):
            rows = np.abs(X).astype(dtype, order=order)
            rows.flags.writeable = False
            type(model)().fit(rows, y, weight).predict_proba(rows)
            if get_tags(model).input_tags.sparse:
                stored = sparse.csr_array(rows)
                type(model)().fit(stored, y).predict_proba(stored)
    assert compiled() == before


@EACH
def test_weight_is_repetition(model: Any) -> None:
    X, y = table(model)
    weight = np.random.default_rng(0).integers(0, 4, size=len(y))
    weighted = type(model)().fit(X, y, weight)
    repeated = type(model)().fit(np.repeat(X, weight, axis=0), np.repeat(y, weight))
    if isinstance(model, CategoricalNB):
        assert (weighted.n_categories_ >= repeated.n_categories_).all()
        return
    np.testing.assert_allclose(
        weighted.predict_joint_log_proba(X), repeated.predict_joint_log_proba(X), rtol=1e-10
    )


@EACH
def test_row_order_does_not_matter(model: Any) -> None:
    X, y = table(model)
    order = np.random.default_rng(1).permutation(len(y))
    a = type(model)().fit(X, y).predict_joint_log_proba(X)
    b = type(model)().fit(X[order], y[order]).predict_joint_log_proba(X)
    np.testing.assert_allclose(a, b, rtol=1e-10)


@EACH
def test_frames_layouts_and_labels(model: Any) -> None:
    X, y = table(model)
    expected = type(model)().fit(X, y).predict_proba(X)
    frozen = X.copy()
    frozen.flags.writeable = False
    for other in (np.asfortranarray(X), X[:, ::-1][:, ::-1], frozen, X.tolist()):
        np.testing.assert_allclose(type(model)().fit(other, y).predict_proba(other), expected)
    names = np.array(["x", "yy", "z"], dtype=object)[y]
    frame = pd.DataFrame(X, columns=[f"c{i}" for i in range(6)])
    fitted = type(model)().fit(frame, names)
    np.testing.assert_allclose(fitted.predict_proba(frame), expected)
    assert set(fitted.predict(frame)) <= {"x", "yy", "z"}


@EACH
def test_probabilities_are_probabilities_far_out(model: Any) -> None:
    X, y = table(model)
    far = X.copy()
    if isinstance(model, GaussianNB | BayesClassifier):
        far = far * 1e150
    elif not isinstance(model, CategoricalNB):
        far = far * 1_000_000
    p = model.fit(X, y).predict_proba(far)
    assert np.isfinite(p).all()
    np.testing.assert_allclose(p.sum(axis=1), 1.0)


@EACH
def test_bad_input(model: Any) -> None:
    X, y = table(model)
    cases: list[tuple[Any, Any, Any, str]] = [
        (X, y[:-1], None, "inconsistent|samples"),
        (X[:0], y[:0], None, "minimum"),
        (X, y, np.where(y == 0, -1.0, 1.0), "[Nn]egative"),
        (X, y, np.full(len(y), np.nan), "NaN"),
        (X, y, np.zeros(len(y)), "zero"),
        (X, y + 0.5, None, "continuous|label type"),
        (np.where(X == X[0, 0], np.inf, X), y, None, "inf"),
        (np.where(X == X[0, 0], np.nan, X), y, None, "NaN"),
        (X[:, 0], y, None, "2D"),
    ]
    for rows, labels, weight, word in cases:
        with pytest.raises(ValueError, match=word):
            type(model)().fit(rows, labels, weight)
    model = type(model)().partial_fit(X[:50], y[:50], [0, 1, 2])
    with pytest.raises(ValueError, match=r"\[9\].*do not exist"):
        model.partial_fit(X[:2], [9, 0])
    with pytest.raises(ValueError, match="classes"):
        model.partial_fit(X, y, [0, 1])
    with pytest.raises(ValueError, match="classes"):
        type(model)().partial_fit(X, y)


@pytest.mark.parametrize(
    ("model", "word"),
    [
        (BayesClassifier(missing="drop"), "missing"),  # type: ignore[arg-type]
        (BayesClassifier(priors=[0.5]), "number of classes"),
        (BayesClassifier(Gamma()), "numbers above 0"),
        (GaussianNB(var_smoothing=-1), "var_smoothing"),
        (GaussianNB(missing="ignore"), "missing"),  # type: ignore[arg-type]
        (GaussianNB(priors=[0.5, 0.6, 0.2]), "sum"),
        (GaussianNB(priors=[1.0]), "number of classes"),
        (GaussianNB(priors=[1.5, -0.25, -0.25]), "negative"),
        (MultinomialNB(alpha=-1), "alpha"),
        (MultinomialNB(alpha=[1.0, 2.0]), "n_features"),
        (BernoulliNB(alpha=np.inf), "alpha"),
        (BernoulliNB(binarize=-0.5), "binarize"),
        (BernoulliNB(binarize=None), "0 and 1"),
        (ComplementNB(class_prior=[0.5, 0.5]), "number of classes"),
        (CategoricalNB(alpha=[1.0]), "one number"),
        (CategoricalNB(min_categories=2.5), "integral"),
        (CategoricalNB(min_categories=[3, 4]), "shape"),
    ],
)
def test_bad_parameters(model: Any, word: str) -> None:
    X = np.abs(table(MultinomialNB())[0]) + 1
    with pytest.raises(ValueError, match=word):
        model.fit(X - 1 if isinstance(model.get_params().get("density"), Gamma) else X, y=CLASSES)


def test_a_small_alpha_is_raised_with_a_warning() -> None:
    with pytest.warns(UserWarning, match="alpha too small"):
        model = MultinomialNB(alpha=0, force_alpha=False).fit([[1, 0], [0, 1]], [0, 1])
    assert np.isfinite(model.feature_log_prob_).all()


@pytest.mark.parametrize(
    "model", [MultinomialNB(alpha=0), BernoulliNB(alpha=0), CategoricalNB(alpha=0)]
)
def test_impossible_rows_without_smoothing(model: Any) -> None:
    """Absent features say nothing; the class that can produce a row wins; nobody gets NaN."""
    X, y = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0]]), [0, 0, 1, 1]
    model.fit(X, y)
    np.testing.assert_allclose(model.predict_proba(X[[0, 2]]), np.eye(2))
    assert np.isfinite(model.predict_proba([[1, 1, 1]] if not _categorical(model) else X)).all()
    if not _categorical(model):
        np.testing.assert_allclose(model.predict_proba(sparse.csr_array(X[[0, 2]])), np.eye(2))


def _categorical(model: Any) -> bool:
    return isinstance(model, CategoricalNB)


def test_an_unknown_category_is_named() -> None:
    frame = pd.DataFrame({"colour": [0, 1, 2], "size": [0, 1, 1]})
    model = CategoricalNB().fit(frame, [0, 1, 1])
    with pytest.raises(ValueError, match="'size' holds category 5, and fitting saw 0 to 1"):
        model.predict(pd.DataFrame({"colour": [0], "size": [5]}))
    with pytest.raises(ValueError, match="KBins"):
        CategoricalNB().fit([[0], [2**40]], [0, 1])
    wide = CategoricalNB(min_categories=9).fit(frame, [0, 1, 1])
    assert wide.predict(frame + 6).shape == (3,)


def test_variance_far_from_zero_keeps_its_digits() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(5000, 3)), rng.integers(2, size=5000)
    shifted = X + 1e9 * (1 + y[:, None])
    a, b = GaussianNB(var_smoothing=0).fit(X, y), GaussianNB(var_smoothing=0).fit(shifted, y)
    np.testing.assert_allclose(a.var_, b.var_, rtol=1e-6)
    one = shifted.copy()
    one[0] = 1e14  # the pivot of its class is its farthest value
    own = one[y == y[0]]
    model = GaussianNB(var_smoothing=0).fit(one, y)
    np.testing.assert_allclose(model.var_[y[0]], own.var(axis=0), rtol=1e-9)


def test_constant_features() -> None:
    X = np.array([[1.0, 5.0], [1.0, 6.0], [2.0, 5.0], [2.0, 6.0]])
    model = GaussianNB().fit(X, [0, 0, 1, 1])
    assert model.predict(X).tolist() == [0, 0, 1, 1]
    flat = GaussianNB(var_smoothing=0).fit(np.ones((4, 2)), [0, 0, 1, 1])
    np.testing.assert_allclose(flat.predict_proba(np.ones((1, 2))), [[0.5, 0.5]])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("weighted", [False, True])
def test_class_moments_are_moments_of_each_class(dtype: Any, weighted: bool) -> None:
    """The fast loop against its definition, missing values and a class never seen included."""
    rng = np.random.default_rng(3)
    X = rng.normal(size=(700, 5)).astype(dtype)
    X[rng.random(X.shape) < 0.2] = np.nan
    X[:, 4] = np.nan
    codes = rng.choice([0, 1, 3], size=700).astype(np.int32)
    weight = rng.integers(0, 3, size=700).astype(float) if weighted else None
    fast = moments_by_class(X, codes, weight, 4)
    for c in (0, 1, 3):
        own = codes == c
        slow = moments(X[own], None if weight is None else weight[own])
        for a, b in zip(fast, slow):
            np.testing.assert_allclose(a[c], b, rtol=1e-10, atol=1e-12)
    assert not fast.weight[2].any() and not fast.squares[2].any()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(-(2**40), 2**40), min_size=1),
    st.sampled_from(["i8", "i1", "u4", "?", "U3"]),
)
def test_codes(values: list[int], dtype: str) -> None:
    y = np.array(values).astype(dtype)
    classes, codes = class_codes(y)
    expected, inverse = np.unique(y, return_inverse=True)
    assert classes.dtype == y.dtype and codes.dtype == np.int32
    np.testing.assert_array_equal(classes, expected)
    np.testing.assert_array_equal(codes, inverse)


def test_complement_does_not_sample() -> None:
    model = ComplementNB().fit([[1, 0], [0, 1]], [0, 1])
    with pytest.raises(ValueError, match="MultinomialNB"):
        model.sample(3)


def test_a_density_is_needed() -> None:
    with pytest.raises(TypeError, match="needs `add`"):
        BayesClassifier("gaussian").fit([[1.0], [2.0]], [0, 1])


@pytest.mark.parametrize(
    "density", [Exponential(), Gamma(), Poisson()], ids=lambda d: type(d).__name__
)
def test_the_density_that_made_the_rows_wins(density: Any) -> None:
    """Posteriors of the true family have the least log loss, and the parameters come back."""
    rng = np.random.default_rng(2)
    theta = np.array([[[3.0] * density.n_params], [[4.0] * density.n_params]])
    y = rng.integers(2, size=20_000)
    X = np.concatenate([density.draw(theta[y], rng) for _ in range(3)], axis=1)
    X = np.maximum(X, 1e-9) if density.domain == "positive" else X
    fitted = BayesClassifier(density).fit(X, y)
    np.testing.assert_allclose(
        fitted.theta_, np.broadcast_to(theta, fitted.theta_.shape), rtol=0.06
    )
    own = -np.log(fitted.predict_proba(X)[np.arange(len(y)), y]).mean()
    normal = -np.log(BayesClassifier().fit(X, y).predict_proba(X)[np.arange(len(y)), y]).mean()
    assert own < normal
