"""``1 - loss / loss of a constant``: what R2, explained variance and every D2 have in common."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.estimate import Estimate
from .interval import by_influence
from .outputs import Pair, output_shares


def explained(
    losses: np.ndarray,
    null_losses: np.ndarray,
    given: Pair,
    multioutput: Any = "uniform_average",
    force_finite: bool = True,
    confidence: float | None = None,
) -> float | np.ndarray | Estimate | list[Estimate]:
    """``1 - mean(losses) / mean(null_losses)`` by output, then averaged over the outputs.

    The influence of row i is ``-(l_i - (1 - D) l0_i) / mean(l0)``.  The constant behind the null
    loss minimises it, so its own estimation adds nothing to first order (the envelope theorem).
    """
    top, bottom = (np.atleast_1d(given.mean(a)) for a in (losses, null_losses))
    if confidence is None:
        return share_of(top, bottom, multioutput, force_finite)
    weighted = isinstance(multioutput, str) and multioutput == "variance_weighted"
    if weighted and bottom.size > 1 and bottom.any() and force_finite:
        # Weighting each score by its null loss is the ratio of the sums over the outputs.
        some = bottom != 0
        totals = losses[:, some].sum(axis=1), null_losses[:, some].sum(axis=1)
        return explained(*totals, given, "uniform_average", force_finite, confidence)
    scores = _ratio(top, bottom, force_finite)
    shares = output_shares(multioutput, scores.size)
    columns = zip(losses.reshape(len(losses), -1).T, null_losses.reshape(len(losses), -1).T)
    influences = [
        np.full(l.size, np.nan) if not b else -(l - (1.0 - s) * l0) / b
        for (l, l0), s, b in zip(columns, scores, bottom)
    ]
    if shares is None:
        return [_interval(s, psi, given, confidence) for s, psi in zip(scores, influences)]
    psi = sum(a * i for a, i in zip(shares, influences))
    return _interval(float(scores @ shares), np.asarray(psi), given, confidence)


def share_of(
    top: np.ndarray, bottom: np.ndarray, multioutput: Any, force_finite: bool
) -> float | np.ndarray:
    """``1 - top / bottom`` by output, averaged as asked."""
    scores = _ratio(top, bottom, force_finite)
    shares = output_shares(multioutput, scores.size)
    if isinstance(multioutput, str) and multioutput == "variance_weighted" and bottom.any():
        shares = bottom / bottom.sum()
    return scores if shares is None else float(scores @ shares)


def _interval(value: float, psi: np.ndarray, given: Pair, confidence: float) -> Estimate:
    if value >= 1.0:
        return by_influence(float(value), psi, given.weight, confidence)
    return by_influence(float(value), psi, given.weight, confidence, scale="log complement")


def _ratio(top: np.ndarray, bottom: np.ndarray, force_finite: bool) -> np.ndarray:
    if not force_finite:
        with np.errstate(divide="ignore", invalid="ignore"):
            return 1.0 - top / bottom
    scores = np.ones(top.size)
    some = bottom != 0
    scores[some] = 1.0 - top[some] / bottom[some]
    scores[~some & (top != 0)] = 0.0
    return scores
