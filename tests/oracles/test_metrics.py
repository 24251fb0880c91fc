"""Metrics agree with scikit-learn's, whatever the labels, ties, weights, averages and outputs."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import sklearn.exceptions as theirs_exceptions
import sklearn.metrics as theirs
from scipy import sparse

import zhixing.metrics as ours

pytestmark = pytest.mark.filterwarnings("ignore")

LABELS = {
    "integers": np.arange(4),
    "strings": np.array(["d", "b", "c", "a"]),
    "floats": np.arange(4) * 2.0 - 1.0,
    "from minus one": np.arange(4) - 1,
    "far apart": np.array([-5_000_000_000, 3, 70_000_000, 9_000_000_000]),
    "unsigned": np.array([0, 1, 7, 2**63 + 5], dtype=np.uint64),
    "objects": np.array(["d", "b", "c", "a"], dtype=object),
}


def agree(name: str, *arguments: Any, their_options: dict | None = None, **options: Any) -> None:
    """Both give the same numbers, or both refuse."""
    found = []
    for module, extra in ((theirs, their_options or {}), (ours, {})):
        try:
            found.append(getattr(module, name)(*arguments, **options, **extra))
        except (ValueError, TypeError, NotImplementedError) as error:
            found.append(error)
    expected, made = found
    if isinstance(expected, Exception):
        kind = ValueError if isinstance(expected, ValueError) else type(expected)
        assert isinstance(made, kind), f"{name} should refuse: {expected!r}, gave {made!r}"
        return
    assert not isinstance(made, Exception), f"{name}: {made!r}"
    pairs = zip(expected, made) if isinstance(expected, tuple) else [(expected, made)]
    for e, m in pairs:
        if e is None:
            assert m is None
        else:
            np.testing.assert_allclose(
                np.asarray(m, float), np.asarray(e, float), rtol=1e-9, atol=1e-12, err_msg=name
            )


def weights(n: int, rng: np.random.Generator) -> list[Any]:
    some_zero = rng.integers(0, 3, n)
    some_zero[: n // 2] += 1
    return [None, some_zero, rng.random(n) + 0.01]


@pytest.fixture(params=range(3))
def seeded(request: pytest.FixtureRequest) -> np.random.Generator:
    return np.random.default_rng(request.param)


def decisions(rng: np.random.Generator, names: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Labels and predictions; half of the predictions are the first label, so some are rare."""
    n = int(rng.integers(8, 60))
    y = names[rng.integers(0, names.size, n)]
    return y, names[np.where(rng.random(n) < 0.5, rng.integers(0, names.size, n), 0)]


@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("k", [2, 3, 4])
def test_decisions(seeded: np.random.Generator, kind: str, k: int) -> None:
    names = LABELS[kind][:k]
    y, p = decisions(seeded, names)
    for w in weights(y.size, seeded):
        for name in (
            "accuracy_score",
            "balanced_accuracy_score",
            "cohen_kappa_score",
            "confusion_matrix",
            "hamming_loss",
            "matthews_corrcoef",
            "multilabel_confusion_matrix",
            "zero_one_loss",
        ):
            agree(name, y, p, sample_weight=w)
        for name in ("accuracy_score", "zero_one_loss"):
            agree(name, y, p, normalize=False, sample_weight=w)
        agree("balanced_accuracy_score", y, p, adjusted=True, sample_weight=w)
        chosen = names[seeded.permutation(k)[: max(1, k - 1)]]
        for name in ("cohen_kappa_score", "confusion_matrix", "multilabel_confusion_matrix"):
            agree(name, y, p, labels=chosen, sample_weight=w)
        for normalize in ("true", "pred", "all"):
            agree("confusion_matrix", y, p, normalize=normalize, sample_weight=w)
        for kappa in ("linear", "quadratic"):
            agree("cohen_kappa_score", y, p, weights=kappa, sample_weight=w)


