"""Every estimator of the catalogue comes back with the same parameters and the same answers."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.model_selection import KFold, RepeatedStratifiedKFold
from sklearn.pipeline import FeatureUnion
from sklearn.preprocessing import LabelEncoder

from zhixing import losses, penalties
from zhixing.catalogue import estimators
from zhixing.persist import ModelFileError, inspect, load, save

from .fitted import answers, fitted
from .pipelines import PIPELINES


def equal(a: Any, b: Any) -> bool:
    if sparse.issparse(a):
        return type(a) is type(b) and equal(a.toarray(), b.toarray())
    if isinstance(a, list):
        return len(a) == len(b) and all(map(equal, a, b))
    a, b = np.asarray(a), np.asarray(b)
    if a.dtype == object:
        return a.shape == b.shape and all(x == y or x != x for x, y in zip(a.ravel(), b.ravel()))
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


def _shown(model: Any) -> str:
    return re.sub(r"0x[0-9a-f]+", "", repr(model))


def check(model: Any, X: Any, path: Path) -> Any:
    """Save, load, and compare parameters, attributes and answers."""
    save(model, path)
    back = load(path)
    save(back, path.with_suffix(".again"))
    assert path.read_bytes() == path.with_suffix(".again").read_bytes()
    assert type(back) is type(model)
    assert list(back.get_params(deep=False)) == list(model.get_params(deep=False))
    assert _shown(back) == _shown(model)
    assert vars(back).keys() == vars(model).keys()
    for method, answer in answers(model, X):
        assert equal(answer, dict(answers(back, X))[method]), method
    clone(back)
    return back


@pytest.mark.parametrize("name", sorted(estimators()))
def test_catalogue(name: str, tmp_path: Path) -> None:
    model, X = fitted(name)
    check(model, X, tmp_path / "m")
    assert inspect(tmp_path / "m")["class"] == name
    unfitted = clone(model)
    save(unfitted, tmp_path / "u")
    assert repr(load(tmp_path / "u")) == repr(unfitted)


@pytest.mark.parametrize("package", [losses, penalties])
def test_parts(package: Any, tmp_path: Path) -> None:
    parts = [getattr(package, name) for name in package.__all__]
    parts = [part for part in parts if hasattr(part, "is_part")]
    assert parts
    made = [part() for part in parts if not _needs_arguments(part)]
    save(made, tmp_path / "m")
    assert load(tmp_path / "m") == made


def _needs_arguments(part: Any) -> bool:
    return len(part._field_defaults) < len(part._fields)


@pytest.mark.parametrize("name", PIPELINES)
def test_pipelines(name: str, tmp_path: Path) -> None:
    model, X = PIPELINES[name]()
    check(model, X, tmp_path / "m")
    seen = inspect(tmp_path / "m")
    whole = "workbench.TableModel" if name == "table" else "sklearn.pipeline.Pipeline"
    assert seen["class"] == whole and len(seen["classes"]) > 1


def test_columns_keep_their_places(tmp_path: Path) -> None:
    model, _ = PIPELINES["columns"]()
    save(model, tmp_path / "m")
    back = load(tmp_path / "m")
    assert back[0].output_indices_ == model[0].output_indices_


def test_union_and_output_as_frames(tmp_path: Path) -> None:
    from zhixing.preprocessing import StandardScaler

    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(20, 2)), columns=["a", "b"])
    union = FeatureUnion([("one", StandardScaler()), ("two", StandardScaler(with_mean=False))])
    union.set_output(transform="pandas").fit(frame)
    back = check(union, frame, tmp_path / "m")
    pd.testing.assert_frame_equal(union.transform(frame), back.transform(frame))


def test_splitters_and_encoders(tmp_path: Path) -> None:
    y = np.array([0, 1] * 10)
    for splitter in (
        KFold(3, shuffle=True, random_state=0),
        RepeatedStratifiedKFold(random_state=1),
    ):
        save(splitter, tmp_path / "m")
        for (a, b), (c, d) in zip(splitter.split(y, y), load(tmp_path / "m").split(y, y)):
            assert equal(a, c) and equal(b, d)
    encoder = LabelEncoder().fit(["b", "a", "b"])
    save(encoder, tmp_path / "m")
    assert load(tmp_path / "m").transform(["a", "b"]).tolist() == [0, 1]


def test_metadata_routing_requests(tmp_path: Path) -> None:
    import sklearn

    from zhixing.linear_model import Ridge

    with sklearn.config_context(enable_metadata_routing=True):
        model = Ridge().set_fit_request(sample_weight=True)
        save(model, tmp_path / "m")
        back = load(tmp_path / "m")
        assert back.get_metadata_routing().fit.requests == {"sample_weight": True}


def test_updating_continues(tmp_path: Path) -> None:
    from zhixing.preprocessing import StandardScaler

    X = np.random.default_rng(0).normal(size=(100, 3))
    scaler = StandardScaler().partial_fit(X[:50])
    save(scaler, tmp_path / "m")
    back = load(tmp_path / "m").partial_fit(X[50:])
    scaler.partial_fit(X[50:])
    assert equal(back.mean_, scaler.mean_) and equal(back.var_, scaler.var_)


@pytest.mark.parametrize("name", [n for n in sorted(estimators()) if n.startswith("naive_bayes.")])
def test_arrays_that_do_not_fit_are_refused(name: str, tmp_path: Path) -> None:
    """Compiled loops trust shapes, so a file with one array cut short must not load."""
    model, _ = fitted(name)
    shapes = model._shapes()
    assert shapes
    for attribute in shapes:
        broken = clone(model)
        vars(broken).update(vars(model))
        setattr(broken, attribute, np.asarray(getattr(model, attribute))[:-1].copy())
        save(broken, tmp_path / "m")
        with pytest.raises(ModelFileError, match=attribute):
            load(tmp_path / "m")


COLD = """
import sys
from zhixing.persist import load
load(sys.argv[1]).predict([[0.0, 1.0]])
print(sorted(m for m in sys.modules if m.startswith("zhixing.") and m.count(".") == 1))
"""


def test_loading_imports_the_families_in_the_file_only(tmp_path: Path) -> None:
    from zhixing.naive_bayes import GaussianNB

    save(GaussianNB().fit([[0.0, 1.0], [1.0, 0.0]], [0, 1]), tmp_path / "m")
    done = subprocess.run(
        [sys.executable, "-c", COLD, str(tmp_path / "m")], capture_output=True, text=True
    )
    assert "zhixing.naive_bayes" in done.stdout, done.stderr
    for family in ("linear_model", "preprocessing", "impute", "model_selection"):
        assert f"zhixing.{family}'" not in done.stdout
