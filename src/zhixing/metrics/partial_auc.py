"""The area under the ROC curve left of a false-positive rate."""

from __future__ import annotations

import numpy as np

from ..core.estimate import Estimate
from .bootstrap import percentile
from .sorted_scores import TwoClasses, thresholds

#: Bootstrap replicates and seed of the partial area's interval.
REPLICATES, SEED = 1000, 0


def partial_area(two: TwoClasses, max_fpr: float) -> float:
    """McClish's (1989) standardised area up to `max_fpr`: 0.5 for chance, 1 for perfect."""
    _, tps, fps = thresholds(two)
    return float(_standardised(tps[None], fps[None], max_fpr)[0])


def _standardised(tps: np.ndarray, fps: np.ndarray, max_fpr: float) -> np.ndarray:
    # One curve a row; the part of each step that lies right of max_fpr is cut off.
    tpr = np.pad(tps / tps[:, -1:], ((0, 0), (1, 0)))
    fpr = np.pad(fps / fps[:, -1:], ((0, 0), (1, 0)))
    width = np.diff(fpr, axis=1)
    inside = np.clip(max_fpr - fpr[:, :-1], 0.0, width)
    rise = np.divide(inside, width, out=np.zeros_like(width), where=width > 0) * np.diff(
        tpr, axis=1
    )
    raw = (inside * (tpr[:, :-1] + 0.5 * rise)).sum(axis=1)
    least, most = 0.5 * max_fpr**2, max_fpr
    return 0.5 * (1.0 + (raw - least) / (most - least))


def partial_interval(two: TwoClasses, max_fpr: float, confidence: float) -> Estimate:
    """Percentile bootstrap within each class: counts at the distinct scores are drawn, never the rows."""
    _, tps, fps = thresholds(two)
    rng = np.random.default_rng(SEED)
    steps = [np.diff(counts, prepend=0.0) for counts in (tps, fps)]

    def draw(replicates: int) -> np.ndarray:
        drawn = [rng.multinomial(round(s.sum()), s / s.sum(), size=replicates) for s in steps]
        curves = [np.cumsum(d, axis=1, dtype=np.float64) for d in drawn]
        return _standardised(curves[0], curves[1], max_fpr)

    per_block = max(1, min(REPLICATES, 4_000_000 // tps.size))
    blocks = [draw(min(per_block, REPLICATES - i)) for i in range(0, REPLICATES, per_block)]
    return percentile(partial_area(two, max_fpr), np.concatenate(blocks), confidence)
