"""Dates and times: a trend, and places within the year, the week and the day on circles."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from ...preprocessing import DateParts, StandardScaler
from .block import Block, Feature

#: Cycles: the part of a date that places it on the circle, and days in one turn.
CYCLES = {"year": ("day_of_year", 365.0), "week": ("weekday", 7.0), "day": ("hour", 1.0)}


class Dates(Block):
    """Days elapsed, and sine and cosine of the place in the year, the week and the day.

    A circle has no jump from December to January.  Cycles that do not turn once within the rows
    learned from are left out: their places could not be told from the trend.  A missing date
    counts as the mean and is flagged.
    """

    def learn(self, frame: pl.DataFrame, y: Any, weight: np.ndarray | None) -> np.ndarray:
        self.parts_, self.flagged_ = [], []
        for name in self.columns or []:
            times = frame[name]
            span = (times.max() - times.min()).total_seconds() / 86_400  # type: ignore[operator]
            parts = [part for part, turn in CYCLES.values() if span >= turn]
            self.parts_.append(
                DateParts(parts=("elapsed", *parts), cyclic="only").fit(times.to_frame())
            )
            self.flagged_.append(times.null_count() > 0)
        raw = self._raw(frame)
        self.scaler_ = StandardScaler().fit(raw, sample_weight=weight)
        return self._filled(raw)

    def _raw(self, frame: pl.DataFrame) -> np.ndarray:
        columns = []
        for name, parts, flagged in zip(self.columns or [], self.parts_, self.flagged_):
            columns.append(parts.transform(frame[name].to_frame()))
            if flagged:
                columns.append(frame[name].is_null().cast(pl.Float64).to_numpy()[:, None])
        return np.hstack(columns)

    def _filled(self, raw: np.ndarray) -> np.ndarray:
        return np.nan_to_num(self.scaler_.transform(raw), nan=0.0, copy=False)

    def apply(self, frame: pl.DataFrame) -> np.ndarray:
        return self._filled(self._raw(frame))

    def features(self) -> list[Feature]:
        found = []
        for name, parts, flagged in zip(self.columns or [], self.parts_, self.flagged_):
            found += [Feature(f"{name}: {_said(out)}", name) for out in parts.outputs_[0]]
            if flagged:
                found.append(Feature(f"{name} missing", name))
        return found

    def words(self) -> dict[str, str]:
        said = {}
        for column, parts in zip(self.columns or [], self.parts_):
            outputs = parts.outputs_[0]
            cycles = [cycle for cycle, (part, _) in CYCLES.items() if f"{part}_sin" in outputs]
            said[column] = ", ".join(["days elapsed", *(f"place in the {c}" for c in cycles)])
        return said


def _said(output: str) -> str:
    if output == "elapsed":
        return "days elapsed"
    part, _, wave = output.rpartition("_")
    cycle = next(c for c, (p, _) in CYCLES.items() if p == part)
    return f"{'sine' if wave == 'sin' else 'cosine'} of the {cycle}"
