"""Every kind of value comes back as it was: type, content, layout, sharing."""

from __future__ import annotations

import datetime as dt
import math
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse

from zhixing.core.estimate import Estimate
from zhixing.core.finding import Finding
from zhixing.core.history import History
from zhixing.core.space import OneOf, Real, Whole
from zhixing.persist import inspect, load, read, save


def again(value: Any, folder: Path) -> Any:
    save(value, folder / "v")
    return load(folder / "v")


def same(a: Any, b: Any) -> bool:
    """Equal in type and content, NaN included."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return a == b and math.copysign(1, a) == math.copysign(1, b) or (a != a and b != b)
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, np.ma.MaskedArray):
        return same(a.data, b.data) and same(a.mask, b.mask)
    if isinstance(a, np.ndarray) and a.dtype == object:
        return a.shape == b.shape and all(map(same, a.ravel(), b.ravel()))
    if isinstance(a, np.ndarray | np.generic):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return same(list(a), list(b)) and same(list(a.values()), list(b.values()))
    return bool(a == b)


VALUES: dict[str, Any] = {
    "none": None,
    "booleans": [True, False],
    "integers": [0, -1, 2**63 - 1, -(2**63), 2**63, -(2**200), 10**1000],
    "floats": [0.1, -0.0, 5e-324, 1.7976931348623157e308, math.nan, math.inf, -math.inf],
    "complex": [1 + 2j, complex(math.nan, -math.inf)],
    "texts": ["", "知行合一", "\0", "\ud800", "a\nb", "NaN"],
    "bytes": [b"", bytes(range(256))],
    "many floats": [i / 3 for i in range(100)] + [math.nan, math.inf],
    "many integers": list(range(-50, 50)),
    "many big integers": [2**70 + i for i in range(40)],
    "many texts": [f"{i}é\ud83d" for i in range(100)],
    "many of both": [1, 2.0] * 50,
    "many booleans": [True, False] * 50,
    "tuple": (1, (2, ()), [3]),
    "sets": [set(), {1, "a", (2, 3)}, frozenset({1.5})],
    "dictionary": {"a": 1, 2: [3], (4, None): {"t": "list", "v": []}, 1.5: b"", None: None},
    "long dictionary": {f"word {i}": i for i in range(1000)},
    "dictionary like a node": {"t": "object", "class": "os.system", "id": 1},
    "times": [
        dt.datetime(2024, 2, 29, 1, 2, 3, 4),
        dt.datetime(2024, 2, 29, tzinfo=dt.UTC),
        dt.date(1, 1, 1),
        dt.time(23, 59),
        dt.timedelta(-1, 5, 7),
    ],
    "ranges": [slice(1, None, 2), range(0, 10, 3), range(0)],
    "dtypes": [np.dtype("f4"), np.dtype(object), np.dtype("M8[ns]"), np.dtype("U7")],
    "types": [float, int, str, object, np.float64, np.int32],
    "functions": [np.log1p, np.exp, np.abs],
    "estimate": Estimate(0.5, 0.4, 0.6),
    "finding": Finding("leak", "error", "x", evidence={"auc": np.float64(0.99)}),
    "spaces": [Real(1e-3, 1.0, log=True), Whole(1, 5), OneOf(("a", None))],
}


@pytest.mark.parametrize("name", VALUES)
def test_values(name: str, tmp_path: Path) -> None:
    assert same(VALUES[name], again(VALUES[name], tmp_path))


SCALARS = [
    np.float16(1.5), np.float32(0.1), np.float64(math.nan), np.int8(-3), np.uint64(2**64 - 1),
    np.bool_(True), np.str_("é"), np.str_(""), np.bytes_(b"ab"), np.complex64(1 - 2j),
    np.datetime64("2024-01-02T03", "h"), np.datetime64("NaT", "ns"), np.timedelta64(5, "D"),
]  # fmt: skip


@pytest.mark.parametrize("scalar", SCALARS, ids=lambda s: s.dtype.str)
def test_numpy_scalars(scalar: np.generic, tmp_path: Path) -> None:
    assert same(scalar, again(scalar, tmp_path))


DTYPES = "?bBhHiIlLefdFD"
ARRAYS = hnp.arrays(
    st.one_of(
        st.sampled_from([np.dtype(c) for c in DTYPES]),
        hnp.unicode_string_dtypes(endianness="<", max_len=5),
        hnp.byte_string_dtypes(endianness="<", max_len=5),
        hnp.datetime64_dtypes(endianness="<"),
        hnp.timedelta64_dtypes(endianness="<"),
    ),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(array=ARRAYS, order=st.sampled_from("CF"))
def test_arrays(array: np.ndarray, order: str, tmp_path: Path) -> None:
    array = np.array(array, order=order)  # type: ignore[call-overload]
    back = again(array, tmp_path)
    assert same(array, back)
    assert back.flags.writeable
    assert back.flags.c_contiguous == array.flags.c_contiguous
    assert back.flags.f_contiguous == array.flags.f_contiguous


TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.binary(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=4)
    ),
    max_leaves=25,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(tree=TREES)
def test_trees(tree: Any, tmp_path: Path) -> None:
    assert same(tree, again(tree, tmp_path))


def test_views_and_other_byte_orders_become_plain_arrays(tmp_path: Path) -> None:
    base = np.arange(24.0).reshape(4, 6)
    views = [
        base[::2, 1::2],
        base.T[1:],
        base[:, :-1],
        np.broadcast_to(1.0, (3, 2)),
        base.astype(">f8"),
    ]
    for before, after in zip(views, again(views, tmp_path)):
        np.testing.assert_array_equal(before, after)
        assert after.dtype == np.float64 and after.flags.writeable
    mapped = np.memmap(tmp_path / "map", dtype="f4", mode="w+", shape=(3,))
    assert type(again(mapped, tmp_path)) is np.ndarray


def test_object_arrays(tmp_path: Path) -> None:
    array = np.array([["a", None], [1.5, np.nan]], dtype=object)
    array[0, 1] = [1, "list"]
    assert same(array, again(array, tmp_path))
    names = np.array([f"column {i}" for i in range(500)], dtype=object)
    back = again(names, tmp_path)
    assert same(names, back) and type(back[0]) is str


def test_an_index_becomes_its_labels(tmp_path: Path) -> None:
    for labels in (pd.Index(["a", "b"]), pd.Index([1, 2]), pd.RangeIndex(3), pd.Index([0.5, "x"])):
        back = again(labels, tmp_path)
        assert type(back) is np.ndarray and back.tolist() == labels.tolist()


def test_masked_arrays(tmp_path: Path) -> None:
    for data in (np.arange(4.0), np.array(["a", None, 1, 2], dtype=object)):
        array = np.ma.MaskedArray(data, mask=[True, False, False, True])
        assert same(array, again(array, tmp_path))


@pytest.mark.parametrize("form", ["csr", "csc", "coo"])
@pytest.mark.parametrize("make", [sparse.random_array, sparse.random])
def test_sparse(form: str, make: Any, tmp_path: Path) -> None:
    for shape in ((5, 7), (0, 3), (3, 0)):
        matrix = (
            make(shape, density=0.3, format=form)
            if make is sparse.random_array
            else make(*shape, density=0.3, format=form)
        )
        back = again(matrix, tmp_path)
        assert type(back) is type(matrix) and back.shape == matrix.shape
        assert same(matrix.toarray(), back.toarray())
        back.sum_duplicates()


@pytest.mark.parametrize("bits", ["MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"])
def test_generators_continue(bits: str, tmp_path: Path) -> None:
    rng = np.random.Generator(getattr(np.random, bits)(5))
    old = np.random.RandomState(getattr(np.random, bits)(5))
    rng.integers(10, dtype=np.int32), old.normal()
    back, old_back = again((rng, old), tmp_path)
    assert same(rng.normal(size=3), back.normal(size=3))
    assert rng.integers(10, dtype=np.int32) == back.integers(10, dtype=np.int32)
    assert same(old.normal(size=3), old_back.normal(size=3))


def test_sharing_and_cycles(tmp_path: Path) -> None:
    array, rng = np.arange(3.0), np.random.default_rng(0)
    inner: list[Any] = [array]
    value: dict[str, Any] = {
        "a": inner,
        "b": inner,
        "c": array,
        "r": [rng, rng],
        "t": (inner, inner),
    }
    value["self"] = value
    back = again(value, tmp_path)
    assert back["self"] is back and back["a"] is back["b"] is back["t"][0] is back["t"][1]
    assert back["c"] is back["a"][0] and back["r"][0] is back["r"][1]
    assert inspect(tmp_path / "v")["arrays"] == 1, "a shared array is stored once"


def test_nested_sharing_does_not_grow(tmp_path: Path) -> None:
    value: Any = (1, 2)
    for _ in range(50):
        value = (value, value)
    save(value, tmp_path / "v")
    assert (tmp_path / "v").stat().st_size < 5000
    back, depth = load(tmp_path / "v"), 0
    while back != (1, 2):
        assert back[0] is back[1]
        back, depth = back[0], depth + 1
    assert depth == 50


def test_history(tmp_path: Path) -> None:
    history = History()
    for step in range(5):
        history.record(step, objective=1 / (1 + step), gap=float(step))
    back = again(history, tmp_path)
    assert back["objective"] == history["objective"] and back.rows == history.rows


def test_schema_and_metadata(tmp_path: Path) -> None:
    facts = {"score": 0.5, "nan": math.nan, "list": [1, (2, "x")], "when": dt.date(2024, 1, 1)}
    schema = {"columns": ["age"] * 50, "range": Real(0, 1)}
    save({"w": np.ones(3)}, tmp_path / "v", schema=schema, metadata=facts)
    held = read(tmp_path / "v")
    assert same(held.metadata, facts) and same(held.schema, schema)
    assert set(held.versions) == {"zhixing", "python", "numpy", "scipy", "scikit-learn"}
    seen = inspect(tmp_path / "v")
    assert same(seen["metadata"], facts)
    assert seen["schema"]["range"] == {
        "class": "core.space.Real",
        "low": 0,
        "high": 1,
        "log": False,
    }
    assert seen["array_bytes"] > 24


def test_same_model_same_bytes(tmp_path: Path) -> None:
    value = pickle.dumps(VALUES)
    for name in "ab":
        save(pickle.loads(value), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_other_readers_open_the_arrays(tmp_path: Path) -> None:
    import zipfile

    safetensors = pytest.importorskip("safetensors.numpy")
    arrays = {"a": np.arange(6.0).reshape(2, 3), "b": np.array([1, 2], "i1"), "c": np.zeros((0, 2))}
    save(arrays, tmp_path / "v")
    with zipfile.ZipFile(tmp_path / "v") as archive:
        assert archive.testzip() is None
        found = safetensors.load(archive.read("arrays.safetensors"))
    for i, array in enumerate(arrays.values()):
        assert same(found[str(i)], array)
