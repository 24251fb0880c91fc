"""What is written is what is read: encodings, delimiters, formats, kinds, schemas."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
import string
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhixing import datasets
from zhixing.data import Schema, Table, load, read
from zhixing.data.dates import detect as detect_date
from zhixing.data.dates import parse as parse_date
from zhixing.data.delimited import Text, read_delimited
from zhixing.data.numbers import detect as detect_number
from zhixing.data.numbers import parse as parse_number
from zhixing.data.records import scan

CELLS = st.text(string.ascii_letters + string.digits + ' ,;|"\té中\n', max_size=8).map(str.strip)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_any_csv_comes_back_cell_by_cell(rows, delimiter, end):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([["a", "b", "c"], *rows])
    frame, findings = read_delimited(
        text.getvalue().encode(), where="t.csv", text=Text(delimiter=delimiter)
    )
    assert [list(row) for row in frame.rows()] == [[c or "" for c in row] for row in rows]
    assert not findings


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=8))
def test_records_are_counted_as_the_csv_module_counts_them(rows):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    records = scan(text.getvalue().encode(), ",")
    assert records.fields.tolist() == [len(row) for row in rows]
    assert records.open_quote is None


def test_records_do_not_depend_on_the_pieces(monkeypatch, rng):
    cells = rng.choice(["a", '"b,c"', '"d\ne"', '"say ""x"""', ""], (200, 3))
    data = "\n".join(",".join(row) for row in cells).encode()
    whole = scan(data, ",")
    monkeypatch.setattr("zhixing.data.records._PIECE", 7)
    pieces = scan(data, ",")
    for a, b in zip(whole[:4], pieces[:4]):
        np.testing.assert_array_equal(a, b)
    assert (whole.fields == 3).all()


ENCODED = {
    "utf-8": "名称,y\n北京,1\nZoë,2\n",
    "utf-8-sig": "名称,y\n北京,1\nZoë,2\n",
    "utf-16": "名称,y\n北京,1\nZoë,2\n",
    "gb18030": "城市,数值\n北京,1\n上海市,2\n广州,3\n",
    "cp1252": "name,y\nJosé,1\nZoë,2\nnaïve café,3\n",
    "utf-16-le": "name,y\nJose,1\nAnna,2\nZoë,3\n",
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_encodings_are_told_apart_and_said(encoding):
    text = ENCODED[encoding]
    frame, findings = read_delimited(text.encode(encoding), where="t.csv", text=Text())
    expected = list(csv.reader(io.StringIO(text)))
    assert frame.columns == expected[0]
    assert [list(row) for row in frame.rows()] == expected[1:]
    said = [f.evidence["encoding"] for f in findings]
    assert said == ([] if encoding.startswith("utf-8") else [encoding])


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_packed_files(tmp_path, pack):
    path = tmp_path / "t.csv.packed"
    path.write_bytes(pack(b"a,b\n1,x\n2,y\n"))
    assert read(path).frame.rows() == [(1.0, "x"), (2.0, "y")]


def test_zstd_files(tmp_path):
    data = b'a,b\n1,"x\ny"\n2,\n'
    (tmp_path / "t.csv.zst").write_bytes(pa.Codec("zstd").compress(data).to_pybytes())
    frame, _, _ = load(tmp_path / "t.csv.zst")
    assert frame.rows() == [("1", "x\ny"), ("2", None)]


def some_frame(rng: np.random.Generator, n: int = 60) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "number": rng.normal(size=n),
            "whole": rng.integers(0, 9, n),
            "word": rng.choice(["red", "green", "blue"], n),
            "flag": rng.random(n) < 0.5,
            "day": [date(2024, 1, 1) + timedelta(days=int(i)) for i in rng.permutation(n)],
            "gap": [None if i % 7 == 0 else float(i % 5) for i in range(n)],
        }
    )


