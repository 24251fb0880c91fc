"""Encoders of categories and labels agree with scikit-learn, or with their closed form."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
import sklearn.preprocessing as reference
from sklearn.feature_extraction import FeatureHasher
from sklearn.model_selection import KFold, StratifiedKFold

from zhixing import preprocessing

N = 120  # above the number of rows that are looked up one by one


def drawn(rng: np.random.Generator, levels: list[Any], n: int = N) -> np.ndarray:
    """A column of objects in which earlier levels are more frequent; every level occurs."""
    share = np.arange(len(levels), 0, -1.0)
    at = rng.choice(len(levels), n, p=share / share.sum())
    at[: len(levels)] = np.arange(len(levels))
    column = np.empty(n, object)
    column[:] = [levels[k] for k in at]
    return column


def objects(*columns: np.ndarray) -> np.ndarray:
    return np.column_stack([c.astype(object) for c in columns])


COLUMNS: dict[str, Callable[[np.random.Generator], Any]] = {
    "texts": lambda r: objects(drawn(r, list("cabde")), drawn(r, ["知", "行", "", "long text"])),
    "texts and None": lambda r: objects(drawn(r, ["b", None, "a"]), drawn(r, list("xyz"))),
    "texts and NaN": lambda r: objects(drawn(r, ["b", "a", np.nan]), drawn(r, [np.nan, "z"])),
    "texts, None and NaN": lambda r: objects(
        drawn(r, [None, "b", "a", np.nan]), drawn(r, ["q", np.nan, None])
    ),
    "numbers, None and NaN": lambda r: objects(drawn(r, [3, None, 1.5, np.nan]), drawn(r, [1, 2])),
    "types by column": lambda r: objects(
        drawn(r, ["u", "v", "w"]), drawn(r, [True, False]), drawn(r, [10, 2, -3])
    ),
    "fixed-width texts": lambda r: drawn(r, ["bb", "a", "ccc"]).astype("U")[:, None],
    "whole numbers": lambda r: r.integers(-3, 4, (N, 3)),
    "small whole numbers": lambda r: r.integers(0, 4, (N, 2)).astype(np.int8),
    "unsigned": lambda r: r.integers(0, 4, (N, 2)).astype(np.uint16),
    "floats": lambda r: r.choice([0.5, 0.0, 1e300, -2.25], (N, 2)),
    "floats and NaN": lambda r: r.choice([0.5, np.nan, -1.0, 7.0], (N, 2)),
    "single precision": lambda r: r.choice([0.1, 0.2, np.nan], (N, 2)).astype(np.float32),
    "booleans": lambda r: r.random((N, 2)) < 0.4,
    "pandas": lambda r: pd.DataFrame(
        {
            "text": drawn(r, ["m", "f", "x"]),
            "category": pd.Categorical(drawn(r, list("pqr")), categories=list("rqpz")),
            "whole": r.integers(0, 3, N),
            "real": r.choice([1.5, np.nan], N),
        }
    ),
}
EACH = pytest.mark.parametrize("kind", COLUMNS)


def alike(ours: Any, theirs: Any) -> None:
    """Equal as arrays; None, NaN and the type of every entry told apart."""
    assert sp.issparse(ours) == sp.issparse(theirs)
    a, b = (v.toarray() if sp.issparse(v) else np.asarray(v) for v in (ours, theirs))
    assert a.shape == b.shape
    if a.dtype.kind == "O" or b.dtype.kind == "O":
        for u, v in zip(a.ravel().tolist(), b.ravel().tolist()):
            assert (u is None) == (v is None), (u, v)
            assert u == v or (u != u and v != v), (u, v)
    else:
        np.testing.assert_array_equal(a, b)


def lists_alike(ours: list[Any], theirs: list[Any]) -> None:
    assert len(ours) == len(theirs)
    for a, b in zip(ours, theirs):
        if b is None:
            assert a is None
        else:
            alike(a, b)


def quietly(task: Callable[[], Any]) -> tuple[Any, list[str]]:
    """A result, and the warnings on the way."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        return task(), [str(w.message) for w in said]


