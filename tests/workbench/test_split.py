"""The held-out rows: proportions, groups, time, seeds, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhixing.core.errors import InputError
from zhixing.data import read
from zhixing.workbench.split import quantile_bins, split


def table(n: int, rng: np.random.Generator, **columns):
    return {"x": rng.normal(size=n), **columns}


def whole(made, n):
    """Every row on exactly one side, both ascending."""
    np.testing.assert_array_equal(np.sort(np.concatenate([made.train, made.test])), np.arange(n))
    assert (np.diff(made.train) > 0).all() and (np.diff(made.test) > 0).all()


@settings(max_examples=40, deadline=None)
@given(
    counts=st.lists(st.integers(2, 60), min_size=2, max_size=6),
    share=st.floats(0.1, 0.5),
    seed=st.integers(0, 99),
)
def test_classes_keep_their_shares(counts, share, seed):
    y = np.repeat([f"c{i}" for i in range(len(counts))], counts)
    rng = np.random.default_rng(seed)
    n = len(y)
    if n < 10:
        return
    source = read(table(n, rng, y=rng.permutation(y)), target="y")
    made = split(source, test_size=share, seed=seed)
    whole(made, n)
    held = np.bincount(source.codes[made.test], minlength=len(counts))
    assert (held >= 1).all() and (held < counts).all()
    assert (np.abs(held - share * np.array(counts)) <= 1).all()


def test_seeds(rng):
    source = read(table(300, rng, y=rng.choice(["a", "b"], 300)), target="y")
    one, same, other = (split(source, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(one.test, same.test)
    assert set(one.test) != set(other.test)


def test_numbers_keep_their_quantiles(rng):
    y = np.exp(3 * rng.normal(size=400))
    made = split(read(table(400, rng, y=y), target="y"), test_size=0.25)
    whole(made, 400)
    bins = quantile_bins(y)
    assert (np.abs(np.bincount(bins[made.test]) - np.bincount(bins) / 4) <= 1).all()
    plain = split(read(table(400, rng, y=y), target="y"), test_size=0.25, stratify=False)
    assert len(plain.test) == 100 and plain.how == "at random"


def test_zero_inflated_counts_are_split():
    y = np.r_[np.zeros(95, dtype=int), 1, 1, 2, 3, 9]
    source = read({"x": np.arange(100) * 0.5, "y": y}, target="y", task="count")
    made = split(source)
    whole(made, 100)
    assert 0.2 <= made.share <= 0.3


def test_groups_stay_together_and_classes_in_proportion(rng):
    group = rng.integers(0, 60, 900)
    y = np.where(rng.random(900) < 0.2 + 0.6 * (group % 2), "a", "b")
    source = read(table(900, rng, g=group, y=y), target="y", group="g")
    made = split(source, test_size=0.25)
    whole(made, 900)
    assert not set(group[made.train]) & set(group[made.test])
    assert made.share == pytest.approx(0.25, abs=0.03)
    assert np.mean(y[made.test] == "a") == pytest.approx(np.mean(y == "a"), abs=0.05)


def test_later_rows_are_held_out(rng):
    day = rng.permutation(500) // 5
    source = read(table(500, rng, t=day, y=rng.normal(size=500)), target="y", time="t")
    made = split(source, test_size=0.2)
    whole(made, 500)
    assert day[made.train].max() < day[made.test].min()
    assert made.share == pytest.approx(0.2, abs=0.02)


def test_one_moment_for_most_rows(rng):
    day = np.r_[np.zeros(50), np.ones(450)]
    source = read(table(500, rng, t=day, y=rng.normal(size=500)), target="y", time="t")
    made = split(source)
    whole(made, 500)
    assert set(day[made.test]) == {1.0} and set(day[made.train]) == {0.0}


def test_groups_that_end_last(rng):
    group, time = np.repeat(np.arange(50), 8), rng.permutation(400)
    source = read(
        table(400, rng, g=group, t=time, y=rng.normal(size=400)), target="y", group="g", time="t"
    )
    made = split(source, test_size=0.2)
    whole(made, 400)
    assert not set(group[made.train]) & set(group[made.test])
    end = [time[group == g].max() for g in range(50)]
    held = set(group[made.test])
    assert min(end[g] for g in held) > max(end[g] for g in range(50) if g not in held)


def test_official_parts(rng):
    part = ["train"] * 80 + ["Test"] * 20
    columns = table(100, rng, part=part, y=rng.normal(size=100))
    made = split(read(columns, target="y", split="part"))
    np.testing.assert_array_equal(made.test, np.arange(80, 100))
    columns["part"] = ["a"] * 80 + ["b"] * 20
    with pytest.raises(InputError, match="no row of 'part' is called 'test'; there are 'a', 'b'"):
        split(read(columns, target="y", split="part"))


@pytest.mark.parametrize("n", [12, 57, 150, 286, 300, 1001])
def test_tables_of_any_size(rng, n):
    source = read(table(n, rng, y=np.arange(n) % 3), target="y", task="multiclass")
    made = split(source)
    whole(made, n)
    assert len(made.test) >= 3 and 0.15 <= made.share <= 0.35


@pytest.mark.parametrize(
    ("columns", "options", "what"),
    [
        ({"y": [0, 1] * 4}, {}, "8 rows are too few"),
        ({"y": [0, 1] * 20, "g": ["one"] * 40}, {"group": "g"}, "one group only"),
        (
            {"y": [0] * 36 + [1] * 4, "t": list(range(40))},
            {"time": "t"},
            "every row to learn from would be of one class",
        ),
        ({"y": [0.5, 1.5] * 20, "t": [7] * 40}, {"time": "t"}, "no row would be"),
        (
            {"y": [0, 1] * 20, "p": ["test"] * 40},
            {"split": "p"},
            "no row would be learned from",
        ),
    ],
)
def test_what_cannot_be_split(rng, columns, options, what):
    n = len(columns["y"])
    with pytest.raises(InputError) as caught:
        split(read(table(n, rng, **columns), target="y", **options))
    assert what in str(caught.value)


def test_bad_share(rng):
    with pytest.raises(InputError, match="not between 0 and 1"):
        split(read(table(40, rng, y=[0, 1] * 20), target="y"), test_size=1.5)
