"""Ranking by LambdaRank: rows compete within their query."""

from __future__ import annotations

import numpy as np

from ..core.parallel import each, slices
from ..kernels.lambda_rank import lambda_rank

#: Queries a task takes at a time.
BLOCK = 64


class RankObjective:
    """LambdaRank (Burges 2010, section 4): pushes of pairs, weighed by what swapping them does to NDCG.

    y holds grades, 0 or more; `sizes` the rows of each query, which lie side by side.
    """

    outputs = 1

    def __init__(
        self,
        y: np.ndarray,
        weight: np.ndarray,
        sizes: np.ndarray,
        most: int = 30,
        norm: bool = True,
    ) -> None:
        self.weight, self.most, self.norm = weight, most, norm
        self.y = y
        self.bounds = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self.gain = np.exp2(y) - 1.0
        ideal = [dcg(np.sort(self.gain[a:b])[::-1][:most]) for a, b in self._queries()]
        self.best = 1.0 / np.maximum(ideal, 1e-300) * (np.array(ideal) > 0)

    def _queries(self) -> list[tuple[int, int]]:
        return list(zip(self.bounds[:-1].tolist(), self.bounds[1:].tolist()))

    def start(self) -> np.ndarray:
        return np.zeros(1)

    def derivatives(self, z: np.ndarray, g: np.ndarray, h: np.ndarray) -> None:
        each(
            lambda s: lambda_rank(
                s.start, s.stop, self.bounds, self.gain, z[0], self.best, self.weight, self.most,
                self.norm, g[0], h[0],
            ),
            slices(len(self.bounds) - 1, BLOCK),
        )  # fmt: skip

    def value(self, z: np.ndarray) -> float:
        """1 - NDCG."""
        return 1.0 - self.ndcg(z[0], self.most)

    def leaf(self, z: np.ndarray, k: int) -> None:
        return None

    def ndcg(self, score: np.ndarray, at: int) -> float:
        """Mean over queries of DCG / ideal DCG of the first `at` rows; 1 where no row has a gain."""
        found = []
        for a, b in self._queries():
            ideal = dcg(np.sort(self.gain[a:b])[::-1][:at])
            order = np.argsort(-score[a:b], kind="stable")[:at]
            found.append(dcg(self.gain[a:b][order]) / ideal if ideal > 0 else 1.0)
        return float(np.mean(found))


def dcg(gains: np.ndarray) -> float:
    """Discounted cumulated gain of gains in their order.

    >>> dcg(np.array([3.0, 1.0])).round(4)
    np.float64(3.6309)
    """
    return np.sum(gains / np.log2(2.0 + np.arange(len(gains))))