WRITERS = {
    "t.csv": lambda f, p: f.write_csv(p),
    "t.tsv": lambda f, p: f.write_csv(p, separator="\t"),
    "t.parquet": lambda f, p: f.write_parquet(p),
    "t.feather": lambda f, p: f.write_ipc(p),
    "t.arrows": lambda f, p: f.write_ipc_stream(p),
    "t.jsonl": lambda f, p: f.write_ndjson(p),
    "t.json": lambda f, p: f.write_json(p),
}


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_gives_the_same_table(tmp_path, rng, name):
    frame = some_frame(rng)
    WRITERS[name](frame, tmp_path / name)
    table, plain = read(tmp_path / name), read(frame)
    assert table.frame.equals(plain.frame)
    assert [c.kind for c in table.schema] == [c.kind for c in plain.schema]
    assert [c.kind for c in plain.schema] == [
        "numeric",
        "numeric",
        "categorical",
        "boolean",
        "datetime",
        "numeric",
    ]


def test_every_frame_gives_the_same_table(rng):
    frame = some_frame(rng)
    expected = read(frame)
    for source in (
        frame.lazy(),
        frame.to_pandas(),
        frame.to_pandas(use_pyarrow_extension_array=True),
        frame.to_arrow(),
        frame.to_dict(as_series=False),
        frame.rows(named=True),
        {name: frame[name].to_numpy() for name in frame.columns},
    ):
        table = read(source)
        assert table.frame.equals(expected.frame), type(source)


def test_arrays_get_names():
    table = read(np.array([[1.5, 2.0], [2.5, 4.0], [0.5, 1.0]]), target=np.array([0.1, 0.2, 0.4]))
    assert table.features == ["x0", "x1"]
    assert table.target.name == "target" and table.y.tolist() == [0.1, 0.2, 0.4]
    structured = np.array([(1, "a"), (2, "b")], dtype=[("n", int), ("w", "U1")])
    assert read(structured).frame.columns == ["n", "w"]


def test_pandas_mixed_cells_and_missing():
    frame = pd.DataFrame(
        {
            "mixed": [1, "two", None, 4.5],
            "numbers": pd.Series([1, None, 3, 4], dtype=object),
            "cat": pd.Categorical(["a", None, "b", "a"]),
            "nullable": pd.array([1, None, 3, 4], dtype="Int64"),
            "zoned": pd.date_range("2024-01-01", periods=4, tz="Europe/Paris"),
        }
    )
    table = read(frame)
    assert table.frame["mixed"].to_list() == ["1", "two", None, "4.5"]
    assert table.frame["numbers"].to_list() == [1.0, None, 3.0, 4.0]
    assert table.frame["cat"].to_list() == ["a", None, "b", "a"]
    assert table.frame["nullable"].to_list() == [1.0, None, 3.0, 4.0]
    assert table.frame["zoned"][0] == datetime(2023, 12, 31, 23)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1,234", "12"], [1234.0, 12.0]),
        (["1.234,5", "7"], [1234.5, 7.0]),
        (["1,5", "2,25"], [1.5, 2.25]),
        (["1 234", "5"], [1234.0, 5.0]),
        (["1'234", "5"], [1234.0, 5.0]),
        (["12%", "3.5%"], [12.0, 3.5]),
        (["$3.5", "-$7", "($2)"], [3.5, -7.0, -2.0]),
        (["3 kg", "12 kg"], [3.0, 12.0]),
        (["1e3", "-2.5E-2"], [1000.0, -0.025]),
        (["¥1,000", "¥20"], [1000.0, 20.0]),
    ],
)
def test_numbers_as_people_write_them(cells, values):
    style = detect_number(cells)
    assert style is not None
    assert parse_number(pl.Series(cells), style).to_list() == values


@pytest.mark.parametrize(
    "cells", [["12A", "13"], ["1,23,4"], ["A1", "A2"], ["1.2.3", "4"], ["1st"]]
)
def test_what_is_no_number(cells):
    style = detect_number(cells)
    if style is not None:
        assert parse_number(pl.Series(cells), style).null_count()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-1e9, 1e9).map(lambda v: round(v, 2)), min_size=1, max_size=20))
