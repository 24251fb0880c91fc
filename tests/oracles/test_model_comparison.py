"""Comparisons agree with SciPy, statsmodels, closed forms and published numbers."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import optimize, stats
from sklearn import metrics as sk
from statsmodels.stats.contingency_tables import mcnemar as sm_mcnemar
from statsmodels.stats.multitest import multipletests

from zhixing import model_comparison as mc
from zhixing.model_comparison.mcnemar import mcnemar_p, tango_interval, tango_score
from zhixing.model_comparison.measures import MEASURES, measure
from zhixing.model_comparison.pairing import pair
from zhixing.model_comparison.signed_ranks import hodges_lehmann, signed_rank_null


@pytest.mark.parametrize("b,c", [(0, 0), (0, 5), (3, 11), (7, 7), (40, 22), (121, 59)])
def test_mcnemar_statsmodels(b: int, c: int) -> None:
    table = np.array([[50, b], [c, 30]])
    assert mcnemar_p(b, c, "exact")[1] == pytest.approx(sm_mcnemar(table, exact=True).pvalue)
    if b != c:  # there statsmodels corrects a gap of 0 to 1
        for method, correction in (("chi2", True), ("asymptotic", False)):
            theirs = sm_mcnemar(table, exact=False, correction=correction)
            assert mcnemar_p(b, c, method) == pytest.approx((theirs.statistic, theirs.pvalue))


def test_mcnemar_published() -> None:
    """Bentur et al. (2009), table 1 of Fagerland et al. (2013): 1 and 7 discordant pairs of 21."""
    assert mcnemar_p(1, 7, "asymptotic")[1] == pytest.approx(0.034, abs=5e-4)
    assert mcnemar_p(1, 7, "exact")[1] == pytest.approx(0.070, abs=5e-4)
    assert mcnemar_p(1, 7, "chi2")[1] == pytest.approx(0.077, abs=5e-4)
    assert mcnemar_p(1, 7, "mid-p")[1] == pytest.approx(0.039, abs=5e-4)


@pytest.mark.parametrize("b,c,n,delta", [(12, 3, 60, 0.05), (0, 9, 40, -0.3), (5, 5, 20, 0.1)])
def test_tango_is_the_constrained_likelihood(b: int, c: int, n: int, delta: float) -> None:
    def minus_log_likelihood(q: float) -> float:
        p = np.array([q + delta, q, 1 - 2 * q - delta])
        return -float(np.sum(np.where([b, c, n - b - c], [b, c, n - b - c] * np.log(p), 0.0)))

    low = max(0.0, -delta)
    q = optimize.minimize_scalar(
        minus_log_likelihood, bounds=(low + 1e-12, (1 - delta) / 2 - 1e-12), method="bounded"
    ).x
    score = (b - c - n * delta) / np.sqrt(n * (2 * q + delta - delta**2))
    assert tango_score(b, c, n, delta) == pytest.approx(score, rel=1e-4)
    low, high = tango_interval(b, c, n, 0.95)
    for end, sign in ((low, 1), (high, -1)):
        assert tango_score(b, c, n, end) == pytest.approx(sign * 1.959964, abs=1e-4)


def _predictions(rng: np.random.Generator, k: int) -> tuple[np.ndarray, ...]:
    y = rng.integers(0, k, 120)
    a, b = (np.where(rng.random(120) < keep, y, rng.integers(0, k, 120)) for keep in (0.6, 0.7))
    return y, a, b


ORACLES = {
    "accuracy": sk.accuracy_score,
    "balanced_accuracy": sk.balanced_accuracy_score,
    "matthews_corrcoef": sk.matthews_corrcoef,
    "log_loss": sk.log_loss,
    "brier_score": sk.brier_score_loss,
    "mean_squared_error": sk.mean_squared_error,
    "root_mean_squared_error": sk.root_mean_squared_error,
    "mean_absolute_error": sk.mean_absolute_error,
    "mean_absolute_percentage_error": sk.mean_absolute_percentage_error,
    "mean_poisson_deviance": sk.mean_poisson_deviance,
    "mean_gamma_deviance": sk.mean_gamma_deviance,
    "r2": sk.r2_score,
    "roc_auc": sk.roc_auc_score,
    "average_precision": sk.average_precision_score,
} | {
    f"{name}{'_' + how if how != 'binary' else ''}": (
        lambda y, p, f=function, how=how: f(y, p, average=how, zero_division=0)
    )
    for name, function in (
        ("precision", sk.precision_score),
        ("recall", sk.recall_score),
        ("f1", sk.f1_score),
    )
    for how in ("binary", "micro", "macro", "weighted")
}


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_measures_scikit_learn(name: str, rng: np.random.Generator) -> None:
    """Each metric, also of resamples: a resample is a row of counts."""
    kind = measure(name).kind
    k = 2 if kind != "labels" or name in ("precision", "recall", "f1") else 4
    y, a, b = _predictions(rng, k)
    if kind == "probabilities":
        y = rng.integers(0, 3, 120)
        a, b = rng.dirichlet(np.ones(3), 120), rng.dirichlet(np.ones(3), 120)
    elif kind == "values":
        y, a, b = rng.gamma(2.0, 1.0, (3, 120)) + 0.1
    elif kind == "ranks":
        a, b = np.round(y + rng.normal(size=120), 1), y + rng.normal(size=120)
    paired = pair(y, a, b, name)
    counts = rng.multinomial(120, np.full(120, 1 / 120), size=3)
    for statistic, prediction in zip(paired.statistics(), (a, b)):
        for row, value in zip(counts, statistic(counts)):
            rows = np.repeat(np.arange(120), row)
            assert value == pytest.approx(ORACLES[name](y[rows], prediction[rows]), abs=1e-12)
    assert paired.scores() == pytest.approx((ORACLES[name](y, a), ORACLES[name](y, b)), abs=1e-12)


def test_binary_probabilities_as_one_column(rng: np.random.Generator) -> None:
    y, p = rng.integers(0, 2, 50), rng.random((2, 50))
    for name in ("log_loss", "brier_score"):
        scores = pair(y, p[0], p[1], name).scores()
        assert scores == pytest.approx((ORACLES[name](y, p[0]), ORACLES[name](y, p[1])))


def test_several_outputs(rng: np.random.Generator) -> None:
    y, a, b = rng.normal(size=(3, 40, 3))
    for name in ("r2", "mean_squared_error", "mean_absolute_error"):
        assert pair(y, a, b, name).scores() == pytest.approx(
            (ORACLES[name](y, a), ORACLES[name](y, b))
        )


@pytest.mark.parametrize("method", ["percentile", "bca"])
def test_bootstrap_scipy(method: str, rng: np.random.Generator) -> None:
    """SciPy's interval at the level that our stretched quantiles ask for."""
    a, b = rng.lognormal(size=(2, 60))
    ours = mc.paired_bootstrap(
        np.zeros(60), a, b, "mean_absolute_error", method=method, n_resamples=40_000
    )
    stretch = np.sqrt(60 / 59) * stats.t.ppf(0.975, 59) / stats.norm.ppf(0.975)
    theirs = stats.bootstrap(
        (a, b),
        lambda a, b, axis: a.mean(axis) - b.mean(axis),
        paired=True,
        n_resamples=40_000,
        confidence_level=1 - 2 * stats.norm.sf(stretch * stats.norm.ppf(0.975)),
        method=method,
        rng=np.random.default_rng(1),
    )
    width = ours.difference.high - ours.difference.low
    expected = theirs.confidence_interval
    assert ours.difference.low == pytest.approx(expected.low, abs=0.02 * width)
    assert ours.difference.high == pytest.approx(expected.high, abs=0.02 * width)
    assert ours.difference.std_error == pytest.approx(theirs.standard_error, rel=0.02)


