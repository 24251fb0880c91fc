"""Bad tables: one line that says what is wrong, where, and what to do; nothing else."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma

import numpy as np
import pandas as pd
import polars as pl
import pytest

from zhixing.core.errors import InputError
from zhixing.data import Schema, infer_target, read

JUNK = np.random.default_rng(0).integers(0, 256, 5000, dtype=np.uint8)
GOOD = b"a,b,y\n" + b"".join(b"%d,%d,%d\n" % (i * 7 % 5, i % 3, i % 2) for i in range(40))

FILES = {
    "empty": (b"", "the file is empty"),
    "blank lines only": (b"\n\n  \n", "the file is empty"),
    "header only": (b"a,b,y\n", "a header and no row"),
    "header without line end": (b"a,b,y", "a header and no row"),
    "short line": (b"a,b\n1,2\n3\n4,5\n", "line 3 has 1 field, the header 2"),
    "long line": (b"a,b\n1,2\n3,4,5\n4,5\n", "line 3 has 3 fields, the header 2"),
    "several ragged": (b"a,b\n1\n1,2\n1,2,3\n", "1 more such line: 4"),
    "ragged after a quoted line end": (b'a,b\n"1\n1",2\n3\n4,5\n', "line 4 has 1 field"),
    "title above the header": (b"Report\na,b\n1,2\n3,4\n", "is the first line a title?"),
    "repeated names": (b"a,b,a\n1,2,3\n", "column name 'a' stands 2 times (columns 1, 3)"),
    "NUL bytes": (b"a,b\n1,2\n3,\0\n", "line 3 holds NUL bytes"),
    "binary junk": (JUNK.tobytes(), "this is not a text table"),
    "junk without NUL": (np.where(JUNK == 0, 1, JUNK).astype(np.uint8).tobytes(), "not a text"),
    "open quote": (b'a,b\n1,"x\n2,y\n3,z\n', 'the quote (") in line 2 is never closed'),
    "stray quote": (b'a,b\n1,5"x\n2,"6"\n3,7\n', 'line 2 has a quote (") inside a cell'),
    "a workbook": (b"PK\x03\x04 and so on", "a zip archive or a workbook"),
    "a pickle": (b"\x80\x04\x95 and so on", "a pickle"),
    "a web page": (b"<!DOCTYPE html><html></html>", "a web page"),
}


def write(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    return path


def fails(what: str, *args, **options) -> InputError:
    with pytest.raises(InputError) as caught:
        read(*args, **options)
    message = str(caught.value)
    assert what in message, message
    assert "\n" not in message
    return caught.value


@pytest.mark.parametrize("case", FILES)
def test_bad_text_files(tmp_path, case):
    data, what = FILES[case]
    error = fails(what, write(tmp_path, "t.csv", data))
    assert error.where.endswith("t.csv")


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz"])
def test_cut_archives(tmp_path, suffix):
    pack = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}[suffix]
    fails("cannot be unpacked", write(tmp_path, "t.csv" + suffix, pack(GOOD)[:40]))


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("t.parquet", b"PAR1 and no more", "cannot be read as Parquet"),
        ("t.parquet", GOOD, "the content is not Parquet"),
        ("t.parquet", b"", "the file is empty"),
        ("t.feather", GOOD, "the content is not Arrow"),
        ("t.arrow", b"ARROW1 and no more", "cannot be read as Arrow"),
        ("t.jsonl", b'{"a": 1}\n{"a":\n', "line 2 is no JSON object"),
        ("t.jsonl", b"[1, 2]\n", "cannot be read as JSON"),
    ],
)
def test_bad_files_of_other_formats(tmp_path, name, data, what):
    fails(what, write(tmp_path, name, data))


def test_a_cut_parquet_file(tmp_path):
    whole = io.BytesIO()
    pl.read_csv(GOOD).write_parquet(whole)
    for share in (0.3, 0.7, 0.99):
        cut = whole.getvalue()[: int(share * len(whole.getvalue()))]
        fails("cannot be read as Parquet", write(tmp_path, "t.parquet", cut))


def test_missing_file_folder_and_rights(tmp_path):
    write(tmp_path, "people.csv", GOOD)
    fails("no such file; did you mean people.csv?", tmp_path / "poeple.csv")
    fails("no such file", tmp_path / "nowhere" / "x.csv")
    fails("this is a folder", tmp_path)
    fails("no shipped data set 'adlut'", "zhixing:adlut")
    error = fails("databases and web addresses are not read yet", "postgresql://me:secret@host/db")
    assert "secret" not in str(error)


def test_encodings_asked_for(tmp_path):
    path = write(tmp_path, "t.csv", "a,b\né,2\n".encode("latin-1"))
    fails("line 2 is not utf-8", path, encoding="utf-8")
    fails("no encoding 'klingon'", path, encoding="klingon")


@pytest.mark.parametrize(
    ("source", "what"),
    [
        (5, "cannot read a table from int"),
        (None, "cannot read a table from NoneType"),
        ({}, "no column"),
        ({"a": []}, "no row"),
        ({"a": [1], "b": [1, 2]}, "columns differ in length"),
        (np.zeros((2, 2, 2)), "3 dimensions"),
        (pd.DataFrame(), "no column"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "column name 'a' stands 2 times"),
    ],
)
def test_bad_frames(source, what):
    fails(what, source)


def test_sparse_matrices_are_refused():
    from scipy.sparse import eye

    fails("a sparse matrix is not a table", eye(3).tocsr())


BASE = {"a": [1, 2, 3, 4] * 5, "b": list("xyzw") * 5, "w": [1.0] * 20, "y": [0, 1] * 10}


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"target": "Y2"}, "no column 'Y2' for the target; did you mean 'y'?"),
        ({"target": "query"}, "the columns are: a, b, w, y"),
        ({"target": "y", "task": "ranking"}, "no task 'ranking'"),
        ({"target": "y", "kinds": {"b": "colour"}}, "no kind 'colour'"),
        ({"target": "y", "kinds": {"b": "numeric"}}, "'b' cannot be read as numeric, e.g. 'x'"),
        ({"target": "y", "kinds": {"zz": "numeric"}}, "no column 'zz'"),
        ({"target": "y", "drop": ["zz"]}, "no column 'zz' for the columns to drop"),
        ({"target": "y", "weight": "y"}, "cannot be both the target and the weight"),
        ({"target": "y", "group": "a", "time": "a"}, "cannot be both the group and the time"),
        ({"target": "y", "time": "b"}, "holds neither dates nor numbers"),
        ({"target": "y", "weight": "b"}, "'b' cannot be read as numeric"),
        ({"target": "y", "drop": ["a", "b", "w"]}, "no column is left to learn from"),
        ({"target": "y", "positive": "q"}, "has no class 'q'; the classes are 0, 1"),
        ({"target": [0, 1, 0]}, "3 labels for 20 rows"),
    ],
)
def test_bad_options(options, what):
    fails(what, BASE, **options)


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        (float("nan"), "1 weight in 'w' is missing, first in row 20"),
        (None, "1 weight in 'w' is missing"),
        (float("inf"), "1 weight in 'w' is infinite"),
        (-1.0, "1 weight in 'w' is negative"),
    ],
)
@pytest.mark.parametrize("rest", [1.0, 2.5])
def test_bad_weights(bad, what, rest):
    fails(what, BASE | {"w": [rest] * 19 + [bad]}, target="y", weight="w")


def test_weights_of_zero_or_words():
    fails("every weight in 'w' is zero", BASE | {"w": [0.0] * 20}, target="y", weight="w")
    fails("e.g. 'much'", BASE | {"w": ["1"] * 19 + ["much"]}, target="y", weight="w")


@pytest.mark.parametrize("role", ["group", "time"])
def test_missing_groups_and_times(role):
    columns = BASE | {"r": [None, *range(19)]}
    fails(f"the {role} column 'r' misses 1 values", columns, target="y", **{role: "r"})


@pytest.mark.parametrize(
    ("labels", "options", "what"),
    [
        ([1] * 20, {}, "constant: every label is 1"),
        ([None] * 20, {}, "missing in every row"),
        ([0] * 19 + [1], {}, "class 1 of target 'y' has a single row"),
        (["a"] * 19 + ["b"], {}, "class 'b' of target 'y' has a single row"),
        ([f"t{i}" for i in range(20)], {}, "20 different words in 20 rows"),
        (["2024-01-01", "2024-01-02"] * 10, {}, "holds dates"),
        ([0, 1, 2, 3] * 5, {"task": "binary"}, "has 4 classes; say --task multiclass"),
        (["a", "b"] * 10, {"task": "regression"}, "holds words, e.g. 'a'; say --task binary"),
        (["a", "b"] * 10, {"task": "count"}, "holds words"),
        ([-1, 3] * 10, {"task": "count"}, "that are no counts"),
        ([0.5, 3] * 10, {"task": "count"}, "that are no counts"),
        ([0.5, 1.5, 2.5, 3.5] * 5, {"task": "multiclass"}, "with fractions; say --task regression"),
        ([float("inf"), 1.5, 2.5, 3.5] * 5, {}, "infinite values"),
        ([*range(18), 40, 50], {}, "say --task multiclass or --task regression"),
        (list(range(3, 10)) * 2 + [5] * 6, {}, "say --task multiclass or --task regression"),
        ([0] * 12 + [1] * 5 + [2] * 3, {}, "say --task count or --task multiclass"),
        ([f"{i}.5" for i in range(19)] + ["many"], {}, "cells that are none, e.g. 'many'"),
    ],
)
def test_bad_targets(labels, options, what):
    fails(what, BASE | {"y": labels}, target="y", **options)


def test_the_doubtful_target_takes_either_choice():
    columns = BASE | {"y": list(range(3, 10)) * 2 + [5] * 6}
    assert read(columns, target="y", task="multiclass").classes == (3, 4, 5, 6, 7, 8, 9)
    assert read(columns, target="y", task="regression").y.dtype == float
    assert read(columns, target="y", task="count").task == "count"


def test_missing_labels_are_dropped_with_a_finding():
    table = read(BASE | {"y": [None, *[0, 1] * 9, None]}, target="y")
    (finding,) = table.findings
    assert (finding.code, finding.evidence["rows"], len(table)) == ("target-missing", 2, 18)
    assert table.rows.tolist() == list(range(1, 19))


def test_ten_thousand_columns(tmp_path, rng):
    names = [f"c{i}" for i in range(10_000)]
    frame = pl.from_numpy(rng.normal(size=(50, 10_000)).round(3), schema=names)
    frame = frame.with_columns(y=pl.Series([0, 1] * 25))
    frame.write_csv(tmp_path / "wide.csv")
    table = read(tmp_path / "wide.csv", target="y")
    assert len(table.columns("numeric")) == 10_000
    again, findings = table.schema.check(table.frame)
    assert again.equals(table.X) and not findings


def table_for_checks():
    return read(
        {
            "size": ["1,200", "900", "850", "1,000"] * 5,
            "town": ["A", "B", "A", "C"] * 5,
            "when": ["2024-01-31", "2024-02-01", "2024-02-02", "2024-02-03"] * 5,
            "ok": ["yes", "no"] * 10,
            "y": [1.5, 2.5, 3.5, 4.5] * 5,
        },
        target="y",
    )


@pytest.mark.parametrize(
    ("new", "codes"),
    [
        ({"size": ["1,100"], "town": ["A"], "when": ["2024-03-01"], "ok": ["no"]}, []),
        ({"size": [1100], "town": ["A"], "when": ["2024-03-01"], "ok": [True]}, []),
        ({"size": [1100.0], "town": ["Z"], "when": ["2024-03-01"], "ok": [1]}, ["new-category"]),
        (
            {
                "size": ["big", "1"],
                "town": ["A", "A"],
                "when": ["2024-03-01"] * 2,
                "ok": ["no"] * 2,
            },
            ["out-of-range", "wrong-type"],
        ),
        ({"size": [900], "town": [None], "when": ["2024-03-01"], "ok": ["no"]}, ["new-missing"]),
        (
            {"size": [900], "town": ["A"], "when": ["2024-03-01"], "ok": ["no"], "z": [1]},
            ["extra-column"],
        ),
        ({"size": [90_000], "town": ["A"], "when": ["2024-03-01"], "ok": ["no"]}, ["out-of-range"]),
    ],
)
def test_schema_check_names_what_differs(new, codes):
    frame, findings = table_for_checks().schema.check(new)
    assert sorted(f.code for f in findings) == codes
    assert frame.columns == ["size", "town", "when", "ok"]
    assert frame.dtypes == [pl.Float64, pl.String, pl.Datetime("us"), pl.Boolean]


@pytest.mark.parametrize(
    ("new", "what"),
    [
        (
            {"size": [1], "when": ["2024-03-01"], "ok": ["no"]},
            "column 'town' of the training table",
        ),
        (
            {"size": [1], "twon": ["A"], "when": ["2024-03-01"], "ok": ["no"]},
            "'town' may be 'twon'",
        ),
        (
            {"size": ["x", "y"], "town": ["A"] * 2, "when": ["2024-03-01"] * 2, "ok": ["no"] * 2},
            "column 'size' should be numeric: 2 of 2 cells cannot be read so, e.g. 'x', 'y'",
        ),
        ({"size": [1], "town": ["A"], "when": ["soon"], "ok": ["no"]}, "should be datetime"),
        ({"size": [1], "town": ["A"], "when": ["2024-03-01"], "ok": [7]}, "should be boolean"),
    ],
)
def test_schema_check_refuses_what_cannot_be_predicted(new, what):
    schema = table_for_checks().schema
    with pytest.raises(InputError) as caught:
        schema.check(new)
    assert what in str(caught.value)
    frame, findings = schema.check(new, strict=False)
    assert any(f.severity == "error" for f in findings)
    assert frame.columns == ["size", "town", "when", "ok"]


def test_a_schema_of_unknown_kinds_is_refused():
    facts = table_for_checks().schema.as_dict()
    facts["columns"][0]["kind"] = "colour"
    with pytest.raises(InputError, match="unknown kind 'colour'"):
        Schema.from_dict(facts)


def test_infer_target_refuses_unknown_tasks():
    with pytest.raises(InputError, match="tasks are binary"):
        infer_target(pl.Series("y", [0, 1, 0, 1]), task="ordinal")  # type: ignore[arg-type]
