"""Work is bounded by rows, and a sample of rows is a fair one."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from zhixing.data import Table, read
from zhixing.workbench.row_limits import COMPARED, SEARCHED, outputs, rows_within, sample


def table(n: int, **roles: str) -> Table:
    rng = np.random.default_rng(0)
    frame = pl.DataFrame(
        {
            "x": rng.normal(size=n),
            "part": ["train"] * n,
            "who": np.repeat(np.arange(n // 10), 10),
            "when": np.arange(n),
            "y": np.where(np.arange(n) % 20 == 0, "rare", "common"),
        }
    )
    return read(frame, target="y", **roles)


@pytest.mark.parametrize("limit", [SEARCHED, COMPARED])
@pytest.mark.parametrize("k", [None, 2, 3, 26, 1000])
def test_work_is_bounded(limit, k) -> None:
    for features in (1, 30, 1000, 100_000):
        rows = rows_within(limit, features, outputs(k))
        assert limit.least <= rows <= limit.rows
        assert rows == limit.least or rows * features * outputs(k) <= limit.work


def test_a_sample_keeps_shares_groups_and_the_latest() -> None:
    plain = sample(table(1000), 200, seed=1)
    assert len(plain) == 200 and np.mean(plain.codes == plain.codes.min()) in (0.05, 0.95)
    whole = sample(table(1000, group="who"), 200, seed=1)
    counts = np.bincount(whole.groups)
    assert set(counts[counts > 0]) == {10}
    late = sample(table(1000, time="when"), 200, seed=1)
    assert late.time.min() > 0.79 * table(1000, time="when").time.max()


def test_of_an_official_part_a_sample_can_be_drawn() -> None:
    assert len(sample(table(1000, split="part"), 200, seed=1)) == 200
    assert len(sample(table(1000, split="part"), 2000, seed=1)) == 1000