@pytest.mark.parametrize("average", [None, "binary", "micro", "macro", "weighted", "samples"])
@pytest.mark.parametrize("k", [2, 3])
def test_label_ratios(seeded: np.random.Generator, average: str | None, k: int) -> None:
    names = LABELS["strings"][:k]
    y, p = decisions(seeded, names)
    chosen = names[seeded.permutation(k)[: k - 1]]
    for w in weights(y.size, seeded):
        for name in ("precision_score", "recall_score", "f1_score", "jaccard_score"):
            given = {"average": average, "sample_weight": w}
            agree(name, y, p, **given, pos_label=names[1])
            agree(name, y, p, **given, labels=chosen, zero_division=1)
        for name in ("precision_score", "recall_score", "f1_score"):
            agree(name, y, p, **given, pos_label=names[0], zero_division=np.nan)
        agree("fbeta_score", y, p, **given, pos_label=names[1], beta=0.5)
        for beta in (0.0, 2.0, np.inf):
            agree("precision_recall_fscore_support", y, p, **given, pos_label=names[1], beta=beta)


@pytest.mark.parametrize("k", [2, 3, 4])
@pytest.mark.parametrize("kind", ["integers", "strings", "from minus one"])
def test_probabilities(seeded: np.random.Generator, kind: str, k: int) -> None:
    names = np.sort(LABELS[kind][:k])
    n = 40
    y, p = names[seeded.integers(0, k, n)], seeded.dirichlet(np.ones(k), n)
    p[0] = np.eye(k)[0]
    one = p if k > 2 else p[:, 1]
    for w in weights(n, seeded):
        for labels in (None, names):
            given = {"labels": labels, "sample_weight": w}
            agree("log_loss", y, p, **given)
            agree("log_loss", y, p, normalize=False, **given)
            agree("d2_log_loss_score", y, p, **given)
            agree("brier_score_loss", y, p, **given)
            agree("brier_score_loss", y, p, scale_by_half=True, **given)
            agree("d2_brier_score", y, p, **given)
            agree("hinge_loss", y, one, **given)
            agree("top_k_accuracy_score", y, np.round(one, 1), k=1, **given)
            agree("top_k_accuracy_score", y, one, k=2, normalize=False, **given)
        if k == 2:
            agree("log_loss", y, p[:, 1], sample_weight=w)
            for name in ("brier_score_loss", "d2_brier_score"):
                agree(name, y, p[:, 1], sample_weight=w)
                agree(name, y, p[:, 1], sample_weight=w, pos_label=names[0])


def test_float32_probabilities_are_clipped_at_their_own_precision(rng: np.random.Generator) -> None:
    y, p = rng.integers(0, 2, 50), rng.random(50).astype(np.float32)
    p[:3] = [0, 1, 0]
    assert ours.log_loss(y, p) == pytest.approx(theirs.log_loss(y, p), rel=1e-5)


CURVES = ["roc_curve", "precision_recall_curve", "det_curve"]


@pytest.mark.parametrize("kind", ["integers", "strings", "from minus one", "objects"])
def test_rankings_of_two_classes(seeded: np.random.Generator, kind: str) -> None:
    names = np.sort(LABELS[kind][:2])
    n = int(seeded.integers(5, 80))
    y = names[seeded.integers(0, 2, n)]
    y[:2] = names
    for score in (np.round(seeded.random(n), 1), seeded.normal(size=n), np.zeros(n)):
        for w in weights(n, seeded):
            agree("roc_auc_score", y, score, sample_weight=w)
            agree("roc_auc_score", y, score, sample_weight=w, max_fpr=0.3)
            for pos_label in names:
                given = {"pos_label": pos_label, "sample_weight": w}
                agree("average_precision_score", y, score, **given)
                agree("confusion_matrix_at_thresholds", y, score, **given)
                for name in CURVES:
                    for drop in (False, True):
                        agree(name, y, score, drop_intermediate=drop, **given)
            for name in CURVES:
                agree(name, y, score, sample_weight=w)


