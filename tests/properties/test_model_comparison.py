"""What every comparison promises: levels, invariances, verdicts, and one clear line on bad input."""

from __future__ import annotations

import json

import numpy as np
import pytest
from benchmarks.study import CASES, Case, run
from benchmarks.study_comparison import main as _study  # noqa: F401  (registers the cases)
from hypothesis import given, settings
from hypothesis import strategies as st

from zhixing import model_comparison as mc
from zhixing.core.errors import InputError
from zhixing.core.parallel import threads

QUICK = [case for case in CASES if case.quick]


@pytest.mark.parametrize("case", QUICK, ids=lambda c: f"{c.procedure}: {c.situation}")
def test_error_rate(case: Case) -> None:
    """The study of benchmarks/, with fewer repetitions: within 99.9 % binomial bounds of nominal."""
    outcome = run(case, case.quick)
    if case.expected == "nominal":
        assert outcome.verdict == "nominal", outcome.rate
    else:
        assert outcome.verdict in ("nominal", case.expected), outcome.rate


def test_the_study_sees_a_bad_test() -> None:
    """A test at twice its level does not pass for nominal."""
    bad = Case("", "", "level", lambda rng: rng.random() < 0.10, 0)
    assert run(bad, 1000).verdict == "liberal"


TESTS = {
    "mcnemar": lambda y, a, b, **k: mc.mcnemar(y, a, b, **k),
    "bootstrap": lambda y, a, b, **k: mc.paired_bootstrap(y, a, b, n_resamples=500, **k),
    "bootstrap bca": lambda y, a, b, **k: mc.paired_bootstrap(
        y, a, b, "f1", method="bca", n_resamples=500, **k
    ),
    "permutation": lambda y, a, b, **k: mc.permutation_test(y, a, b, n_permutations=500, **k),
    "delong": lambda y, a, b, **k: mc.delong(y, a, b, **k),
}
EACH = pytest.mark.parametrize("test", TESTS.values(), ids=TESTS)


