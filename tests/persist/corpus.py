"""Damaged and malicious model files, each with a word its error must contain.

Every file except those under "damage" carries a correct digest: it gets past the first check.
"""

from __future__ import annotations

import copy
import io
import json
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.pipeline import Pipeline

from zhixing.core.history import History
from zhixing.persist.container import ARRAYS, COMMENT, MANIFEST

from . import forge

Case = tuple[str, bytes, str]


def model() -> dict[str, Any]:
    """A value with most kinds of node in it."""
    history = History()
    history.record(0, objective=1.0)
    shared = [1, 2]
    return {
        "floats": np.arange(12.0).reshape(3, 4),
        "texts": np.array(["one", "two"]),
        "flags": np.array([True, False, True]),
        "objects": np.array(["a", None, 1.5], dtype=object),
        "matrix": sparse.csr_array(np.eye(3)),
        "names": [f"name {i}" for i in range(40)],
        "state": np.random.default_rng(0),
        "old state": np.random.RandomState(0),
        "history": history,
        "shared": [shared, shared],
        "pipeline": Pipeline([("nothing", "passthrough")]),
    }


def cases(folder: Path) -> Iterator[Case]:
    """Every case: its name, the bytes, a word of the error."""
    data = forge.honest(folder, model(), metadata={"rows": 3})
    for group in (damage, envelope, manifests, headers, nodes):
        yield from group(data)


def damage(data: bytes) -> Iterator[Case]:
    """What copying, disks and networks do."""
    yield "empty file", b"", "empty"
    yield "text file", b"age,income\n1,2\n" * 50, "not a model file"
    yield "another zip", _other_zip(), "not a model file"
    yield "one byte", b"P", "not a model file"
    for twentieth in range(1, 20):
        yield f"first {twentieth}/20", data[: len(data) * twentieth // 20], "not a model file"
    yield "last byte missing", data[:-1], "not a model file"
    yield "a byte added", data + b"\0", "not a model file"
    yield "a byte before", b"\0" + data, "exactly two members"
    rng = np.random.default_rng(7)
    places = rng.choice(8 * (len(data) - COMMENT), 160, replace=False)
    ends = range(8 * (len(data) - COMMENT), 8 * len(data), 29)
    for bit in [*places, *ends]:
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << int(bit % 8)
        yield f"bit {bit} flipped", bytes(flipped), ""


def _other_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "text")
    return out.getvalue()


def envelope(data: bytes) -> Iterator[Case]:
    """The zip itself."""
    manifest, arrays = forge.members(data)
    text = json.dumps(manifest).encode()
    good = [(MANIFEST, text), (ARRAYS, arrays)]
    for name in ("../manifest.json", "/etc/passwd", "..\\manifest.json", "C:manifest.json", "a/b"):
        yield f"member named {name}", forge.zipped([(name, text), good[1]]), "instead of"
        yield f"arrays named {name}", forge.zipped([good[0], (name, arrays)]), "instead of"
    yield "members swapped", forge.zipped(good[::-1]), "instead of"
    yield "manifest twice", forge.zipped([good[0], (MANIFEST, text)]), "instead of"
    yield "extra member", forge.zipped([*good, ("run.py", b"1/0")]), "exactly two members"
    yield "only the manifest", forge.zipped(good[:1]), "exactly two members"
    yield "no member", forge.zipped([]), "not a model file"
    many = [*good, *((f"m{i}", b"") for i in range(3000))]
    yield "many members", forge.zipped(many), "exactly two members"
    for member in (MANIFEST, ARRAYS):
        link = forge.zipped(good, modes={member: stat.S_IFLNK | 0o777})
        yield f"{member} is a symbolic link", link, "link"
        yield f"{member} is a pipe", forge.zipped(good, modes={member: stat.S_IFIFO}), "link"
    for method, name in ((zipfile.ZIP_BZIP2, "bzip2"), (zipfile.ZIP_LZMA, "lzma")):
        yield f"manifest in {name}", forge.zipped(good, methods={MANIFEST: method}), "not allowed"
        yield f"arrays in {name}", forge.zipped(good, methods={ARRAYS: method}), "compressed"
    deflated = {ARRAYS: zipfile.ZIP_DEFLATED}
    bomb = forge.zipped([good[0], (ARRAYS, bytes(2**28))], methods=deflated)
    yield "zip bomb in the arrays", bomb, "compressed"
    spaces = text + b" " * 2**28
    yield "zip bomb in the manifest", forge.zipped([(MANIFEST, spaces), good[1]]), "expands to"
    yield "lying about the bomb's size", _lies(spaces, good[1]), ""
    yield "encrypted", _encrypted(forge.zipped(good)), "encrypted"
    yield "bytes before the archive", forge.zipped(good, before=b"#!/bin/sh\n"), ""
    yield "another file's comment", data[:-COMMENT] + b"x" * COMMENT, "not a model file"