def test_bootstrap_cells_are_rows(rng: np.random.Generator) -> None:
    """Resampling counts of cells is resampling rows: the definition, against the fast form."""
    y, a, b = _predictions(rng, 2)
    fast = mc.paired_bootstrap(y, a, b, "f1", n_resamples=20_000)
    plain = mc.paired_bootstrap(
        y, a, b, lambda y, p: 2 * np.sum(y & p) / np.sum(y + p), n_resamples=4000
    )
    assert fast.difference.std_error == pytest.approx(plain.difference.std_error, rel=0.08)
    assert fast.difference.value == pytest.approx(plain.difference.value)
    assert abs(fast.difference.low - plain.difference.low) < 0.25 * fast.difference.std_error


def test_permutation_enumerates(rng: np.random.Generator) -> None:
    """All patterns against a plain loop, for a metric that is no mean."""
    y, a, b = rng.normal(size=(3, 8))
    swaps = itertools.product((False, True), repeat=8)
    null = []
    for swap in swaps:
        first, second = np.where(swap, b, a), np.where(swap, a, b)
        null.append(sk.r2_score(y, first) - sk.r2_score(y, second))
    observed = sk.r2_score(y, a) - sk.r2_score(y, b)
    expected = np.mean(np.abs(null) >= abs(observed) - 1e-12)
    assert mc.permutation_test(y, a, b, "r2").p_value == pytest.approx(expected)


