"""Do the intervals of the metrics cover as often as they say?  ``python -m benchmarks.study_intervals
[sims]``

Each row draws fresh tables from a known distribution, asks the metric for its 95 % interval, and counts how
often the true value lies inside.  The truth is the metric on two million rows.  A coverage outside the
binomial bounds of 95 % is marked.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import expit
from scipy.stats import binom

from zhixing import metrics

CONFIDENCE, TRUTH_ROWS = 0.95, 2_000_000
SIZES = (100, 300, 1000)


@dataclass(frozen=True)
class Scenario:
    """A metric, the rows it is computed on, and options."""

    name: str
    draw: Callable[[int, np.random.Generator], tuple]
    metric: Callable
    options: dict

    def truth(self, rows: int = TRUTH_ROWS) -> float:
        return float(self.metric(*self.draw(rows, np.random.default_rng(99)), **self.options))

    def covers(self, n: int, truth: float, rng: np.random.Generator) -> bool:
        e = self.metric(*self.draw(n, rng), confidence=CONFIDENCE, **self.options)
        return bool(e.low <= truth <= e.high)


def binary(share: float, gap: float) -> Callable[[int, np.random.Generator], tuple]:
    """Normal scores, `gap` apart, turned to calibrated probabilities; (y, probability)."""

    def draw(n: int, rng: np.random.Generator) -> tuple:
        y = (rng.random(n) < share).astype(int)
        # Both classes are there, as in any split that is stratified.
        y[0], y[1] = 0, 1
        s = rng.normal(size=n) + gap * y
        return y, expit(gap * (s - gap / 2) + np.log(share / (1 - share)))

    return draw


def labels(share: float, gap: float) -> Callable[[int, np.random.Generator], tuple]:
    scores = binary(share, gap)

    def draw(n: int, rng: np.random.Generator) -> tuple:
        y, p = scores(n, rng)
        return y, (p > 0.5).astype(int)

    return draw


def classes(n: int, rng: np.random.Generator) -> tuple:
    y = rng.choice(4, size=n, p=[0.5, 0.25, 0.15, 0.1])
    y[:4] = range(4)
    wrong = rng.random(n) < 0.3
    return y, np.where(wrong, rng.integers(0, 4, n), y)


def probabilities(n: int, rng: np.random.Generator) -> tuple:
    y = rng.choice(3, size=n, p=[0.5, 0.3, 0.2])
    y[:3] = range(3)
    z = rng.normal(size=(n, 3))
    z[np.arange(n), y] += 1.2
    p = np.exp(z)
    return y, p / p.sum(axis=1, keepdims=True)


def numbers(noise: str) -> Callable[[int, np.random.Generator], tuple]:
    def draw(n: int, rng: np.random.Generator) -> tuple:
        x = rng.normal(size=n)
        e = rng.normal(size=n) if noise == "normal" else rng.standard_t(5, size=n)
        return 2.0 * x + e, 1.9 * x

    return draw


def counts(n: int, rng: np.random.Generator) -> tuple:
    m = np.exp(0.5 * rng.normal(size=n) + 1.0)
    return rng.poisson(m).astype(float), m


def s(name: str, draw: Callable, metric: Callable, **options: object) -> Scenario:
    return Scenario(name, draw, metric, options)


SCENARIOS = [
    s("accuracy", labels(0.3, 1.5), metrics.accuracy_score),
    s("precision", labels(0.3, 1.5), metrics.precision_score),
    s("recall", labels(0.3, 1.5), metrics.recall_score),
    s("F1", labels(0.3, 1.5), metrics.f1_score),
    s("F2", labels(0.3, 1.5), metrics.fbeta_score, beta=2),
    s("Jaccard", labels(0.3, 1.5), metrics.jaccard_score),
    s("balanced accuracy", labels(0.3, 1.5), metrics.balanced_accuracy_score),
    s("Matthews", labels(0.3, 1.5), metrics.matthews_corrcoef),
    s("kappa", labels(0.3, 1.5), metrics.cohen_kappa_score),
    s("F1 macro, 4 classes", classes, metrics.f1_score, average="macro"),
    s("F1 weighted, 4 classes", classes, metrics.f1_score, average="weighted"),
    s("precision macro, 4 classes", classes, metrics.precision_score, average="macro"),
    s("balanced accuracy, 4 classes", classes, metrics.balanced_accuracy_score),
    s("Matthews, 4 classes", classes, metrics.matthews_corrcoef),
    s("kappa quadratic, 4 classes", classes, metrics.cohen_kappa_score, weights="quadratic"),
    s("ROC AUC 0.86", binary(0.3, 1.5), metrics.roc_auc_score),
    s("ROC AUC 0.98", binary(0.3, 3.0), metrics.roc_auc_score),
    s("ROC AUC 0.86, 10 % positive", binary(0.1, 1.5), metrics.roc_auc_score),
    s("partial AUC, fpr < 0.2", binary(0.3, 1.5), metrics.roc_auc_score, max_fpr=0.2),
    s("ROC AUC ovr", probabilities, metrics.roc_auc_score, multi_class="ovr"),
    s(
        "ROC AUC ovr weighted",
        probabilities,
        metrics.roc_auc_score,
        multi_class="ovr",
        average="weighted",
    ),
    s("ROC AUC ovo", probabilities, metrics.roc_auc_score, multi_class="ovo"),
    s("average precision", binary(0.3, 1.5), metrics.average_precision_score),
    s("average precision, 10 %", binary(0.1, 1.5), metrics.average_precision_score),
    s("average precision, 3 classes", probabilities, metrics.average_precision_score),
    s("log loss", binary(0.3, 1.5), metrics.log_loss),
    s("log loss, 3 classes", probabilities, metrics.log_loss),
    s("Brier score", binary(0.3, 1.5), metrics.brier_score_loss),
    s("D2 log loss", binary(0.3, 1.5), metrics.d2_log_loss_score),
    s("D2 Brier", binary(0.3, 1.5), metrics.d2_brier_score),
    s("calibration error", probabilities, metrics.expected_calibration_error, n_bins=5),
    s("MSE", numbers("normal"), metrics.mean_squared_error),
    s("MSE, t5 noise", numbers("t5"), metrics.mean_squared_error),
    s("RMSE", numbers("normal"), metrics.root_mean_squared_error),
    s("MAE", numbers("normal"), metrics.mean_absolute_error),
    s("median absolute error", numbers("normal"), metrics.median_absolute_error),
    s("R2", numbers("normal"), metrics.r2_score),
    s("R2, t5 noise", numbers("t5"), metrics.r2_score),
    s("explained variance", numbers("normal"), metrics.explained_variance_score),
    s("D2 absolute error", numbers("normal"), metrics.d2_absolute_error_score),
    s("pinball 0.9", numbers("normal"), metrics.mean_pinball_loss, alpha=0.9),
    s("Poisson deviance", counts, metrics.mean_poisson_deviance),
    s("D2 Poisson", counts, metrics.d2_tweedie_score, power=1),
]


def coverage(scenario: Scenario, truth: float, n: int, sims: int, seed: int = 0) -> float:
    """Share of `sims` intervals that hold the truth."""
    rng = np.random.default_rng(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(np.mean([scenario.covers(n, truth, rng) for _ in range(sims)]))


def row(scenario: Scenario, sims: int, bounds: tuple[float, float]) -> str:
    """A line of the table: the coverage at each size, marked where it leaves the bounds."""
    cells, truth = [], scenario.truth()
    for n in SIZES:
        share = coverage(scenario, truth, n, sims)
        side = "low" if share < bounds[0] else "high" if share > bounds[1] else ""
        cells.append(f"{share:.3f} {side}".strip())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = scenario.metric(
            *scenario.draw(300, np.random.default_rng(0)), confidence=CONFIDENCE, **scenario.options
        )
    return f"| {scenario.name} | {made.method} | " + " | ".join(cells) + " |"


def main(arguments: list[str]) -> None:
    sims = int(arguments[0]) if arguments else 2000
    words = arguments[1:]
    low, high = (float(b) / sims for b in binom.ppf([0.0005, 0.9995], sims, CONFIDENCE))
    lines = [
        INTRODUCTION.format(sims=sims, low=low, high=high),
        "| interval | method | " + " | ".join(f"n = {n}" for n in SIZES) + " |",
        "|---" * (2 + len(SIZES)) + "|",
    ]
    print("\n".join(lines), flush=True)
    for scenario in SCENARIOS:
        if not words or any(w in scenario.name for w in words):
            lines.append(row(scenario, sims, (low, high)))
            print(lines[-1], flush=True)
    if not words:
        (Path(__file__).parent / "STUDY_INTERVALS.md").write_text("\n".join(lines) + "\n")


INTRODUCTION = """# Do the intervals of the metrics cover as often as they say?

Written by `python -m benchmarks.study_intervals`; do not edit.  Each cell is the share of {sims}
tables of n rows, drawn from a known distribution, whose 95 % interval holds the true value.  A true
coverage of exactly 95 % stays within {low:.3f} to {high:.3f} in 99.9 % of such studies; what leaves it is
marked.  Ten positives, and squares of heavy tails, are where the theory is thinnest.
"""


if __name__ == "__main__":
    main(sys.argv[1:])