def test_written_numbers_come_back(values):
    cells = [f"{v:,.2f}" for v in values]
    style = detect_number(cells)
    assert style is not None
    np.testing.assert_allclose(parse_number(pl.Series(cells), style).to_numpy(), values)


MOMENT = datetime(2023, 11, 25, 14, 5, 9)


@pytest.mark.parametrize(
    "format",
    [
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%d.%m.%Y",
        "%m/%d/%Y",
        "%d/%m/%Y",
        "%d-%b-%Y",
        "%d-%b-%y",
        "%b %d, %Y",
        "%Y年%m月%d日",
        "%Y%m%d",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%dT%H:%M:%SZ",
        "%Y-%m-%d %H:%M",
        "%m/%d/%Y %I:%M %p",
        "%m/%d/%y %H:%M",
        "%b %Y",
        "%Y-%m",
    ],
)
def test_dates_as_people_write_them(format):
    moments = [MOMENT + timedelta(days=37 * i) for i in range(20)]
    cells = pl.Series([m.strftime(format) for m in moments])
    found = detect_date(cells)
    assert found is not None
    expected = [datetime.strptime(m.strftime(format), format) for m in moments]
    assert parse_date(cells, found[0]).to_list() == expected


def test_zones_become_utc():
    cells = pl.Series(["2024-01-31T10:00:00Z", "2024-02-01T11:00:05+02:00"])
    found = detect_date(cells)
    assert found is not None
    assert parse_date(cells, found[0]).to_list() == [
        datetime(2024, 1, 31, 10),
        datetime(2024, 2, 1, 9, 0, 5),
    ]


@pytest.mark.parametrize("cells", [["1234567"], ["20249999"], ["2024-13-45"], ["soon"], ["12:30"]])
def test_what_is_no_date(cells):
    assert detect_date(pl.Series(cells)) is None


KINDS = [
    ("zip", ["00123", "01234", "99999"] * 10, "categorical"),
    ("account", [f"{10**17 + i}" for i in range(30)], "identifier"),
    ("customer_id", list(range(1000, 2000, 7)), "identifier"),
    ("row", list(range(50)), "identifier"),
    ("price", list(range(1000, 2000, 7)), "numeric"),
    ("uuid", [f"123e4567-e89b-12d3-a456-{i:012d}" for i in range(30)], "identifier"),
    ("code", [1, 2, 3, 4] * 10, "categorical"),
    ("rooms", [1, 2, 3, 4] * 10, "numeric"),
    ("yes", ["Yes", "no", "YES", "No"] * 5, "boolean"),
    ("bits", [0, 1] * 10, "boolean"),
    ("clock", ["12:30", "8:05", "23:59"] * 10, "numeric"),
    ("review", [f"a rather long text about item number {i}" for i in range(30)], "text"),
    ("标题", [f"这是第{i}条新闻的标题内容" for i in range(30)], "text"),
    ("street", ["Main Street", "High Street", "Park Road"] * 10, "categorical"),
    ("nothing", [None] * 30, "constant"),
    ("same", ["x"] * 30, "constant"),
    ("flagged", ["x", None] * 15, "categorical"),
    ("day", [20240101 + i for i in range(28)], "datetime"),
    ("stage", ["1", "2", "3+", "0"] * 10, "categorical"),
]


@pytest.mark.parametrize(("name", "cells", "kind"), KINDS, ids=[k[0] for k in KINDS])
def test_kinds(name, cells, kind):
    column = read({name: cells, "other": [1.5] * len(cells)}).schema[name]
    assert column.kind == kind, column.reason
    assert column.reason


def test_kinds_can_be_overridden():
    columns = {"zip": [10115, 10117, 10119] * 10, "n": ["1", "2", "three"] * 10}
    table = read(columns, kinds={"zip": "categorical", "n": "numeric"})
    assert table.frame["zip"].to_list()[:3] == ["10115", "10117", "10119"]
    assert table.frame["n"].to_list()[:3] == [1.0, 2.0, None]
    assert table.schema["n"].misfits == {"three": 10}
    new, findings = table.schema.check({"zip": [10115.0, None], "n": ["2", "2"]})
    assert new["zip"].to_list() == ["10115", None]
    assert [f.code for f in findings] == ["new-missing"]


