"""The scores of two classes sorted apart: buckets of similar value first, then each bucket in the cache.

A vectorised sort of four thousand doubles runs at three times the speed, by the row, of one of a million, and
buckets are independent work for threads.
"""

from __future__ import annotations

import numpy as np

from ..core.arrays import writable
from ..core.parallel import each, slices
from ..kernels.bucket_rows import count_buckets, fill_buckets, fill_weighted_buckets

#: Fewer rows than this are sorted directly.
MANY = 1 << 19
BUCKETS, SAMPLE, CHUNK = 2048, 4096, 1 << 18

#: Negative and positive scores, ascending, and their weights in the same order (None without).
Halves = tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray] | None]


def sort_classes(positive: np.ndarray, score: np.ndarray, weight: np.ndarray | None) -> Halves:
    """Scores of the negative and of the positive rows, each ascending, with the weights beside them.

    Scores are finite float64.  The same result as `sort_classes_reference`, but for the order of the weights
    within equal scores.
    """
    if score.size < MANY:
        return sort_classes_reference(positive, score, weight)
    score, positive = writable(score), writable(positive)
    place = _range(score)
    pieces = slices(score.size, CHUNK)
    tasks = range(len(pieces))
    counts = np.zeros((len(pieces), 2, BUCKETS), dtype=np.int64)
    each(lambda k: count_buckets(score[pieces[k]], positive[pieces[k]], *place, counts[k]), tasks)
    # A row of class c, bucket b and chunk k follows all earlier buckets, and its bucket's earlier chunks.
    ordered = counts.transpose(1, 2, 0).reshape(-1)
    starts = (np.cumsum(ordered) - ordered).reshape(2, BUCKETS, len(pieces))
    edges = np.append(starts[:, :, 0].reshape(-1), score.size)
    starts = np.ascontiguousarray(starts.transpose(2, 0, 1))
    found = np.empty(score.size)
    found_weight = None if weight is None else np.empty(score.size)

    def fill(k: int) -> None:
        rows = score[pieces[k]], positive[pieces[k]]
        if weight is None:
            fill_buckets(*rows, *place, starts[k], found)
        else:
            fill_weighted_buckets(
                *rows, writable(weight)[pieces[k]], *place, starts[k], found, found_weight
            )

    each(fill, tasks)
    groups = slices(2 * BUCKETS, 64)
    each(lambda g: _sort_buckets(found, found_weight, edges[g.start : g.stop + 1]), groups)
    middle = edges[BUCKETS]
    halves = found[:middle], found[middle:]
    return halves, None if found_weight is None else (found_weight[:middle], found_weight[middle:])


def _sort_buckets(score: np.ndarray, weight: np.ndarray | None, edges: np.ndarray) -> None:
    for start, stop in zip(edges[:-1].tolist(), edges[1:].tolist()):
        if stop - start < 2:
            continue
        part = score[start:stop]
        if weight is None:
            part.sort()
            continue
        order = part.argsort()
        score[start:stop] = part[order]
        weight[start:stop] = weight[start:stop][order]


def _range(score: np.ndarray) -> tuple[float, int, int]:
    """Origin, least key and shift of the buckets, so that 98 % of a sample lies between the ends."""
    sample = np.sort(score[:: max(1, score.size // SAMPLE)])
    cut = sample.size // 100
    origin = float(sample[cut // 2])
    with np.errstate(over="ignore"):
        ends = np.maximum(sample[[cut, sample.size - 1 - cut]] - origin, 0.0)
    low, high = (int(k) for k in ends.view(np.int64))
    return origin, low, max(0, ((high - low) // BUCKETS).bit_length())


def sort_classes_reference(
    positive: np.ndarray, score: np.ndarray, weight: np.ndarray | None
) -> Halves:
    """The definition: each class picked out and sorted."""
    if weight is None:
        halves = each(lambda rows: np.sort(score[rows]), [~positive, positive])
        return (halves[0], halves[1]), None

    def one(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        order = np.argsort(score[rows])
        return score[rows][order], weight[rows][order]

    (a, v), (b, w) = each(one, [~positive, positive])
    return (a, b), (v, w)