@pytest.mark.parametrize("multi_class", ["ovr", "ovo", "raise"])
@pytest.mark.parametrize("average", ["macro", "weighted", "micro", None])
def test_auc_of_several_classes(
    seeded: np.random.Generator, multi_class: str, average: str | None
) -> None:
    y, p = seeded.choice(["x", "y", "z"], 50), seeded.dirichlet(np.ones(3), 50)
    for labels in (None, ["x", "y", "z"]):
        given = {"multi_class": multi_class, "average": average, "labels": labels}
        agree("roc_auc_score", y, p, **given)
        if multi_class == "ovr":
            agree("roc_auc_score", y, p, sample_weight=seeded.random(50), **given)
    agree("average_precision_score", y, p, average=average)


def test_weighted_one_against_one_is_repetition(rng: np.random.Generator) -> None:
    y, p, w = rng.integers(0, 3, 60), rng.dirichlet(np.ones(3), 60), rng.integers(1, 4, 60)
    for average in ("macro", "weighted"):
        weighted = ours.roc_auc_score(y, p, multi_class="ovo", average=average, sample_weight=w)
        repeated = theirs.roc_auc_score(
            np.repeat(y, w), np.repeat(p, w, axis=0), multi_class="ovo", average=average
        )
        assert weighted == pytest.approx(repeated, rel=1e-12)


@pytest.mark.parametrize("average", [None, "micro", "macro", "weighted", "samples"])
def test_multilabel(seeded: np.random.Generator, average: str | None) -> None:
    y, p = ((seeded.random((30, 3)) < 0.5).astype(int) for _ in range(2))
    s = np.round(seeded.random((30, 3)), 1)
    y[:2] = [[0, 0, 0], [1, 1, 1]]
    for w in weights(30, seeded):
        for a, b in ((y, p), (sparse.csr_array(y), sparse.csr_array(p))):
            for name in ("precision_score", "recall_score", "f1_score", "jaccard_score"):
                agree(name, a, b, average=average, zero_division=0, sample_weight=w)
            for name in ("accuracy_score", "hamming_loss", "multilabel_confusion_matrix"):
                agree(name, a, b, sample_weight=w)
            agree("multilabel_confusion_matrix", a, b, samplewise=True, sample_weight=w)
        agree("average_precision_score", y, s, average=average, sample_weight=w)
        if average != "samples":
            agree("roc_auc_score", y, s, average=average, sample_weight=w)
            agree("roc_auc_score", y, s, average=average, sample_weight=w, max_fpr=0.4)


SHARES = ["uniform_average", "raw_values", "variance_weighted", "own"]


@pytest.mark.parametrize("shares", SHARES)
@pytest.mark.parametrize("k", [0, 1, 3])
def test_numbers(seeded: np.random.Generator, shares: str, k: int) -> None:
    shape = (25, k) if k else 25
    y, p = seeded.gamma(1.0, size=shape), seeded.gamma(1.0, size=shape)
    multioutput: Any = np.arange(1.0, k + 1.0) if shares == "own" else shares
    if shares == "own" and k < 2:
        multioutput = "uniform_average"
    for w in weights(25, seeded):
        given = {"multioutput": multioutput, "sample_weight": w}
        for name in ("r2_score", "explained_variance_score"):
            agree(name, y, p, **given)
            if w is None:  # weighted, scikit-learn's rounding leaves a constant some variance
                agree(name, np.ones_like(y), p, **given)
        if shares == "variance_weighted":
            continue
        for name in (
            "d2_absolute_error_score",
            "d2_pinball_score",
            "mean_absolute_error",
            "mean_absolute_percentage_error",
            "mean_pinball_loss",
            "mean_squared_error",
            "mean_squared_log_error",
            "median_absolute_error",
            "root_mean_squared_error",
            "root_mean_squared_log_error",
        ):
            agree(name, y, p, **given)
        agree("mean_pinball_loss", y, p, alpha=0.9, **given)
        agree("d2_pinball_score", y, p, alpha=0.2, **given)


