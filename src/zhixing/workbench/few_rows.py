"""The short way of a few rows through a model: Python values to the matrix, without a frame.

A frame of one row costs milliseconds wherever every column is looked at by library calls.  Here a
value goes through one dictionary or one list slot, and all numbers through six NumPy operations.
Only clean rows take it: a value that would need a word of explanation (a new category, text where a
number belongs, a column that is missing) sends all of them the long way, which gives the word.
Its plain definition is ``Preparation.transform(Schema.check(frame))``; a test compares the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from .prepare.levels import MISSING, Levels, Means
from .prepare.native import Codes, Plain
from .prepare.numbers import Numbers

if TYPE_CHECKING:
    from .model import TableModel

#: Up to so many rows; above it column operations are faster.
FEW = 16

_made: WeakKeyDictionary[Any, FewRows] = WeakKeyDictionary()


class FewRows:
    """What the short way needs of a fitted model, laid out flat."""

    @classmethod
    def of(cls, model: TableModel) -> FewRows:
        """The one made for this model, made on first use."""
        found = _made.get(model)
        if found is None:
            found = _made[model] = cls(model)
        return found

    def __init__(self, model: TableModel) -> None:
        preparation = model.preparation
        self.columns = model.schema.usable()
        self.width = len(preparation.features())
        self.possible = not preparation.is_sparse_
        self.numbers: Numbers | Plain | None = None
        self.words: list[tuple[str, dict[str, np.ndarray], slice]] = []
        self.start = 0
        start = 0
        for block in preparation.blocks_:
            width = len(block.features())
            if isinstance(block, (Numbers, Plain)):
                self.numbers, self.start = block, start
                kinds = {name: model.schema[name] for name in block.columns or []}
                # Bounds: values far outside are warned about, which is the long way's business.
                self.bounds = [_bounds(kinds[name]) for name in block.columns or []]
            elif isinstance(block, (Levels, Codes, Means)):
                self._add_words(model, block, start)
            else:
                self.possible = False
            start += width

    def _add_words(self, model: TableModel, block: Levels | Codes | Means, start: int) -> None:
        """For every level its piece of a row, as the block itself encodes it."""
        import polars as pl

        names, widths = block.columns or [], {}
        for feature in block.features():
            widths[feature.column] = widths.get(feature.column, 0) + 1
        levels = {name: block.encoder_.categories_[j].tolist() for j, name in enumerate(names)}
        most = max(map(len, levels.values()))
        padded = {name: v + [v[0]] * (most - len(v)) for name, v in levels.items()}
        coded = block.apply(pl.DataFrame(padded, schema=dict.fromkeys(names, pl.String)))
        at = 0
        for name in names:
            place = slice(at, at + widths.get(name, 0))
            pieces = {level: coded[i, place] for i, level in enumerate(levels[name])}
            if model.schema[name].n_missing == 0:
                pieces.pop(MISSING, None)
            self.words.append((name, pieces, slice(start + place.start, start + place.stop)))
            at = place.stop

    def matrix(self, frame: Any) -> np.ndarray | None:
        """The prepared rows, or None where they must go the long way."""
        if not self.possible:
            return None
        columns = _columns(frame, self.columns)
        if columns is None:
            return None
        n = len(next(iter(columns.values())))
        out = np.zeros((n, self.width))
        for name, pieces, place in self.words:
            for i, value in enumerate(columns[name]):
                piece = pieces.get(MISSING if value is None else value)
                if piece is None:
                    return None
                out[i, place] = piece
        if self.numbers is not None:
            raw = self._numbers(columns, n)
            if raw is None:
                return None
            made = self.numbers.encode(raw)
            out[:, self.start : self.start + made.shape[1]] = made
        return out

    def _numbers(self, columns: dict[str, Any], n: int) -> np.ndarray | None:
        assert self.numbers is not None
        names = self.numbers.columns or []
        raw = np.empty((n, len(names)))
        for j, (name, (low, high, gaps)) in enumerate(zip(names, self.bounds)):
            for i, value in enumerate(columns[name]):
                if value.__class__ is int or value.__class__ is float or value.__class__ is bool:
                    if low <= value <= high:
                        raw[i, j] = value
                        continue
                    if value == value:
                        return None
                elif value is not None:
                    return None
                if not gaps:
                    return None
                raw[i, j] = np.nan
        return raw


def _bounds(column: Any) -> tuple[float, float, bool]:
    if column.kind == "boolean":
        return 0.0, 1.0, column.n_missing > 0
    if column.low is None or column.high is None:
        return -np.inf, np.inf, True
    slack = column.high - column.low
    return column.low - slack, column.high + slack, column.n_missing > 0


def _columns(frame: Any, wanted: list[str]) -> dict[str, Any] | None:
    """Few rows of a frame as lists of Python values by column; None for anything unusual."""
    if isinstance(frame, list):
        if not 0 < len(frame) <= FEW or not all(isinstance(row, dict) for row in frame):
            return None
        rows = frame
        try:
            return {name: [row[name] for row in rows] for name in wanted}
        except KeyError:
            return None
    if isinstance(frame, dict):
        try:
            found = {name: frame[name] for name in wanted}
        except KeyError:
            return None
        if any(not isinstance(v, (list, tuple)) for v in found.values()):
            return None
        sizes = set(map(len, found.values()))
        return found if len(sizes) == 1 and 0 < sizes.pop() <= FEW else None
    names = getattr(frame, "columns", None)
    if names is None or not 0 < len(frame) <= FEW:
        return None
    if hasattr(frame, "rows"):  # polars
        found = dict(zip(names, zip(*frame.rows())))
    elif hasattr(frame, "iloc"):
        found = dict(zip(names, (frame[name].tolist() for name in names)))
        # pandas writes a missing word as NaN.
        for name, values in found.items():
            if any(v.__class__ is float and v != v for v in values):
                found[name] = [None if v.__class__ is float and v != v else v for v in values]
    else:
        return None
    return found if all(name in found for name in wanted) else None