def test_permutation_scipy(rng: np.random.Generator) -> None:
    a, b = rng.normal(size=(2, 12)) + np.array([[0.6], [0.0]])
    theirs = stats.permutation_test(
        (a, b),
        lambda a, b, axis: a.mean(axis) - b.mean(axis),
        permutation_type="samples",
        n_resamples=np.inf,
    )
    y = np.full(12, -20.0)  # below every prediction, so that errors are predictions
    assert mc.permutation_test(y, a, b, "mean_absolute_error").p_value == pytest.approx(
        theirs.pvalue
    )


def test_permutation_of_accuracy_is_mcnemar(rng: np.random.Generator) -> None:
    y, a, b = _predictions(rng, 2)
    small = mc.permutation_test(y[:40], a[:40], b[:40], n_permutations=2**20)
    exact = mc.mcnemar(y[:40], a[:40], b[:40], method="exact")
    assert small.p_value == pytest.approx(exact.p_value)
    drawn = mc.permutation_test(y, a, b, n_permutations=50_000)
    whole = mc.mcnemar(y, a, b, method="exact")
    assert drawn.p_value == pytest.approx(whole.p_value, abs=0.01)


def test_delong_by_definition(rng: np.random.Generator) -> None:
    y = rng.permutation(np.repeat([0, 1], [40, 25]))
    scores = np.round(y + rng.normal(size=(2, 65)), 1)
    placed = [
        (s[y == 1][:, None] > s[y == 0]) + 0.5 * (s[y == 1][:, None] == s[y == 0]) for s in scores
    ]
    of_pos = np.array([m.mean(axis=1) for m in placed])
    of_neg = np.array([m.mean(axis=0) for m in placed])
    covariance = np.cov(of_pos) / 25 + np.cov(of_neg) / 40
    contrast = np.array([1, -1])
    ours = mc.delong(y, scores[0], scores[1])
    assert ours.scores == pytest.approx([sk.roc_auc_score(y, s) for s in scores])
    assert ours.difference.std_error == pytest.approx(np.sqrt(contrast @ covariance @ contrast))