@pytest.mark.parametrize("power", [-1, 0, 0.5, 1, 1.5, 2, 3])
def test_deviances(seeded: np.random.Generator, power: float) -> None:
    y, p = seeded.poisson(2.0, 30), seeded.gamma(2.0, size=30)
    for w in weights(30, seeded):
        for truth in (y, y + 1, p):
            agree("mean_tweedie_deviance", truth, p, power=power, sample_weight=w)
            agree("d2_tweedie_score", truth, p, power=power, sample_weight=w)
        agree("mean_poisson_deviance", y, p, sample_weight=w)
        agree("mean_gamma_deviance", y + 1, p, sample_weight=w)
    agree("max_error", y, p)


def test_relative_error_at_zero_is_finite_as_theirs() -> None:
    agree("mean_absolute_percentage_error", [0.0, 1.0], [0.5, 1.0])


def test_curves_of_calibration_agree(seeded: np.random.Generator) -> None:
    from sklearn.calibration import calibration_curve

    y, p = seeded.integers(0, 2, 200), seeded.random(200)
    for strategy in ("uniform", "quantile"):
        for e, m in zip(
            calibration_curve(y, p, n_bins=7, strategy=strategy),
            ours.calibration_curve(y, p, n_bins=7, strategy=strategy),
        ):
            np.testing.assert_allclose(m, e, rtol=1e-12)


def test_auc_under_points() -> None:
    agree("auc", [0.0, 0.4, 1.0], [0.0, 1.0, 1.0])
    agree("auc", [1.0, 0.4, 0.0], [0.0, 1.0, 1.0])
    agree("auc", [0.0, 0.5, 0.2], [0.0, 1.0, 1.0])


def test_scorers_equal_theirs(rng: np.random.Generator) -> None:
    from sklearn.linear_model import LinearRegression, LogisticRegression

    x = rng.normal(size=(120, 3))
    target = np.exp(0.3 * x[:, 0]) + rng.random(120)
    models = {
        "binary": (LogisticRegression(), (x[:, 0] + rng.normal(size=120) > 0).astype(int)),
        "multiclass": (
            LogisticRegression(),
            np.digitize(x[:, 0] + rng.normal(size=120), [-0.7, 0.7]),
        ),
        "regression": (LinearRegression(), target),
        "count": (LinearRegression(), np.round(target)),
    }
    known, compared = set(theirs.get_scorer_names()), 0
    for task, (model, y) in models.items():
        model.fit(x, y)
        for name in ours.metric_names(task):  # type: ignore[arg-type]
            scoring = ours.metric(name).scoring
            if scoring in known and (model.predict(x).min() > 0 or "deviance" not in name):
                expected = theirs.get_scorer(scoring)(model, x, y)
                assert ours.get_scorer(scoring)(model, x, y) == pytest.approx(expected, rel=1e-9), (
                    name
                )
                compared += 1
    assert compared > 50


def test_warnings_are_the_same_kind() -> None:
    def caught(module: Any, name: str, *arguments: Any) -> set[type]:
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            getattr(module, name)(*arguments)
        return {w.category for w in seen}

    cases = [
        ("roc_auc_score", [1, 1], [0.1, 0.2]),
        ("average_precision_score", [0, 0], [0.1, 0.2]),
        ("precision_score", [0, 1], [0, 0]),
        ("recall_score", [0, 0], [0, 1]),
        ("roc_curve", [0, 0], [0.1, 0.2]),
        ("r2_score", [1.0], [2.0]),
        ("balanced_accuracy_score", [0, 0], [0, 1]),
        ("cohen_kappa_score", [0, 0], [0, 0]),
        ("confusion_matrix", [0, 0], [0, 0]),
        ("log_loss", [0, 1], [[0.2, 0.7], [0.1, 0.9]]),
        ("d2_tweedie_score", [1.0], [2.0]),
    ]
    for case in cases:
        made, expected = caught(ours, *case), caught(theirs, *case)
        undefined = theirs_exceptions.UndefinedMetricWarning
        assert made and (undefined in made) == (undefined in expected), case[0]


