"""Metrics: weights are repetitions, neither row order nor threads matter, bad input is named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import zhixing
from zhixing import metrics
from zhixing.core.errors import InputError
from zhixing.metrics import delong, labels, sorted_scores
from zhixing.metrics.average_precision import influence
from zhixing.metrics.log_loss import log_loss_reference
from zhixing.metrics.roc_auc import auc_influence

quick = settings(max_examples=40, deadline=None)
few_scores = hnp.arrays(
    np.float64, st.integers(2, 40), elements=st.sampled_from([-2.0, 0.0, 0.5, 1.0, 3.0])
)
any_scores = hnp.arrays(
    np.float64, st.integers(2, 40), elements=st.floats(-1e300, 1e300, allow_nan=False)
)


def problem(task: str, rng: np.random.Generator, n: int = 60) -> dict[str, np.ndarray]:
    """Outputs of every kind for a task, keyed by what a metric needs."""
    if task in ("binary", "multiclass"):
        k = 2 if task == "binary" else 3
        y = np.append(np.arange(k), rng.integers(0, k, n - k))
        z = rng.normal(size=(n, k))
        z[np.arange(n), y] += 1.0
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        return {"y": y, "probability": p, "score": p, "label": p.argmax(axis=1)}
    y = rng.poisson(3.0, n) + (task == "regression") * rng.random(n) + 1.0
    return {"y": y, "prediction": y + 0.3 * rng.random(n)}


CASES = [
    (task, name)
    for task in ("binary", "multiclass", "regression", "count")
    for name in metrics.metric_names(task)  # type: ignore[arg-type]
    if name != "max_error"  # it has neither weights nor an interval, by nature
]


@pytest.mark.parametrize(("task", "name"), CASES)
def test_weight_is_repetition(task: str, name: str, rng: np.random.Generator) -> None:
    m, made = metrics.metric(name), problem(task, rng)
    y, output = made["y"], made[m.needs]
    w = rng.integers(0, 4, y.size)
    w[:6] = 2
    weighted = m(y, output, sample_weight=w, confidence=0.9)
    repeated = m(np.repeat(y, w), np.repeat(output, w, axis=0), confidence=0.9)
    np.testing.assert_allclose(weighted[:4], repeated[:4], rtol=1e-9, atol=1e-12)
    assert m(y, output, sample_weight=w) == pytest.approx(weighted[0], rel=1e-12)


@pytest.mark.parametrize(("task", "name"), CASES)
def test_row_order_and_threads_do_not_matter(
    task: str, name: str, rng: np.random.Generator
) -> None:
    m, made = metrics.metric(name), problem(task, rng)
    y, output, order = made["y"], made[m.needs], rng.permutation(60)
    options = {"confidence": 0.95}
    plain = np.atleast_1d(m(y, output, **options))[:1]
    shuffled = np.atleast_1d(m(y[order], output[order], **options))[:1]
    np.testing.assert_allclose(shuffled.astype(float), plain.astype(float), rtol=1e-11)
    with zhixing.threads(1):
        one = m(y, output, **options)
    with zhixing.threads(3):
        assert m(y, output, **options) == one


def test_same_bits_for_any_number_of_threads_on_many_rows() -> None:
    rng = np.random.default_rng(1)
    n = 700_000
    y, p, w = rng.integers(0, 2, n), rng.random(n), rng.random(n)
    for name in ("roc_auc", "average_precision", "log_loss"):
        for weight in (None, w):
            with zhixing.threads(1):
                one = metrics.metric(name)(y, p, sample_weight=weight)
            with zhixing.threads(4):
                assert metrics.metric(name)(y, p, sample_weight=weight) == one


@pytest.mark.parametrize(("task", "name"), CASES)
def test_intervals_widen_with_confidence_and_hold_the_value(
    task: str, name: str, rng: np.random.Generator
) -> None:
    m, made = metrics.metric(name), problem(task, rng)
    narrow, wide = (m(made["y"], made[m.needs], confidence=c) for c in (0.5, 0.99))
    assert wide.low <= narrow.low <= narrow.value <= narrow.high <= wide.high
    assert narrow.method and wide.confidence == 0.99


@quick
@given(scores=few_scores, data=st.data())
def test_auc_counts_pairs(scores: np.ndarray, data: st.DataObject) -> None:
    y = data.draw(hnp.arrays(np.int64, scores.size, elements=st.integers(0, 1)))
    y[:2] = [0, 1]
    w = data.draw(hnp.arrays(np.float64, scores.size, elements=st.integers(0, 3)))
    w[:2] = 1
    for weight in (np.ones(scores.size), w):
        made = metrics.roc_auc_score(y, scores, sample_weight=weight)
        assert made == pytest.approx(delong.area_reference(y == 1, scores, weight), abs=1e-12)
    assert metrics.roc_auc_score(1 - y, scores) == pytest.approx(
        1 - metrics.roc_auc_score(y, scores)
    )


@quick
@given(a=any_scores, b=any_scores)
def test_merge_is_bisection(a: np.ndarray, b: np.ndarray) -> None:
    a, b = np.sort(a), np.sort(b)
    for made, expected in zip(
        sorted_scores.positions(a, b), sorted_scores.positions_reference(a, b)
    ):
        np.testing.assert_array_equal(made, expected)
    two = sorted_scores.TwoClasses(sorted_scores.Sorted(a), sorted_scores.Sorted(b))
    values, from_a, from_b = sorted_scores.thresholds(two)
    np.testing.assert_array_equal(values, np.unique(np.append(a, b))[::-1])
    np.testing.assert_array_equal(from_a, [(a >= v).sum() for v in values])
    np.testing.assert_array_equal(from_b, [(b >= v).sum() for v in values])


@quick
@given(scores=few_scores, data=st.data())
def test_influences_sum_to_zero(scores: np.ndarray, data: st.DataObject) -> None:
    y = data.draw(hnp.arrays(np.bool_, scores.size))
    y[:2] = [False, True]
    w = data.draw(hnp.arrays(np.float64, scores.size, elements=st.integers(1, 3)))
    for psi in (auc_influence(y, scores, w), influence(y, scores, w)):
        assert abs(w @ psi) < 1e-9 * w.sum()


LABELS = st.one_of(
    st.lists(st.integers(-(2**62), 2**62), min_size=1, max_size=30),
    st.lists(st.text(max_size=3).filter(lambda t: "\0" not in t), min_size=1, max_size=30),
    st.lists(st.booleans(), min_size=1, max_size=30),
    st.lists(st.integers(-3, 3).map(float), min_size=1, max_size=30),
)


@quick
@given(values=LABELS)
def test_codes_are_those_of_unique(values: list) -> None:
    y = np.array(values)
    expected, codes = np.unique(y, return_inverse=True)
    classes = labels.distinct(y)
    np.testing.assert_array_equal(classes, expected)
    assert classes.dtype == y.dtype
    np.testing.assert_array_equal(labels.encode(y, classes), codes)
    if classes.size > 1:
        part = labels.encode(y, classes[1:])
        np.testing.assert_array_equal(part, codes - 1)


def test_log_loss_is_its_definition(rng: np.random.Generator) -> None:
    codes, w = rng.integers(0, 3, 50_000), rng.random(50_000)
    p = rng.dirichlet(np.ones(3), 50_000)
    made = metrics.log_loss(codes, p, sample_weight=w)
    assert made == pytest.approx(log_loss_reference(codes, p, w), rel=1e-12)


@pytest.mark.parametrize("wrap", [list, pd.Series, pl.Series, lambda a: a.reshape(-1, 1)])
def test_any_container(wrap: Any, rng: np.random.Generator) -> None:
    y = np.array(["no", "yes"])[rng.integers(0, 2, 40)]
    p = rng.random(40)
    hit = (y == "yes").astype(int)
    expected = metrics.roc_auc_score(hit, p)
    assert metrics.roc_auc_score(wrap(y), wrap(p)) == expected
    assert metrics.log_loss(wrap(y), wrap(p)) == metrics.log_loss(hit, p)
    labels_given = np.where(p > 0.5, "yes", "no")
    assert metrics.accuracy_score(wrap(y), wrap(labels_given)) == np.mean(y == labels_given)
    assert metrics.r2_score(wrap(p), wrap(p)) == 1.0


def test_read_only_inputs_are_not_copied_into_another_kernel(rng: np.random.Generator) -> None:
    from zhixing.kernels.merge_sorted import merge_positions

    y, s = rng.integers(0, 2, 50), rng.normal(size=50)
    expected = metrics.roc_auc_score(y, s)
    before = len(merge_positions.signatures)
    s.flags.writeable = False
    assert metrics.roc_auc_score(y, s) == expected
    assert len(merge_positions.signatures) == before


BAD = [
    ("accuracy_score", ([0, 1], [0, 1, 1]), "inconsistent numbers of samples"),
    ("accuracy_score", ([], []), "minimum of 1 sample"),
    ("accuracy_score", ([0, 1], ["a", "b"]), "Mix of label input types"),
    ("accuracy_score", ([0.5, 1], [0, 1]), "continuous is not supported"),
    ("accuracy_score", ([np.nan, 1], [0, 1]), "NaN or infinity"),
    ("f1_score", (["a", None], ["a", "b"]), "NaN or None"),
    ("f1_score", ([0, 1, 2], [0, 1, 2]), "average='binary'"),
    (
        "confusion_matrix",
        ([[1, 0], [0, 1]], [[1, 0], [0, 1]]),
        "multilabel-indicator is not supported",
    ),
    ("roc_auc_score", ([0, 1], [0.1, np.nan]), "NaN or infinity"),
    ("roc_auc_score", ([0, 1], [0.1, np.inf]), "NaN or infinity"),
    ("roc_auc_score", ([0, 1, 2], [0.1, 0.2, 0.3]), "n_samples, n_classes"),
    ("log_loss", ([0, 1], [0.1, 1.1]), "greater than 1"),
    ("log_loss", ([0, 1], [-0.1, 0.2]), "lower than 0"),
    ("log_loss", ([0, 1], [np.nan, 0.2]), "NaN or infinity"),
    ("log_loss", ([1, 1], [0.1, 0.2]), "only one label"),
    ("log_loss", ([0, 1, 2], [0.1, 0.2, 0.4]), "different number of classes"),
    ("log_loss", ([0, 1], ["x", "y"]), "not numbers"),
    ("brier_score_loss", (["a", "b"], [0.1, 0.2]), "pos_label is not specified"),
    ("mean_squared_error", ([1.0, np.inf], [1.0, 2.0]), "infinity"),
    ("mean_squared_error", ([[1.0, 2.0]], [[1.0]]), "different number of output"),
    ("mean_squared_log_error", ([-2.0], [1.0]), "less than or equal to -1"),
    ("mean_poisson_deviance", ([1.0], [0.0]), "strictly positive y_pred"),
    ("calibration_curve", ([0, 1], [0.5, 2.0]), "greater than 1"),
    ("roc_curve", (["a", "b"], [0.1, 0.2]), "pos_label is not specified"),
    ("cost_curve", ([0, 1], [0.1, np.nan]), "NaN or infinity"),
]


@pytest.mark.parametrize(("name", "arguments", "message"), BAD)
def test_bad_input_in_one_line(name: str, arguments: tuple, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        getattr(metrics, name)(*arguments)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        ([1.0], "expected"),
        ([1.0, np.nan], "NaN or infinity"),
        ([1.0, -1.0], "Negative"),
        ([0.0, 0.0], "at least one non-zero"),
        (["a", "b"], "numbers"),
    ],
)
@pytest.mark.parametrize("name", ["accuracy", "roc_auc", "log_loss", "f1", "brier_score"])
def test_bad_weights(name: str, weight: list, message: str) -> None:
    m = metrics.metric(name)
    output = [0, 1] if m.needs == "label" else [0.2, 0.7]
    with pytest.raises(ValueError, match=message):
        m([0, 1], output, sample_weight=weight)


def test_table_of_metrics_is_whole() -> None:
    for task in ("binary", "multiclass", "regression", "count"):
        chosen = metrics.default_metric(task)  # type: ignore[arg-type]
        assert task in chosen.tasks
    for name, m in metrics.METRICS.items():
        assert (
            m.title[0].isupper() and m.tasks and metrics.metric(m.scoring) is metrics.metric(name)
        )
    with pytest.raises(InputError, match="did you mean"):
        metrics.metric("roc_acu")
    with pytest.raises(InputError, match="unknown metric"):
        metrics.get_scorer("nonsense")


def test_metric_follows_the_classes_it_is_given(rng: np.random.Generator) -> None:
    y = np.array(["bad", "good"])[rng.integers(0, 2, 50)]
    p = rng.dirichlet([1, 1], 50)
    classes = np.array(["bad", "good"])
    hit = (y == "good").astype(int)
    for name in ("roc_auc", "average_precision", "log_loss", "brier_score", "d2_log_loss_score"):
        m = metrics.metric(name)
        assert m(y, p, classes=classes) == pytest.approx(m(hit, p[:, 1]))
    guess = classes[p.argmax(axis=1)]
    assert metrics.metric("f1")(y, guess, classes=classes) == metrics.f1_score(
        y, guess, pos_label="good"
    )
    # A test fold may lack a class.
    few = np.array(["a", "b", "a"])
    made = metrics.metric("log_loss")(
        few, np.full((3, 3), 1 / 3), classes=np.array(["a", "b", "c"])
    )
    assert made == pytest.approx(np.log(3))


def test_recommendations() -> None:
    rare = metrics.recommend_metric([0] * 990 + [1] * 10)
    assert rare.metric == "average_precision" and rare.trivial["accuracy"] == 0.99
    assert rare.trivial["recall"] == 0.0
    assert metrics.recommend_metric(["n"] * 90 + ["y"] * 10).metric == "f1"
    assert metrics.recommend_metric([0, 1] * 50).metric == "roc_auc"
    assert metrics.recommend_metric([0, 1] * 50, cost_fp=1, cost_fn=10).metric == "recall"
    assert metrics.recommend_metric([0, 1] * 50, cost_fp=10, cost_fn=1).metric == "precision"
    assert metrics.recommend_metric([0, 1] * 50, probabilities=True).metric == "log_loss"
    assert metrics.recommend_metric([0] * 90 + [1] * 8 + [2] * 2).metric == "balanced_accuracy"
    assert metrics.recommend_metric([0, 1, 2] * 9).metric == "accuracy"
    with pytest.raises(ValueError, match="both"):
        metrics.recommend_metric([0, 1], cost_fp=1.0)
    for chosen in (rare.metric, *rare.also):
        assert chosen in metrics.METRICS
    assert "commonest class" in str(rare)


def test_costs(rng: np.random.Generator) -> None:
    y, s = rng.integers(0, 2, 80), np.round(rng.random(80), 1)
    curve = metrics.cost_curve(y, s, cost_fp=1.0, cost_fn=3.0)
    for t, cost in zip(curve.thresholds, curve.cost):
        decided = (s >= t).astype(int)
        assert metrics.expected_cost(
            y, decided, cost_fp=1.0, cost_fn=3.0, pos_label=1
        ) == pytest.approx(cost)
    assert curve.best[1] == curve.cost.min()
    with pytest.raises(InputError, match="at least 0"):
        metrics.expected_cost([0, 1], [0, 1], cost_fp=-1.0)
    with pytest.raises(InputError, match="all costs are 0"):
        metrics.cost_curve([0, 1], [0, 1], cost_fp=0.0, cost_fn=0.0)


@pytest.mark.parametrize(
    "kind", ["normal", "tied", "constant", "huge", "probabilities", "signed zeros"]
)
def test_buckets_sort_as_a_plain_sort(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from zhixing.metrics import sort_classes

    monkeypatch.setattr(sort_classes, "MANY", 1000)
    monkeypatch.setattr(sort_classes, "CHUNK", 700)
    rng = np.random.default_rng(3)
    n = 5000
    score = {
        "normal": rng.normal(size=n),
        "tied": np.round(rng.normal(size=n), 1),
        "constant": np.full(n, 2.5),
        "huge": np.where(rng.random(n) < 0.5, -1.7e308, 1.7e308) * rng.random(n),
        "probabilities": 1 / (1 + np.exp(-20 * rng.normal(size=n))),
        "signed zeros": np.where(rng.random(n) < 0.5, -0.0, 0.0),
    }[kind]
    for positive in (rng.random(n) < 0.2, np.zeros(n, dtype=bool), np.ones(n, dtype=bool)):
        for weight in (None, rng.integers(1, 5, n).astype(float)):
            made = sort_classes.sort_classes(positive, score, weight)
            expected = sort_classes.sort_classes_reference(positive, score, weight)
            for a, b in zip(made[0], expected[0]):
                np.testing.assert_array_equal(a, b)
            if weight is not None:
                for s, v, w in zip(made[0], made[1], expected[1]):
                    for value in np.unique(s)[:50]:
                        assert v[s == value].sum() == w[s == value].sum()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", metrics.metric_names("regression"))
def test_numbers_that_are_not_finite_are_refused(name: str, value: float) -> None:
    y = np.arange(1.0, 40_001.0)
    bad = y.copy()
    bad[-1] = value
    m = metrics.metric(name)
    for options in ({}, {"confidence": 0.95}):
        if options and name == "max_error":
            continue
        for given_arguments in ((bad, y), (y, bad), (bad, bad)):
            with pytest.raises(ValueError, match=r"contains (NaN|infinity)"):
                m(*given_arguments, **options)


def test_errors_too_large_for_a_double_are_infinite_without_a_warning() -> None:
    assert metrics.mean_squared_error([1e200, 0.0], [-1e200, 0.0]) == np.inf