def test_corrected_ttest_closed_form(rng: np.random.Generator) -> None:
    a, b = rng.normal(size=(2, 30))
    ours = mc.corrected_ttest(a, b, 90, 10)
    d = a - b
    t = d.mean() / np.sqrt((1 / 30 + 1 / 9) * d.var(ddof=1))
    assert ours.statistic == pytest.approx(t)
    assert ours.p_value == pytest.approx(2 * stats.t.sf(abs(t), 29))
    plain = mc.corrected_ttest(a, b, 1e12, 1e-6)  # nothing shared: the textbook test
    assert plain.p_value == pytest.approx(stats.ttest_rel(a, b).pvalue)


def test_bayesian_ttest_by_sampling(rng: np.random.Generator) -> None:
    """The posterior written as a sum over folds, sampled: mean | variance normal, variance chi-square."""
    d = rng.normal(0.01, 0.02, 20)
    ours = mc.bayesian_ttest(d, np.zeros(20), 90, 10, rope=0.01)
    variance = 19 * d.var(ddof=1) / rng.chisquare(19, 400_000)
    draws = d.mean() + np.sqrt(variance * (1 / 20 + 1 / 9)) * rng.normal(size=400_000)
    expected = (draws < -0.01).mean(), (np.abs(draws) <= 0.01).mean(), (draws > 0.01).mean()
    assert ours.probabilities == pytest.approx(expected, abs=0.004)