def test_likelihood_ratios(seeded: np.random.Generator) -> None:
    y, p = decisions(seeded, np.array(["n", "y"]))
    for w in weights(y.size, seeded):
        agree("class_likelihood_ratios", y, p, sample_weight=w)
        agree("class_likelihood_ratios", y, p, sample_weight=w, labels=["y", "n"])
    agree("class_likelihood_ratios", [0, 1], [0, 0], replace_undefined_by=1.0)
    agree("class_likelihood_ratios", [0, 1], [1, 1], replace_undefined_by={"LR+": 2.0, "LR-": 0.5})
    agree("class_likelihood_ratios", [0, 1], [1, 1], replace_undefined_by={"LR+": 0.0, "LR-": 0.5})
    agree("class_likelihood_ratios", [0, 1, 2], [1, 1, 0])


@pytest.mark.parametrize("names", [None, ["one", "two", "three"]])
def test_reports_are_the_same_text(seeded: np.random.Generator, names: list | None) -> None:
    y, p = decisions(seeded, np.array(["a", "b", "c"]))
    y[:3], p[:3] = ["a", "b", "c"], ["c", "b", "a"]
    for options in (
        {},
        {"digits": 4},
        {"labels": ["c", "a", "b"]},
        {"sample_weight": seeded.random(y.size)},
    ):
        given = {"target_names": names, "zero_division": 0, **options}
        assert ours.classification_report(y, p, **given) == theirs.classification_report(
            y, p, **given
        )
        made = ours.classification_report(y, p, output_dict=True, **given)
        expected = theirs.classification_report(y, p, output_dict=True, **given)
        assert made.keys() == expected.keys()
        for key, value in expected.items():
            assert made[key] == pytest.approx(value)
    some = {"labels": ["a", "b"], "zero_division": 0}
    assert ours.classification_report(y, p, **some) == theirs.classification_report(y, p, **some)


def test_gains(seeded: np.random.Generator) -> None:
    y, s = seeded.integers(0, 4, (20, 6)), np.round(seeded.random((20, 6)), 1)
    y[0] = 0
    for w in (None, seeded.random(20)):
        for k in (None, 1, 3):
            for ignore_ties in (False, True):
                given = {"k": k, "sample_weight": w, "ignore_ties": ignore_ties}
                score = s if not ignore_ties else seeded.random((20, 6))
                agree("ndcg_score", y, score, **given)
                agree("dcg_score", y, score, log_base=3, **given)
    agree("ndcg_score", -y, s)
    agree("ndcg_score", y[:, :1], s[:, :1])


@pytest.mark.parametrize("kind", [int, str, object])
def test_accuracy_warns_of_a_dominant_class(kind: Any) -> None:
    y = np.repeat(["no", "yes"], [970, 30]).astype(object if kind is object else str)
    if kind is int:
        y = (y == "yes").astype(int)
    said = np.full_like(y, y[0])
    with pytest.warns(UserWarning, match=rf"97.0 % .* class {y.tolist()[0]!r}.* accuracy 0.970"):
        assert ours.accuracy_score(y, said) == 0.97
    weight = np.repeat([1.0, 30.0], [970, 30])  # weighed so that the classes are nearly equal
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ours.accuracy_score(y, said, sample_weight=weight)
        ours.accuracy_score(y[:25], said[:25])
        ours.accuracy_score(np.eye(40, dtype=int), np.eye(40, dtype=int))


def test_a_confusion_matrix_is_drawn() -> None:
    import json

    import vl_convert

    from zhixing.workbench.report.plots_classification import confusion

    table = ours.confusion_matrix(["a", "b", "b", "c"], ["a", "b", "c", "c"])
    spec = json.dumps(confusion(["a", "b", "c"], table.tolist()))
    for token, colour in (
        ("@paper", "#fff"),
        ("@wash", "#eee"),
        ("@accent", "#05c"),
        ("@ink", "#000"),
    ):
        spec = spec.replace(token, colour)
    drawn = vl_convert.vegalite_to_svg(spec)
    assert drawn.startswith("<svg") and "predicted" in drawn and "truth" in drawn
    assert drawn.count('role="graphics-symbol"') >= 9