def _lies(content: bytes, arrays: tuple[str, bytes]) -> bytes:
    """A manifest of 256 MiB whose records claim 1,000 bytes."""
    data = bytearray(forge.zipped([(MANIFEST, content), arrays]))
    real, claimed = len(content).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    return forge.signed(bytes(data.replace(real, claimed)))


def _encrypted(data: bytes) -> bytes:
    """The flag that says a member is encrypted, in both of its records."""
    changed = bytearray(data)
    changed[6] |= 1
    changed[data.index(b"PK\x01\x02") + 8] |= 1
    return forge.signed(bytes(changed))


def manifests(data: bytes) -> Iterator[Case]:
    """The manifest as text and as a whole."""
    manifest, arrays = forge.members(data)
    text = json.dumps(manifest)

    def whole(**parts: Any) -> bytes:
        return forge.forged(manifest | parts, arrays)

    def raw(text: str | bytes) -> bytes:
        return forge.forged(text if isinstance(text, bytes) else text.encode(), arrays)

    yield "not JSON", raw("{"), "not JSON"
    yield "not UTF-8", raw(b"\xff\xfe"), "not JSON"
    yield "a list", raw("[]"), "manifest is list"
    yield "a NaN token", raw(text.replace('"schema": null', '"schema": NaN')), "NaN"
    yield (
        "an Infinity token",
        raw(text.replace('"schema": null', '"schema": -Infinity')),
        "Infinity",
    )
    yield "1e999", raw(text.replace('"schema": null', '"schema": 1e999')), "double precision"
    long = text.replace('"schema": null', '"schema": ' + "9" * 5000)
    yield "an integer of 5000 digits", raw(long), "64 bits"
    twice = text.replace('"schema": null', '"schema": null, "schema": 1')
    yield "a key twice", raw(twice), "twice"
    deep = text.replace('"schema": null', '"schema": ' + "[" * 100_000 + "]" * 100_000)
    yield "100,000 levels", raw(deep), ""
    yield "90 levels", whole(schema=json.loads("[" * 90 + "]" * 90)), "deep"
    yield "8 million empty lists", raw('{"a": [' + "[]," * 5_000_000 + "[]]}"), "more than"
    yield "format of the future", whole(format=2), "update zhixing"
    yield "format 0", whole(format=0), "never existed"
    yield "format as text", whole(format="1"), "format is str"
    yield "format true", whole(format=True), "format is bool"
    yield "an unknown part", whole(code="import os"), "code"
    yield "a part missing", forge.forged({"format": 1, "versions": {}}, arrays), "wrong parts"
    yield "metadata with an array", whole(metadata=_array(0)), ""
    yield "metadata as a list", whole(metadata=[]), "metadata"
    yield "versions as numbers", whole(versions={"zhixing": 1}), "version of zhixing"


def _array(index: Any, dtype: str = "f8", order: str = "C") -> dict[str, Any]:
    return {"t": "array", "i": index, "dtype": dtype, "order": order}


def headers(data: bytes) -> Iterator[Case]:
    """The table of arrays against the bytes."""
    manifest, arrays = forge.members(data)

    def table(entries: Any, member: bytes = arrays) -> bytes:
        return forge.forged(manifest | {"arrays": entries}, member)

    right = manifest["arrays"]
    first = [["F64", [3, 4]], *right[1:]]
    assert right[0] == first[0]
    for name, entry in {
        "one more row": ["F64", [4, 4]],
        "one row less": ["F64", [2, 4]],
        "another width": ["F32", [3, 4]],
        "2^60 rows": ["F64", [2**60, 4]],
        "2^40 x 2^40": ["F64", [2**40, 2**40]],
        "2^62 x 0": ["F64", [2**62, 0]],
        "a negative dimension": ["F64", [-3, -4]],
        "a float dimension": ["F64", [3.0, 4]],
        "true as a dimension": ["F64", [True, 12]],
        "40 dimensions": ["F64", [1] * 40],
        "an unknown type": ["OBJECT", [3, 4]],
        "bfloat16": ["BF16", [3, 4]],
        "three parts": ["F64", [3, 4], 0],
        "a string": "F64",
    }.items():
        yield f"table: {name}", table([entry, *right[1:]]), ""
    yield "table: no array", table([]), "describes"
    yield "table: a dictionary", table({}), "dict"
    length = int.from_bytes(arrays[:8], "little")
    entries, numbers = json.loads(arrays[8 : 8 + length]), arrays[8 + length :]
    for claim in (2**63, 2**40, len(arrays) + 1, 1, 0):
        huge = forge.safetensors(entries, numbers, claim)
        yield f"header claims {claim} bytes", forge.forged(manifest, huge), "header"
    overlapping = copy.deepcopy(entries)
    overlapping["1"]["data_offsets"] = overlapping["0"]["data_offsets"]
    yield "overlap", forge.forged(manifest, forge.safetensors(overlapping, numbers)), ""
    outside = copy.deepcopy(entries)
    outside["0"]["data_offsets"] = [0, 2**50]
    yield "offset outside", forge.forged(manifest, forge.safetensors(outside, numbers)), ""
    yield "numbers missing", forge.forged(manifest, arrays[:-8]), ""
    yield "numbers added", forge.forged(manifest, arrays + bytes(8)), "describes"
    yield "no arrays at all", forge.forged(manifest, b""), ""
    yield "2^64 - 1 as the whole member", forge.forged(manifest, b"\xff" * 8), ""