def test_five_by_two_published() -> None:
    """Both statistics from differences, as Dietterich and Alpaydin define them."""
    from sklearn.datasets import load_breast_cancer
    from sklearn.naive_bayes import GaussianNB
    from sklearn.tree import DecisionTreeClassifier

    from zhixing.model_comparison.cv5x2 import cv5x2_differences

    X, y = load_breast_cancer(return_X_y=True)
    a, b = GaussianNB(), DecisionTreeClassifier(random_state=0)
    p, _ = cv5x2_differences(a, b, X, y, scoring=None, random_state=3)
    s2 = ((p - p.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    t = p[0, 0] / np.sqrt(s2.mean())
    f = (p**2).sum() / (2 * s2.sum())
    by_t = mc.cv5x2_test(a, b, X, y, method="t", random_state=3)
    by_f = mc.cv5x2_test(a, b, X, y, method="F", random_state=3)
    assert (by_t.statistic, by_t.p_value) == pytest.approx((t, 2 * stats.t.sf(abs(t), 5)))
    assert (by_f.statistic, by_f.p_value) == pytest.approx((f, stats.f.sf(f, 10, 5)))


@pytest.mark.parametrize("n", [6, 15, 40])
def test_wilcoxon_scipy(n: int, rng: np.random.Generator) -> None:
    a, b = rng.normal(size=(2, n)) + np.array([[0.3], [0.0]])
    ours = mc.wilcoxon(a, b)
    theirs = stats.wilcoxon(a, b, method="exact")
    assert (ours.statistic, ours.p_value) == pytest.approx((theirs.statistic, theirs.pvalue))


def test_wilcoxon_ties_and_zeros_are_enumerated() -> None:
    a, b = np.array([3, 1, 4, 1, 5, 9, 2, 6]) / 10, np.array([1, 1, 2, 2, 4, 7, 3, 5]) / 10
    d = np.rint(10 * (a - b))
    ranks = stats.rankdata(np.abs(d))[d != 0]
    sums = [np.dot(ranks, s) for s in itertools.product((0, 1), repeat=ranks.size)]
    plus = ranks[d[d != 0] > 0].sum()
    expected = 2 * np.mean(np.array(sums) <= min(plus, ranks.sum() - plus))
    assert mc.wilcoxon(a, b).p_value == pytest.approx(min(1, expected))


def test_wilcoxon_large_is_normal(rng: np.random.Generator) -> None:
    a, b = rng.normal(size=(2, 300)) + np.array([[0.1], [0.0]])
    theirs = stats.wilcoxon(a, b, method="asymptotic", correction=True)
    assert mc.wilcoxon(a, b).p_value == pytest.approx(theirs.pvalue)


def test_hodges_lehmann_inverts_the_test(rng: np.random.Generator) -> None:
    d = rng.normal(0.5, 1.0, 17)
    _, low, high = hodges_lehmann(d, 0.95)
    for end, inward in ((low, 1), (high, -1)):
        outside, inside = end - inward * 1e-9, end + inward * 1e-9
        assert stats.wilcoxon(d - outside, method="exact").pvalue <= 0.05
        assert stats.wilcoxon(d - inside, method="exact").pvalue > 0.05


def test_signed_rank_null_sums_to_one() -> None:
    chances = signed_rank_null(np.array([1.5, 1.5, 3.0, 4.0]))
    assert chances.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(chances, chances[::-1])


def test_sign_test_scipy(rng: np.random.Generator) -> None:
    a, b = rng.normal(size=(2, 25)) + np.array([[0.4], [0.0]])
    wins = int((a > b).sum())
    assert mc.sign_test(a, b).p_value == pytest.approx(stats.binomtest(wins, 25).pvalue)
    low, high = mc.sign_test(a, b).difference[1:3]
    expected = stats.quantile_test(a - b).confidence_interval(0.95)
    assert (low, high) == pytest.approx((expected.low, expected.high))


def test_friedman_scipy(rng: np.random.Generator) -> None:
    scores = np.round(rng.normal(size=(12, 4)), 1)  # with ties
    ours = mc.friedman(scores)
    theirs = stats.friedmanchisquare(*scores.T)
    assert (ours.chi2, ours.p_chi2) == pytest.approx((theirs.statistic, theirs.pvalue))


def test_friedman_published() -> None:
    """Demsar (2006), table 6: four variants of C4.5 on 14 data sets."""
    table = np.array(
        """.763 .768 .771 .798  .599 .591 .590 .569  .954 .971 .968 .967  .628 .661 .654 .657
        .882 .888 .886 .898  .936 .931 .916 .931  .661 .668 .609 .685  .583 .583 .563 .625
        .775 .838 .866 .875  1.000 1.000 1.000 1.000  .940 .962 .965 .962  .619 .666 .614 .669
        .972 .981 .9751 .975  .957 .978 .946 .970""".split(),
        dtype=float,
    ).reshape(14, 4)
    result = mc.friedman(
        {name: table[:, j] for j, name in enumerate(("C4.5", "+m", "+cf", "+m+cf"))}
    )
    assert result.mean_ranks == pytest.approx(
        {"C4.5": 3.143, "+m": 2.000, "+cf": 2.893, "+m+cf": 1.964}, abs=5e-4
    )
    # His chi-square has no correction for ties; ours, as SciPy's, has.
    ranks = np.array(list(result.mean_ranks.values()))
    chi2 = 12 * 14 / (4 * 5) * (np.sum(ranks**2) - 4 * 25 / 4)
    assert chi2 == pytest.approx(9.28, abs=5e-3)
    assert 13 * chi2 / (14 * 3 - chi2) == pytest.approx(3.69, abs=5e-3)
    assert result.chi2 == pytest.approx(stats.friedmanchisquare(*table.T).statistic)
    assert result.statistic == pytest.approx(13 * result.chi2 / (14 * 3 - result.chi2))
    assert result.critical_difference == pytest.approx(2.569 * np.sqrt(4 * 5 / (6 * 14)), abs=1e-3)


@pytest.mark.parametrize(
    "ours,theirs",
    [
        (mc.holm, "holm"),
        (mc.bonferroni, "bonferroni"),
        (mc.benjamini_hochberg, "fdr_bh"),
        (lambda p: mc.benjamini_hochberg(p, dependent=True), "fdr_by"),
    ],
)
def test_multiplicity_statsmodels(ours, theirs: str, rng: np.random.Generator) -> None:  # type: ignore[no-untyped-def]
    p = rng.random(25) ** 2
    np.testing.assert_allclose(ours(p), multipletests(p, method=theirs)[1])