@pytest.mark.parametrize("name", datasets.names())
def test_a_schema_survives_json_and_knows_its_own_table(name):
    import json

    table = read(f"zhixing:{name}")
    schema = Schema.from_dict(json.loads(json.dumps(table.schema.as_dict())))
    assert schema == table.schema
    frame, findings = schema.check(datasets.load(name, as_frame=True).frame)
    assert frame.equals(table.X) and not findings


def test_a_csv_file_and_its_frame_agree_at_prediction(tmp_path, rng):
    """What a cell means does not depend on the format the new table comes in."""
    frame = some_frame(rng)
    table = read(frame)
    frame.write_csv(tmp_path / "new.csv")
    cells, _, _ = load(tmp_path / "new.csv")
    from_text, findings = table.schema.check(cells)
    assert from_text.equals(table.X) and not findings
    from_pandas, findings = table.schema.check(frame.to_pandas())
    assert from_pandas.equals(table.X) and not findings


@pytest.mark.parametrize(
    ("name", "values", "task"),
    [
        ("y", ["a", "b"] * 20, "binary"),
        ("y", [1, 2] * 20, "binary"),
        ("y", [True, False] * 20, "binary"),
        ("y", [1.0, 2.0, None, 1.0] * 10, "binary"),
        ("y", ["a", "b", "c", "a"] * 10, "multiclass"),
        ("y", [0, 1, 2, 1] * 10, "multiclass"),
        ("y", ["1", "2", "3", "1"] * 10, "multiclass"),
        ("y", np.linspace(0, 1, 40), "regression"),
        ("y", list(range(0, 400, 10)), "regression"),
        ("n_claims", list(range(40)), "count"),
        ("y", ["1,200.5", "900", "17", "3"] * 10, "regression"),
    ],
)
def test_tasks(name, values, task):
    table = read({"x": np.arange(40) * 0.5, name: values}, target=name)
    assert table.task == task
    if task in ("binary", "multiclass"):
        labels = np.array(table.classes, dtype=object)[table.codes]
        assert labels.tolist() == table.y.tolist()


@pytest.mark.parametrize(
    ("labels", "positive"),
    [(["yes", "no"], "yes"), (["good", "bad"], "good"), ([0, 1], 1), (["spam", "ham"], "spam")],
)
def test_the_positive_class(labels, positive):
    table = read({"x": np.arange(20) * 0.5, "y": labels * 10}, target="y")
    assert table.target.positive == positive
    other = next(label for label in labels if label != positive)
    again = read({"x": np.arange(20) * 0.5, "y": labels * 10}, target="y", positive=other)
    assert again.target.positive == other


def test_roles_are_no_features(rng):
    n = 40
    columns = {
        "x": rng.normal(size=n),
        "w": rng.random(n),
        "g": rng.choice(["p", "q", "r"], n),
        "t": [f"2024-01-{i % 28 + 1:02d}" for i in range(n)],
        "part": ["train"] * 30 + ["test"] * 10,
        "y": rng.normal(size=n),
    }
    table = read(columns, target="y", weight="w", group="g", time="t", split="part")
    assert table.features == ["x"]
    np.testing.assert_array_equal(table.weight, columns["w"])
    assert len(set(zip(table.groups.tolist(), columns["g"].tolist()))) == 3
    assert np.diff(np.unique(table.time)).min() == 86_400
    assert table.parts.to_list() == columns["part"]
    part = table.take([3, 1])
    assert isinstance(part, Table) and part.rows.tolist() == [3, 1]
    np.testing.assert_array_equal(part.y, table.y[[3, 1]])
    np.testing.assert_array_equal(part.weight, table.weight[[3, 1]])