@pytest.fixture
def labels(rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    y = rng.integers(0, 2, 150)
    return y, y ^ (rng.random(150) < 0.15), y ^ (rng.random(150) < 0.30)


@EACH
def test_models_swapped(test, labels) -> None:  # type: ignore[no-untyped-def]
    y, a, b = labels
    one, other = test(y, a, b), test(y, b, a)
    assert one.difference.value == pytest.approx(-other.difference.value)
    assert one.scores == pytest.approx(other.scores[::-1])
    assert {one.verdict, other.verdict} in (
        {"A better", "B better"},
        {"no detectable difference"},
    )


@EACH
def test_equal_predictions(test, labels) -> None:  # type: ignore[no-untyped-def]
    y, a, _ = labels
    result = test(y, a, a)
    assert result.difference.value == 0 and result.verdict == "no detectable difference"
    assert result.p_value == pytest.approx(1.0, abs=0.01) and result.notes
    assert result.difference.low <= 0 <= result.difference.high


@EACH
def test_weight_is_repetition(test, labels, rng: np.random.Generator) -> None:  # type: ignore[no-untyped-def]
    y, a, b = labels
    weight = rng.integers(0, 3, y.size)
    rows = np.repeat(np.arange(y.size), weight)
    assert repr(test(y, a, b, sample_weight=weight)) == repr(test(y[rows], a[rows], b[rows]))


@EACH
def test_words_are_labels(test, labels) -> None:  # type: ignore[no-untyped-def]
    y, a, b = labels
    if test is not TESTS["delong"]:
        word = np.array(["no", "yes"])
        assert repr(test(word[y], word[a], word[b])) == repr(test(y, a, b))


@pytest.mark.parametrize("metric", ["mean_squared_error", "f1_macro", "roc_auc", "accuracy"])
@pytest.mark.parametrize("call", [mc.paired_bootstrap, mc.permutation_test])
def test_threads_and_seeds(call, metric: str, rng: np.random.Generator) -> None:  # type: ignore[no-untyped-def]
    y = rng.integers(0, 2, 700)
    p = rng.random((2, 700))
    a, b = (p > 0.5).astype(int) if metric in ("f1_macro", "accuracy") else p
    many = {"n_resamples": 2000} if call is mc.paired_bootstrap else {"n_permutations": 2000}
    with threads(1):
        first = repr(call(y, a, b, metric, random_state=7, **many))
    with threads(2):
        assert repr(call(y, a, b, metric, random_state=7, **many)) == first
    assert repr(call(y, a, b, metric, random_state=8, **many)) != first


def test_groups_move_together(rng: np.random.Generator) -> None:
    """Rows copied within a group add nothing: the interval is that of the groups."""
    e = rng.normal(size=(2, 80))
    groups = np.repeat(np.arange(80), 4)
    plain = mc.paired_bootstrap(np.zeros(80), e[0], e[1], "mean_squared_error")
    copied = mc.paired_bootstrap(
        np.zeros(320), e[0][groups], e[1][groups], "mean_squared_error", groups=groups
    )
    assert copied.difference == pytest.approx(plain.difference, nan_ok=True)
    alone = mc.permutation_test(np.zeros(80), e[0], e[1], "mean_squared_error")
    together = mc.permutation_test(
        np.zeros(320), e[0][groups], e[1][groups], "mean_squared_error", groups=groups
    )
    assert together.p_value == pytest.approx(alone.p_value, abs=0.02)


def test_strata_keep_their_size(rng: np.random.Generator) -> None:
    y = np.r_[np.zeros(60, int), np.ones(3, int)]
    scores = y + rng.normal(size=(2, 63))
    loose = mc.paired_bootstrap(y, *scores, "roc_auc", n_resamples=2000)
    kept = mc.paired_bootstrap(y, *scores, "roc_auc", stratify=True, n_resamples=2000)
    assert any("undefined" in note for note in loose.notes) and not kept.notes


@pytest.mark.parametrize("metric", ["accuracy", "roc_auc", "mean_absolute_error"])
def test_interval_and_p_value_agree(metric: str, rng: np.random.Generator) -> None:
    """The interval at level alpha excludes zero exactly where p <= alpha."""
    for gap in np.linspace(0, 0.4, 7):
        y = rng.integers(0, 2, 120)
        a, b = y + rng.normal(0, 1, 120), y + rng.normal(0, 1 + gap, 120)
        if metric == "accuracy":
            a, b = (a > 0.5).astype(int), (b > 0.5).astype(int)
        for call in (mc.paired_bootstrap, mc.permutation_test):
            result = call(y, a, b, metric)
            low, high = result.difference.low, result.difference.high
            if abs(low) > 1e-9 and abs(high) > 1e-9:  # label metrics can end on zero itself
                assert (low > 0 or high < 0) == (result.p_value <= 0.05)


def test_verdicts(rng: np.random.Generator) -> None:
    y = rng.normal(size=1500)
    near, same, far = (y + rng.normal(0, s, 1500) for s in (1, 1, 3))
    assert mc.compare(y, near, far, "mean_absolute_error").verdict == "A better"
    assert mc.compare(y, far, near, "r2").verdict == "B better"
    assert mc.compare(y, near, same, "mean_absolute_error").winner is None
    assert (
        mc.compare(y, near, same, "mean_absolute_error", rope=0.2).verdict
        == "practically equivalent"
    )
    assert mc.compare(y, near, far, "mean_absolute_error", rope=0.2).verdict == "A better"


def test_compare_chooses(rng: np.random.Generator) -> None:
    y, p = rng.integers(0, 2, 60), rng.random((2, 60))
    hard = (p > 0.5).astype(int)
    groups = np.repeat(np.arange(30), 2)
    for test, predictions, metric, more in (
        ("McNemar", hard, "accuracy", {}),
        ("DeLong", p, "roc_auc", {}),
        ("bootstrap", p, "neg_log_loss", {}),
        ("permutation", p[:, :40], "log_loss", {}),
        ("permutation", hard, "accuracy", {"groups": groups}),
        ("bootstrap", hard, lambda y, z: float(np.mean(y == z)), {}),
    ):
        n = predictions.shape[1]
        assert test in mc.compare(y[:n], *predictions, metric, **more).test


def test_answers_are_json(labels) -> None:  # type: ignore[no-untyped-def]
    y, a, b = labels
    for result in (
        mc.compare(y, a, b, rope=0.01),
        mc.bayesian_ttest([0.8, 0.9, 0.7], [0.7, 0.8, 0.8], 80, 20, rope=0.01),
    ):
        assert (
            json.loads(json.dumps(result.as_dict(), allow_nan=False))["verdict"] == result.verdict
        )
        assert result.finding().evidence["test"] == result.test
        assert result.verdict.split()[-1] in str(result) or result.winner
    ranks = mc.friedman(np.arange(15.0).reshape(5, 3))
    assert json.loads(json.dumps(ranks.as_dict(), allow_nan=False))["verdict"] == ranks.verdict


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
@settings(max_examples=100, deadline=None)
def test_adjusted_p_values(p: list[float]) -> None:
    """Monotone in p, never below p, and Holm never above Bonferroni."""
    order = np.argsort(p, kind="stable")
    for adjust in (mc.holm, mc.bonferroni, mc.benjamini_hochberg):
        q = adjust(p)
        assert np.all(q >= np.array(p) - 1e-15) and np.all(q <= 1)
        assert np.all(np.diff(q[order]) >= -1e-15)
    assert np.all(mc.holm(p) <= mc.bonferroni(p))


def test_folds_that_do_not_vary() -> None:
    """Equal scores are no evidence; a constant lead is, and is said to have no variance."""
    a = [0.1 + 0.2, 0.7, 0.8, 0.9]
    assert mc.corrected_ttest(a, [0.3, 0.7, 0.8, 0.9], 9, 1).p_value == 1.0
    ahead = mc.corrected_ttest([0.5, 0.6, 0.7], [0.4, 0.5, 0.6], 9, 1)
    assert ahead.verdict == "A better" and ahead.notes
    assert mc.bayesian_ttest(a, a, 9, 1, rope=0.01).verdict == "practically equivalent"


def test_lower_is_better() -> None:
    loss = [[0.2, 0.21, 0.19, 0.2], [0.4, 0.42, 0.39, 0.41]]
    for call in (mc.corrected_ttest, mc.bayesian_ttest):
        assert call(*loss, 90, 10, greater_is_better=False).verdict == "A better"
        assert call(*loss, 90, 10).verdict == "B better"


def test_compare_many_proposes_the_simplest(rng: np.random.Generator) -> None:
    base = rng.normal(0.8, 0.02, 10)
    folds = {
        "boosting": base + 0.004 + rng.normal(0, 0.01, 10),
        "ridge": base + rng.normal(0, 0.01, 10),
        "prior": base - 0.3 + rng.normal(0, 0.01, 10),
    }
    simple = {"prior": 0, "ridge": 10, "boosting": 40}
    ranking = mc.compare_many(folds, 90, 10, simplicity=simple)
    assert ranking.proposed == "ridge" and "prior" not in ranking.not_worse
    assert mc.compare_many(folds, 90, 10).proposed == ranking.best
    assert "worse" in str(ranking) and len(ranking.pairwise) == 3
    flipped = {name: -scores for name, scores in folds.items()}
    lower = mc.compare_many(flipped, 90, 10, greater_is_better=False, simplicity=simple)
    assert (lower.order, lower.not_worse) == (ranking.order, ranking.not_worse)
    alone = mc.compare_many({"ridge": base}, 90, 10)
    assert alone.proposed == "ridge" and not alone.pairwise
    assert mc.compare_many({"a": base}, 90, 10, limits=(0, 0.8)).scores["a"].high == 0.8


def test_compare_many_keeps_the_practically_equivalent(rng: np.random.Generator) -> None:
    base = rng.normal(0.8, 0.02, 10)
    folds = {"a": base, "b": base - 0.003 + rng.normal(0, 1e-4, 10)}
    assert mc.compare_many(folds, 90, 10).not_worse == ("a",)
    assert set(mc.compare_many(folds, 90, 10, rope=0.01).not_worse) == {"a", "b"}


def test_compare_classifiers_reads_the_catalogue() -> None:
    from sklearn.datasets import load_breast_cancer

    from zhixing.catalogue import candidates

    X, y = load_breast_cancer(return_X_y=True)
    table = mc.compare_classifiers(X[:200], y[:200], cv=3)
    offered = {name.rsplit(".", 1)[-1] for name in candidates("binary")}
    assert {row["name"] for row in table.rows} | set(table.not_applicable) == offered
    rows = {row["name"]: row for row in table.rows}
    assert rows["LogisticRegression"]["boundary"] == "linear"
    assert all(row["fit_seconds"] > 0 for row in table.rows)
    assert str(table).count("\n") + 1 == len(offered)


BAD = {
    "lengths": lambda: mc.compare([0, 1, 1], [0, 1], [0, 1, 1]),
    "nan": lambda: mc.compare([0.0, 1.0], [np.nan, 1.0], [0.0, 1.0], "r2"),
    "empty": lambda: mc.compare([], [], []),
    "metric": lambda: mc.compare([0, 1], [0, 1], [0, 1], "acuracy"),
    "scores as labels": lambda: mc.compare([0, 1] * 9, [0.2, 0.7] * 9, [0, 1] * 9),
    "kinds": lambda: mc.compare([0, 1], ["0", "1"], [0, 1]),
    "three classes": lambda: mc.delong([0, 1, 2], [1, 2, 3], [3, 2, 1]),
    "f1 of three": lambda: mc.paired_bootstrap([0, 1, 2], [0, 1, 2], [0, 1, 1], "f1"),
    "weight": lambda: mc.mcnemar([0, 1], [0, 1], [1, 1], sample_weight=[0.5, 1]),
    "negative weight": lambda: mc.mcnemar([0, 1], [0, 1], [1, 1], sample_weight=[-1, 1]),
    "probability": lambda: mc.compare([0, 1], [0.2, 1.4], [0.2, 0.4], "log_loss"),
    "columns": lambda: mc.compare([0, 1, 2], np.eye(3), np.eye(3)[:, :2], "log_loss"),
    "deviance": lambda: mc.compare([0, 1], [-1, 1], [1, 1], "mean_poisson_deviance"),
    "wrong test": lambda: mc.compare([0, 1], [0, 1], [1, 1], "f1", test="mcnemar"),
    "no test": lambda: mc.compare([0, 1], [0, 1], [1, 1], test="t"),  # type: ignore[arg-type]
    "grouped mcnemar": lambda: mc.compare([0, 1], [0, 1], [1, 1], test="mcnemar", groups=[0, 1]),
    "alpha": lambda: mc.mcnemar([0, 1], [0, 1], [1, 1], alpha=5),
    "rope": lambda: mc.mcnemar([0, 1], [0, 1], [1, 1], rope=-0.1),
    "few resamples": lambda: mc.paired_bootstrap([0, 1], [0, 1], [1, 1], n_resamples=10),
    "strata": lambda: mc.paired_bootstrap([0, 1], [0, 1], [1, 1], groups=[0, 0], stratify=True),
    "one fold": lambda: mc.corrected_ttest([1], [1], 9, 1),
    "failed fold": lambda: mc.corrected_ttest([1, np.nan], [1, 1], 9, 1),
    "unpaired": lambda: mc.corrected_ttest([1, 2], [1, 2, 3], 9, 1),
    "sizes": lambda: mc.corrected_ttest([1, 2], [1, 3], 0, 1),
    "no candidates": lambda: mc.compare_many({}, 9, 1),
    "ragged": lambda: mc.compare_many({"a": [1, 2], "b": [1]}, 9, 1),
    "simplicity": lambda: mc.compare_many({"a": [1, 2], "b": [1, 3]}, 9, 1, simplicity={"a": 1}),
    "data sets": lambda: mc.wilcoxon([1, 2], [1]),
    "two methods": lambda: mc.friedman([[1, 2], [3, 4]]),
    "p-values": lambda: mc.holm([0.1, 1.2]),
    "one class": lambda: mc.compare_classifiers([[1], [2]], [0, 0]),
}


@pytest.mark.parametrize("call", BAD.values(), ids=BAD)
def test_bad_input_is_one_clear_line(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError) as caught:
        call()
    message = str(caught.value)
    assert 10 < len(message) < 250 and "\n" not in message and "Traceback" not in message


def test_input_errors_say_what_to_do() -> None:
    with pytest.raises(InputError, match="choose a metric of probabilities"):
        mc.compare([0, 1] * 9, [0.2, 0.7] * 9, [0, 1] * 9)
