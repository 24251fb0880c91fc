"""The shipped tables against scikit-learn's copies and the published facts."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sklearn import datasets as sklearn_datasets

from zhixing import datasets
from zhixing.core.errors import InputError
from zhixing.data import read
from zhixing.datasets.shipped import FOLDER, SHIPPED


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer"])
def test_scikit_learns_own(name):
    ours = getattr(datasets, f"load_{name}")()
    theirs = getattr(sklearn_datasets, f"load_{name}")()
    np.testing.assert_allclose(ours.data, theirs.data)
    np.testing.assert_array_equal(ours.target, theirs.target)
    assert ours.target_names.tolist() == theirs.target_names.tolist()


@pytest.mark.parametrize("name", datasets.names())
def test_every_set_loads_with_its_task(name):
    facts = SHIPPED[name]
    table = read(f"zhixing:{name}", target=facts.target)
    assert table.task == facts.task
    bunch = datasets.load(name, as_frame=True)
    assert len(bunch.target) == len(table) == bunch.frame.height
    X, y = datasets.load(name, return_X_y=True, as_frame="pandas")
    assert list(X.columns) == bunch.feature_names and len(y) == len(X)
    assert facts.licence in bunch.DESCR
    assert f"## {name}\n" in (FOLDER / "LICENCES.md").read_text()


def test_adult_is_the_published_one():
    train, test = (datasets.load_adult(subset=s).frame for s in ("train", "test"))
    assert (train.height, test.height) == (32_561, 16_281)
    assert train["income"].value_counts().sort("income")["count"].to_list() == [24_720, 7_841]
    whole = datasets.load_adult()
    assert "split" not in whole.feature_names and len(whole.feature_names) == 14


def test_all_of_it_is_small():
    assert sum(p.stat().st_size for p in FOLDER.iterdir()) < 1_500_000
    assert {p.stem for p in FOLDER.glob("*.parquet")} == set(SHIPPED)


def test_values_are_those_of_the_source(shared_data):
    for name, facts in SHIPPED.items():
        ours = pl.read_parquet(datasets.path(name)).drop(facts.target)
        theirs = pl.read_parquet(shared_data / f"{name}.parquet").drop(
            "target", "split", strict=False
        )
        assert ours.equals(theirs), name


def test_unknown_names_and_parts():
    with pytest.raises(InputError, match="no shipped data set 'boston'"):
        datasets.load("boston")
    with pytest.raises(ValueError, match="iris has no official part 'train'"):
        datasets.load_iris(subset="train")