def nodes(data: bytes) -> Iterator[Case]:
    """The tree: what it names, where it points, what it would build."""
    manifest, arrays = forge.members(data)

    def tree(change: Callable[[dict[str, Any]], Any]) -> bytes:
        changed = copy.deepcopy(manifest)
        content = dict(zip(changed["model"]["k"], changed["model"]["v"]))
        change(content)
        changed["model"]["v"] = list(content.values())
        return forge.forged(changed, arrays)

    def put(name: str, node: Any) -> bytes:
        return tree(lambda content: content.update({name: node}))

    def edit(name: str, **fields: Any) -> bytes:
        return tree(lambda content: content[name].update(fields))

    def thing(cls: str, **parts: Any) -> dict[str, Any]:
        return {"t": "object", "class": cls} | parts

    pipeline = "sklearn.pipeline.Pipeline"
    for name in (
        "os.system", "builtins.eval", "subprocess.Popen", "zhixing.persist.load", "numpy.ndarray",
        "sklearn.pipeline", "sklearn.pipeline.make_pipeline", "history.History", "__main__.Evil",
        "", "a" * 10_000,
    ):  # fmt: skip
        yield f"class {name[:30]!r}", put("history", thing(name, state=[])), "not in the registry"
        yield f"class value {name[:30]!r}", put("history", {"t": "class", "v": name}), "registry"
    yield "class as a list", put("history", thing(["History"], state=[])), ""  # type: ignore[arg-type]
    for attribute in (
        "__class__", "__dict__", "__reduce__", "__sklearn_tags__", "record", "a b", "", "a.b", "1",
    ):  # fmt: skip
        state = thing("core.history.History", state=[["rows", []], [attribute, 1]])
        yield f"attribute {attribute!r}", put("history", state), "attribute"
    params = [["steps", []], ["transform_input", None], ["memory", None], ["verbose", False]]
    for attribute in ("fit", "predict", "_validate_steps", "named_steps", "__init__"):
        state = thing(
            pipeline, params=params, state=[[attribute, {"t": "function", "v": "numpy.exp"}]]
        )
        yield f"pipeline attribute {attribute}", put("pipeline", state), "attribute"
    extra = thing(pipeline, params=[*params, ["code", 1]], state=[])
    yield "an unknown parameter", put("pipeline", extra), "no parameter"
    yield "a parameter missing", put("pipeline", thing(pipeline, params=[], state=[])), "lacks"
    again = thing(pipeline, params=[*params, params[0]], state=[])
    yield "a parameter twice", put("pipeline", again), "twice"
    both = thing(pipeline, params=params, state=[["steps", []]])
    yield "parameter and attribute", put("pipeline", both), "both"
    cache = [*params[:2], ["memory", "/tmp/cache"], params[3]]
    yield "a cache of pickles", put("pipeline", thing(pipeline, params=cache, state=[])), "outside"
    yield "fields of an estimator", put("pipeline", thing(pipeline, fields=[])), "parts of Pipeline"
    lost = thing("core.estimate.Estimate", fields=[["value", 1.0], ["evil", 1]])
    yield "an unknown field", put("history", lost), "no field"
    short = thing("core.estimate.Estimate", fields=[["value", 1.0]])
    yield "a field missing", put("history", short), ""
    named = thing("core.history.History", state={"rows": []})
    yield "state as an object", put("history", named), "list of names"

    for function in ("os.system", "numpy.load", "numpy.fromfile", "eval", None, 1):
        node = {"t": "function", "v": function}
        yield f"function {function}", put("history", node), "function"
    for scorer in ("make_scorer", "__class__", "os.system"):
        yield f"scorer {scorer}", put("history", {"t": "scorer", "v": scorer}), "scorer"
    for kind in ("builtins.eval", "numpy.memmap", "os.system"):
        yield f"type {kind}", put("history", {"t": "type", "v": kind}), "type"
    for tag in ("pickle", "reduce", "__class__", "import", None, 3, ["list"]):
        yield f"tag {tag}", put("history", {"t": tag, "v": "os.system"}), "tag"
    yield "no tag", put("history", {"v": 1}), "tag"
    yield "fields beside a list", put("history", {"t": "list", "v": [], "call": "eval"}), "fields"

    for name, node in {
        "an array that is not there": _array(10_000),
        "array -1": _array(-1),
        "array true": _array(True),
        "an array of objects": _array(0, "O"),
        "a structured array": _array(0, "f8,f8"),
        "a huge item": _array(0, "V8"),
        "an invented dtype": _array(0, "os.system"),
        "text from floats": _array(0, "U1"),
        "order K": _array(0, order="K"),
        "dates in fortnights": _array(0, "M8[fortnights]"),
        "complex from a matrix": _array(0, "c16"),
    }.items():
        yield name, put("history", node), ""
    rows = next(i for i, (kind, _) in enumerate(manifest["arrays"]) if kind == "U8")
    yield "booleans from bytes", put("history", _array(rows, "b1")), ""
    yield (
        "beyond Unicode",
        put("history", {"t": "scalar", "dtype": "U1", "v": "ffffffff"}),
        "Unicode",
    )
    yield "a boolean of 2", put("history", {"t": "scalar", "dtype": "b1", "v": "02"}), "boolean"
    yield "a scalar too short", put("history", {"t": "scalar", "dtype": "f8", "v": "00"}), "size"
    yield "an object scalar", put("history", {"t": "scalar", "dtype": "O", "v": "00" * 8}), ""
    yield "objects too few", edit("objects", shape=[4]), ""
    yield "objects 2^40 x 2^40", edit("objects", shape=[2**40, 2**40]), ""

    yield "sparse: an index outside", edit("matrix", shape=[3, 2]), "outside"
    yield "sparse: rows missing", edit("matrix", shape=[4, 3]), "fit its shape"
    yield "sparse: transposed indices", edit("matrix", format="os.system"), ""
    yield "sparse: a float index", edit("matrix", indices=_array(0)), ""
    yield "sparse: no array", edit("matrix", data=[1.0, 1.0, 1.0]), "data"
    yield "packed: wrong kind", edit("names", v={"kind": "float", "i": 1}), "packed"
    yield "packed: unknown kind", edit("names", v={"kind": "pickle", "i": 0}), "packed"
    yield "packed: no ends", edit("names", v=dict(_packed(manifest), ends=0)), "ends"
    yield "reference to nothing", put("history", {"t": "ref", "v": 999}), "reference"
    yield "reference to a list", put("history", {"t": "ref", "v": [1]}), ""
    cycle = {"t": "tuple", "id": 77, "v": [{"t": "ref", "v": 77}]}
    yield "a tuple in itself", put("history", cycle), "reference"
    twin = [{"t": "list", "id": 78, "v": []}, {"t": "list", "id": 78, "v": []}]
    yield "an id twice", put("history", twin), "twice"
    yield "a set of lists", put("history", {"t": "set", "v": [[]]}), ""
    yield (
        "keys without values",
        put("history", {"t": "dict", "k": [1, 2], "v": [1]}),
        "fit its values",
    )
    yield (
        "a key twice in a value",
        put("history", {"t": "dict", "k": [1, 1], "v": [1, 2]}),
        "repeat",
    )
    for bits in ("MT19937", "Philox", "os.system"):
        yield f"generator {bits}", put("state", _generator(bits)), ""
    yield "integer in decimal", put("history", {"t": "int", "v": "12"}), "integer"
    yield (
        "an integer of a million digits",
        put("history", {"t": "int", "v": "0x" + "f" * 10**6}),
        "",
    )
    yield "float as text", put("history", {"t": "float", "v": "__import__('os')"}), "float"
    yield "bytes", put("history", {"t": "bytes", "v": "?"}), ""
    yield "a date", put("history", {"t": "date", "v": "yesterday"}), ""


def _packed(manifest: dict[str, Any]) -> dict[str, Any]:
    content = dict(zip(manifest["model"]["k"], manifest["model"]["v"]))
    return content["names"]["v"]


def _generator(bits: str) -> dict[str, Any]:
    """A generator whose position lies outside its buffer."""
    inner = {"t": "dict", "k": ["key", "pos"], "v": [_array(0), 10_000]}
    state = {
        "t": "dict",
        "k": ["bit_generator", "state", "buffer_pos"],
        "v": [bits, inner, 10_000],
    }
    return {"t": "generator", "v": state}