ONE_HOT = [
    {},
    {"sparse_output": False, "dtype": np.float32},
    {"dtype": np.int64},
    {"drop": "first"},
    {"drop": "if_binary"},
    {"min_frequency": 30},
    {"min_frequency": 0.2, "sparse_output": False},
    {"max_categories": 2},
    {"max_categories": 3, "drop": "first"},
    {"min_frequency": 25, "max_categories": 3, "drop": "if_binary"},
    {"max_categories": 1},
]


@pytest.mark.parametrize("options", ONE_HOT, ids=str)
@EACH
def test_one_hot(rng: np.random.Generator, kind: str, options: dict) -> None:
    X = COLUMNS[kind](rng)
    ours = preprocessing.OneHotEncoder(**options).fit(X)
    theirs = reference.OneHotEncoder(**options).fit(X)
    lists_alike(ours.categories_, theirs.categories_)
    if theirs.drop_idx_ is None:
        assert ours.drop_idx_ is None
    else:
        assert ours.drop_idx_.tolist() == theirs.drop_idx_.tolist()
    if "min_frequency" in options or "max_categories" in options:
        lists_alike(ours.infrequent_categories_, theirs.infrequent_categories_)
    for part in (X, X[:5], X[:1]):
        made, wanted = ours.transform(part), theirs.transform(part)
        alike(made, wanted)
        assert made.dtype == wanted.dtype
    alike(ours.fit_transform(X), wanted := theirs.fit_transform(X))
    alike(ours.inverse_transform(wanted), theirs.inverse_transform(wanted))
    assert ours.get_feature_names_out().tolist() == theirs.get_feature_names_out().tolist()


@pytest.mark.parametrize("few", [True, False])
@pytest.mark.parametrize("unknown", ["ignore", "infrequent_if_exist", "warn"])
@pytest.mark.parametrize(
    "options",
    [{}, {"drop": "first"}, {"min_frequency": 18}, {"min_frequency": 18, "drop": "first"}],
    ids=str,
)
@pytest.mark.parametrize("kind", ["texts", "texts and None", "whole numbers", "floats and NaN"])
def test_one_hot_of_unknown_categories(
    rng: np.random.Generator, kind: str, options: dict, unknown: str, few: bool
) -> None:
    X = COLUMNS[kind](rng)
    new = X.copy()
    new[::3, 0] = "new" if new.dtype == object else 99
    new = new[:7] if few else new
    ours = preprocessing.OneHotEncoder(handle_unknown=unknown, **options).fit(X)
    theirs = reference.OneHotEncoder(handle_unknown=unknown, **options).fit(X)
    (made, said), (wanted, heard) = (quietly(lambda e=e: e.transform(new)) for e in (ours, theirs))
    alike(made, wanted)
    assert [m[:45] for m in said] == [m[:45] for m in heard]
    if not (len(options) == 2 and unknown == "ignore"):  # see the next test
        alike(ours.inverse_transform(wanted), theirs.inverse_transform(wanted))


def test_inverse_of_a_category_dropped_after_grouping() -> None:
    """Zeros are the dropped category; scikit-learn looks it up among the ungrouped ones ("a")."""
    X = [["a"]] + [["b"]] * 5 + [["c"]] * 6
    encoder = preprocessing.OneHotEncoder(min_frequency=3, drop="first", handle_unknown="ignore")
    made = encoder.fit_transform(X)
    assert encoder.get_feature_names_out().tolist() == ["x0_c", "x0_infrequent_sklearn"]
    back = encoder.inverse_transform(made).ravel().tolist()
    assert back == ["infrequent_sklearn"] + ["b"] * 5 + ["c"] * 6


def test_one_hot_of_given_categories_and_drops() -> None:
    X = np.array([["b", 1], ["a", 3], ["b", 3]], dtype=object)
    options = {"categories": [["b", "c", "a"], [1, 2, 3]], "drop": ["c", 3]}
    ours = preprocessing.OneHotEncoder(**options).fit(X)
    theirs = reference.OneHotEncoder(**options).fit(X)
    alike(ours.transform(X), theirs.transform(X))
    alike(ours.inverse_transform(theirs.transform(X)), theirs.inverse_transform(ours.transform(X)))
    assert ours.get_feature_names_out(["u", "v"]).tolist() == ["u_b", "u_a", "v_1", "v_2"]
    named = preprocessing.OneHotEncoder(feature_name_combiner=lambda f, c: f"{f}={c!r}").fit(X)
    assert named.get_feature_names_out(["u", "v"])[:2].tolist() == ["u='a'", "u='b'"]


ORDINAL = [
    {},
    {"encoded_missing_value": -2},
    {"handle_unknown": "use_encoded_value", "unknown_value": -1},
    {"handle_unknown": "use_encoded_value", "unknown_value": np.nan},
    {"min_frequency": 30},
    {"max_categories": 2, "handle_unknown": "use_encoded_value", "unknown_value": 50},
    {"dtype": np.float32},
    {"dtype": np.int32, "encoded_missing_value": -5},
]


@pytest.mark.parametrize("options", ORDINAL, ids=str)
@EACH
def test_ordinal(rng: np.random.Generator, kind: str, options: dict) -> None:
    X = COLUMNS[kind](rng)
    ours = preprocessing.OrdinalEncoder(**options).fit(X)
    theirs = reference.OrdinalEncoder(**options).fit(X)
    lists_alike(ours.categories_, theirs.categories_)
    for part in (X, X[:5]):
        made, wanted = ours.transform(part), theirs.transform(part)
        alike(made, wanted)
        assert made.dtype == wanted.dtype
    alike(ours.fit_transform(X), theirs.transform(X))
    if "handle_unknown" in options and isinstance(X, np.ndarray):
        new = X.copy()
        new[::2, 0] = "new" if new.dtype.kind in "OU" else (True if new.dtype == bool else 99)
        for part in (new, new[:6]):
            alike(ours.transform(part), theirs.transform(part))
    codes = theirs.transform(X)
    back = ours.inverse_transform(codes)
    if "min_frequency" in options or "max_categories" in options:
        # scikit-learn's inverse fails where a column has NaN and rare categories.
        values = X if isinstance(X, np.ndarray) else X.astype(object).to_numpy()
        wanted = values.astype(object)
        for j, rare in enumerate(ours.infrequent_categories_):
            if rare is not None:
                wanted[[v in rare.tolist() for v in values[:, j].tolist()], j] = (
                    "infrequent_sklearn"
                )
        alike(back, wanted)
    else:
        alike(back, theirs.inverse_transform(codes))
    assert ours.get_feature_names_out().tolist() == theirs.get_feature_names_out().tolist()


@pytest.mark.parametrize("encoder", ["OneHotEncoder", "OrdinalEncoder"])
def test_polars_columns_are_what_their_values_are(rng: np.random.Generator, encoder: str) -> None:
    """Nulls are None among texts and NaN among numbers, for many rows and for few."""
    text, level = drawn(rng, ["a", None, "b"]), drawn(rng, list("uvw"))
    number = rng.choice([1.0, np.nan, 3.0], N)
    frame = pl.DataFrame(
        {
            "text": pl.Series(text.tolist()),
            "level": pl.Series(level.tolist(), dtype=pl.Categorical),
            "number": pl.Series(number).fill_nan(None),
            "truth": number > 0,
        }
    )
    plain = objects(text, level, number, np.array(number > 0))
    ours = getattr(preprocessing, encoder)().fit(frame)
    theirs = getattr(reference, encoder)().fit(plain)
    lists_alike(ours.categories_, theirs.categories_)
    for n in (N, 9, 1):
        alike(ours.transform(frame[:n]), theirs.transform(plain[:n]))


def test_set_output(rng: np.random.Generator) -> None:
    frame = COLUMNS["pandas"](rng)
    for name, options in (
        ("OneHotEncoder", {"sparse_output": False}),
        ("OrdinalEncoder", {}),
        ("FrequencyEncoder", {}),
        ("HashingEncoder", {"sparse_output": False, "n_features": 8}),
        ("FeatureCross", {"sparse_output": False, "columns": [("text", "whole")]}),
    ):
        plain = getattr(preprocessing, name)(**options).fit(frame)
        for kind, cls in (("pandas", pd.DataFrame), ("polars", pl.DataFrame)):
            made = getattr(preprocessing, name)(**options).set_output(transform=kind)
            out = made.fit_transform(frame)
            assert isinstance(out, cls)
            assert list(out.columns) == plain.get_feature_names_out().tolist()
            np.testing.assert_array_equal(out.to_numpy(), plain.transform(frame))


TARGETS: dict[str, Callable[[np.random.Generator], np.ndarray]] = {
    "continuous": lambda r: r.normal(5.0, 2.0, N),
    "binary": lambda r: r.choice(["no", "yes"], N),
    "multiclass": lambda r: r.choice([3, 1, 7], N),
}


@pytest.mark.parametrize("smooth", ["auto", 0.0, 7.5])
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("kind", ["texts and None", "types by column", "floats and NaN", "pandas"])
def test_target_encoder(
    rng: np.random.Generator, kind: str, target: str, smooth: str | float
) -> None:
    X, y = COLUMNS[kind](rng), TARGETS[target](rng)
    cv = (KFold if target == "continuous" else StratifiedKFold)(4, shuffle=True, random_state=3)
    ours = preprocessing.TargetEncoder(smooth=smooth, cv=cv)
    theirs = reference.TargetEncoder(smooth=smooth, cv=cv)
    made, wanted = ours.fit_transform(X, y), theirs.fit_transform(X, y)
    np.testing.assert_allclose(made, wanted, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(ours.transform(X), theirs.transform(X), rtol=1e-10, atol=1e-12)
    for a, b in zip(ours.encodings_, theirs.encodings_):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(ours.target_mean_, theirs.target_mean_)
    assert ours.target_type_ == theirs.target_type_
    assert ours.get_feature_names_out().tolist() == theirs.get_feature_names_out().tolist()
    if isinstance(X, np.ndarray):
        new = X[:6].copy()
        new[::2, 0] = "new" if new.dtype == object else 99
        np.testing.assert_allclose(ours.transform(new), theirs.transform(new), rtol=1e-10)


def test_target_encoder_by_hand() -> None:
    """n_c v / (n_c v + v_c), weights as repetition, and the mean for an unknown category."""
    X, y = [["a"], ["a"], ["b"], ["b"], ["b"]], np.array([1.5, 3.0, 10.0, 10.0, 40.0])
    weight = np.array([2, 1, 1, 3, 1])
    whole = np.repeat(y, weight)
    codes = []
    for rows in (np.repeat(y[:2], weight[:2]), np.repeat(y[2:], weight[2:])):
        share = len(rows) * whole.var() / (len(rows) * whole.var() + rows.var())
        codes.append(share * rows.mean() + (1 - share) * whole.mean())
    encoder = preprocessing.TargetEncoder().fit(X, y, sample_weight=weight)
    np.testing.assert_allclose(encoder.encodings_[0], codes)
    np.testing.assert_allclose(encoder.transform([["z"], ["b"]])[:, 0], [whole.mean(), codes[1]])


def test_ordered_target_encoder_by_hand(rng: np.random.Generator) -> None:
    """(sum of the category's targets before the row + s m) / (their number + s), in drawn order."""
    X, y = drawn(rng, list("abc"), 40)[:, None], rng.normal(size=40)
    weight = rng.integers(1, 4, 40).astype(float)
    encoder = preprocessing.TargetEncoder(smooth=2.0, scheme="ordered", random_state=8)
    made = encoder.fit_transform(X, y, sample_weight=weight)[:, 0]
    mean = np.average(y, weights=weight)
    first: dict[str, float] = {}
    count: dict[str, float] = {}
    for i in np.random.default_rng(8).permutation(40):
        c = X[i, 0]
        wanted = (first.get(c, 0.0) + 2.0 * mean) / (count.get(c, 0.0) + 2.0)
        assert made[i] == pytest.approx(wanted, rel=1e-12)
        first[c] = first.get(c, 0.0) + weight[i] * y[i]
        count[c] = count.get(c, 0.0) + weight[i]


@pytest.mark.parametrize("normalize", [True, False])
def test_frequency_encoder_is_a_count(rng: np.random.Generator, normalize: bool) -> None:
    frame = COLUMNS["pandas"](rng)
    made = preprocessing.FrequencyEncoder(normalize=normalize).fit_transform(frame)
    for j, name in enumerate(frame.columns):
        column = frame[name].astype(object).where(frame[name].notna(), "missing")
        count = column.map(column.value_counts())
        np.testing.assert_allclose(made[:, j], count / N if normalize else count)


def test_frequency_encoder_of_missing_and_unknown() -> None:
    X = np.array([["a"], [None], [np.nan], ["a"], [None], [None]], dtype=object)
    encoder = preprocessing.FrequencyEncoder(normalize=False).fit(X)
    new = np.array([["a"], [None], [np.nan], ["z"]], dtype=object)
    assert encoder.transform(new).ravel().tolist() == [2.0, 3.0, 1.0, 0.0]
    given = preprocessing.FrequencyEncoder(categories=[["a", "q"]], normalize=False).fit(X[:1])
    assert given.frequencies_[0].tolist() == [1.0, 0.0]


@pytest.mark.parametrize("alternate_sign", [True, False])
@pytest.mark.parametrize("n_features", [1, 7, 1024])
def test_hashing_encoder_is_the_feature_hasher(
    rng: np.random.Generator, n_features: int, alternate_sign: bool
) -> None:
    X = COLUMNS["types by column"](rng)
    tokens = [
        [f"{j}={int(v) if v is True or v is False else v}" for j, v in enumerate(r)] for r in X
    ]
    hasher = FeatureHasher(n_features, input_type="string", alternate_sign=alternate_sign)
    ours = preprocessing.HashingEncoder(n_features, alternate_sign=alternate_sign)
    alike(ours.transform(X), hasher.transform(tokens))
    dense = preprocessing.HashingEncoder(
        n_features, alternate_sign=alternate_sign, sparse_output=False, dtype=np.float32
    )
    made = dense.fit_transform(X)
    assert made.dtype == np.float32
    np.testing.assert_array_equal(made, hasher.transform(tokens).toarray())


def test_hash_does_not_depend_on_how_a_number_is_stored() -> None:
    encoder = preprocessing.HashingEncoder(4096, sparse_output=False)
    columns = [
        np.array([[3]]),
        np.array([[3]], np.int8),
        np.array([[3.0]], np.float32),
        np.array([[3]], object),
        np.array([[np.float32(3)]], object),
        np.array([[np.int16(3)]], object),
        pd.DataFrame({"a": [3.0]}),
        pl.DataFrame({"a": [3]}),
    ]
    made = [encoder.fit_transform(X) for X in columns]
    for other in made[1:]:
        np.testing.assert_array_equal(made[0], other)


def test_feature_cross_is_the_outer_product_of_one_hot_rows(rng: np.random.Generator) -> None:
    X = COLUMNS["types by column"](rng)
    a, b, c = (
        reference.OneHotEncoder(sparse_output=False).fit_transform(X[:, [j]]) for j in range(3)
    )
    pairs = [np.einsum("ni,nj->nij", u, v).reshape(N, -1) for u, v in ((a, b), (a, c), (b, c))]
    ours = preprocessing.FeatureCross().fit(X)
    np.testing.assert_array_equal(ours.transform(X).toarray(), np.hstack(pairs))
    three = preprocessing.FeatureCross([(2, 0, 1)], sparse_output=False, dtype=np.float32)
    wanted = np.einsum("ni,nj,nk->nijk", c, a, b).reshape(N, -1)
    np.testing.assert_array_equal(three.fit_transform(X), wanted)
    names = three.get_feature_names_out(["u", "v", "w"])
    assert len(names) == wanted.shape[1] and names[0] == "w_-3*u_u*v_False"
    new = X[:40].copy()
    new[::2, 0] = "new"
    made = ours.transform(new).toarray()
    assert not made[::2, : pairs[0].shape[1] + pairs[1].shape[1]].any()
    np.testing.assert_array_equal(made[:, -pairs[2].shape[1] :], pairs[2][:40])
    np.testing.assert_array_equal(made[1::2], np.hstack(pairs)[1:40:2])


def test_hashed_cross_joins_levels_and_separates_pairs(rng: np.random.Generator) -> None:
    X = rng.integers(0, 30, (4000, 2))
    cross = preprocessing.FeatureCross(n_features=4096).fit(X)
    made = cross.transform(X)
    assert made.shape == (4000, 4096) and (made.sum(axis=1) == 1).all()
    at = np.asarray(made.argmax(axis=1)).ravel()
    pair = X[:, 0] * 30 + X[:, 1]
    assert all(len(set(at[pair == k])) == 1 for k in np.unique(pair))
    # 900 pairs in 4096 places: 4096 (1 - exp(-900 / 4096)) = 808 places are taken on average.
    assert len(np.unique(at)) == pytest.approx(808, abs=40)
    assert cross.get_feature_names_out(["a", "b"])[5] == "a*b_5"


LABELS = {
    "two": ["no", "yes"],
    "one": ["only"],
    "three": ["b", "a", "c"],
    "numbers": [5, -1, 2],
    "booleans": [True, False],
    "floats": [1.0, 2.0],
}


@pytest.mark.parametrize("kind", LABELS)
def test_label_encoder(rng: np.random.Generator, kind: str) -> None:
    for make in (np.array, list, lambda v: pd.Series(np.array(v)), lambda v: np.array(v, object)):
        y = make(drawn(rng, LABELS[kind]).tolist())
        ours, theirs = preprocessing.LabelEncoder(), reference.LabelEncoder()
        made, wanted = ours.fit_transform(y), theirs.fit_transform(y)
        np.testing.assert_array_equal(made, wanted)
        assert made.dtype == wanted.dtype
        assert ours.classes_.tolist() == theirs.classes_.tolist()
        np.testing.assert_array_equal(ours.transform(y), wanted)
        back = ours.inverse_transform(made)
        assert back.tolist() == theirs.inverse_transform(wanted).tolist()


@pytest.mark.parametrize(
    "options",
    [{}, {"neg_label": -1}, {"neg_label": -2, "pos_label": 3}, {"sparse_output": True},
     {"pos_label": 4, "sparse_output": True}],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("kind", [k for k in LABELS if k != "floats"])
def test_label_binarizer(rng: np.random.Generator, kind: str, options: dict) -> None:
    y = np.array(drawn(rng, LABELS[kind]).tolist())
    ours = preprocessing.LabelBinarizer(**options).fit(y)
    theirs = reference.LabelBinarizer(**options).fit(y)
    made, wanted = ours.transform(y), theirs.transform(y)
    alike(made, wanted)
    assert ours.y_type_ == theirs.y_type_ and ours.sparse_input_ == theirs.sparse_input_
    back = ours.inverse_transform(made)
    np.testing.assert_array_equal(back, theirs.inverse_transform(wanted))
    np.testing.assert_array_equal(back, y)
    if len(ours.classes_) > 1:
        scores = rng.normal(size=np.shape(wanted))
        for threshold in (None, 0.3):
            np.testing.assert_array_equal(
                ours.inverse_transform(scores, threshold),
                theirs.inverse_transform(scores, threshold),
            )


def test_label_binarizer_of_unknown_labels_and_indicators(rng: np.random.Generator) -> None:
    for seen, new in (([1, 2, 6, 4, 2], [1, 6, 9]), (["a", "b"], ["b", "zz"])):
        ours, theirs = (
            preprocessing.LabelBinarizer().fit(seen),
            reference.LabelBinarizer().fit(seen),
        )
        np.testing.assert_array_equal(ours.transform(new), theirs.transform(new))
    Y = (rng.random((30, 4)) < 0.4).astype(int)
    for given in (Y, sp.csr_matrix(Y)):
        for sparse_output in (False, True):
            ours = preprocessing.LabelBinarizer(sparse_output=sparse_output).fit(given)
            theirs = reference.LabelBinarizer(sparse_output=sparse_output).fit(given)
            alike(ours.transform(given), theirs.transform(given))
            alike(ours.inverse_transform(Y), theirs.inverse_transform(Y))


@pytest.mark.parametrize("sparse_output", [False, True])
def test_multi_label_binarizer(rng: np.random.Generator, sparse_output: bool) -> None:
    words = list("abcdef")
    sets = [tuple(rng.choice(words, rng.integers(0, 5))) for _ in range(50)]
    for classes in (None, list("fbdaec")):
        options = {"classes": classes, "sparse_output": sparse_output}
        ours = preprocessing.MultiLabelBinarizer(**options)
        theirs = reference.MultiLabelBinarizer(**options)
        made, wanted = ours.fit_transform(sets), theirs.fit_transform(sets)
        alike(made, wanted)
        alike(ours.transform(sets), wanted)
        assert ours.classes_.tolist() == theirs.classes_.tolist()
        back = ours.inverse_transform(wanted)
        assert [set(b) for b in back] == [set(s) for s in sets]
        assert back == [tuple(b) for b in theirs.inverse_transform(wanted)]
    numbers = [{1, 5}, set(), {3}]
    ours, theirs = preprocessing.MultiLabelBinarizer(), reference.MultiLabelBinarizer()
    np.testing.assert_array_equal(ours.fit_transform(numbers), theirs.fit_transform(numbers))
    with pytest.warns(UserWarning, match=r"unknown class\(es\) \[7\] will be ignored"):
        assert ours.transform([{7, 5}]).tolist() == [[0, 0, 1]]


REFUSED: list[tuple[str, dict, Any, Any, str]] = [
    ("OneHotEncoder", {}, [["a"], [1]], None, "uniformly strings or numbers"),
    ("OneHotEncoder", {"handle_unknown": "maybe"}, [["a"]], None, "handle_unknown must be"),
    ("OneHotEncoder", {"drop": "last"}, [["a"]], None, "drop must be"),
    ("OneHotEncoder", {"drop": ["z"]}, [["a"]], None, "not found in the training data"),
    ("OneHotEncoder", {"drop": ["a", "b"]}, [["a"]], None, "length equal to the number"),
    ("OneHotEncoder", {"drop": ["b"], "min_frequency": 2}, [["a"], ["a"], ["b"]], None, "infrequent"),
    ("OneHotEncoder", {"min_frequency": 0}, [["a"]], None, "min_frequency must be"),
    ("OneHotEncoder", {"max_categories": 0}, [["a"]], None, "max_categories must be"),
    ("OneHotEncoder", {"categories": [["a"]]}, [["a"], ["b"]], None, r"\['b'\] in column 0"),
    ("OneHotEncoder", {"categories": [["a", "a"]]}, [["a"]], None, "duplicate"),
    ("OneHotEncoder", {"categories": [[2, 1]]}, [[1]], None, "Unsorted categories"),
    ("OneHotEncoder", {"categories": [["a"], ["b"]]}, [["a"]], None, "Shape mismatch"),
    ("OneHotEncoder", {}, [[np.inf], [1.0]], None, "infinity"),
    ("OneHotEncoder", {}, ["a", "b"], None, "Expected 2D array"),
    ("OrdinalEncoder", {"handle_unknown": "use_encoded_value"}, [["a"]], None, "unknown_value"),
    ("OrdinalEncoder", {"unknown_value": 3}, [["a"]], None, "should only be set when"),
    ("OrdinalEncoder", {"handle_unknown": "use_encoded_value", "unknown_value": 0}, [["a"]], None,
     "already used"),
    ("OrdinalEncoder", {"dtype": int}, [[1.0], [np.nan]], None, "missing values in features"),
    ("OrdinalEncoder", {"encoded_missing_value": 0}, [[1.0], [np.nan]], None, "already used"),
    ("TargetEncoder", {}, [["a"]], None, "target y is None"),
    ("TargetEncoder", {"smooth": -1}, [["a"]], [1.0], "smooth must be"),
    ("TargetEncoder", {"scheme": "x"}, [["a"]], [1.0], "scheme must be"),
    ("TargetEncoder", {"target_type": "binary"}, [["a"]] * 3, [0, 1, 2], "3 classes"),
    ("TargetEncoder", {}, [["a"], ["b"]], [1.0], "inconsistent numbers of samples"),
    ("TargetEncoder", {}, [["a"], ["b"]], [1.0, np.nan], "NaN"),
    ("HashingEncoder", {"n_features": 0}, [["a"]], None, "n_features must be"),
    ("FeatureCross", {"n_features": 0}, [["a", "b"]], None, "n_features must be"),
    ("FeatureCross", {"columns": []}, [["a", "b"]], None, "at least one cross"),
    ("FeatureCross", {"columns": ["ab"]}, [["a", "b"]], None, "a cross lists its columns"),
    ("FeatureCross", {"columns": [(0,)]}, [["a", "b"]], None, "two or more columns"),
    ("FeatureCross", {"columns": [(0, 2)]}, [["a", "b"]], None, "there is no column 2"),
    ("FeatureCross", {"columns": [(0, "q")]}, [["a", "b"]], None, "there is no column 'q'"),
    ("FeatureCross", {"columns": [(0, 1), (0, 1)], "n_features": 2**30}, [["a", "b"]], None,
     "lower n_features"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "options", "X", "y", "message"), REFUSED, ids=lambda v: str(v)[:30]
)
def test_bad_input_is_named(name: str, options: dict, X: Any, y: Any, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        getattr(preprocessing, name)(**options).fit(X, y)


@pytest.mark.parametrize("n", [3, 60])
@pytest.mark.parametrize("name", ["OneHotEncoder", "OrdinalEncoder"])
def test_unknown_categories_are_named(name: str, n: int) -> None:
    encoder = getattr(preprocessing, name)().fit([["a"], ["b"]])
    with pytest.raises(ValueError, match=r"Found unknown categories \['q'\] in column 0 during tr"):
        encoder.transform([["a"]] * n + [["q"]])
    with pytest.raises(ValueError, match="2 features"):
        encoder.transform([["a", "b"]] * n)


def test_a_cross_too_wide_to_number_is_refused() -> None:
    X = np.repeat(np.arange(45_000)[:, None], 3, axis=1)
    with pytest.raises(ValueError, match="4050000000 levels; set n_features to hash them"):
        preprocessing.FeatureCross([(0, 1), (1, 2)]).fit(X)


@pytest.mark.parametrize("weight", [[1.0, -1.0], [0.0, 0.0], [1.0, np.nan], [1.0]])
@pytest.mark.parametrize("name", ["FrequencyEncoder", "TargetEncoder"])
def test_weights_that_count_nothing_are_refused(name: str, weight: list[float]) -> None:
    with pytest.raises(ValueError, match="ample.weight|NaN"):
        getattr(preprocessing, name)().fit([["a"], ["b"]], [0.5, 2.5], sample_weight=weight)


@pytest.mark.parametrize(
    ("labels", "message"),
    [([1, 2, 9], r"previously unseen labels: \[9\]"), ([[1, 2]], "1d array")],
)
def test_unseen_labels_are_named(labels: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        preprocessing.LabelEncoder().fit([1, 2, 3]).transform(labels)
    with pytest.raises(ValueError, match="unseen labels"):
        preprocessing.LabelEncoder().fit([1, 2, 3]).inverse_transform([3])
