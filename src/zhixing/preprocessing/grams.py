"""n-grams of many texts, counted on code points without making a string of each."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

import numpy as np
from scipy import sparse as sp

from ..kernels.spans import count_codes, cut_words, distinct_spans
from .coding import code_keys
from .tokens import HAN, join, one_space

_POINTS = 0x110000


class Grams(NamedTuple):
    """Counts (text, gram), and the spelling of the grams in the columns asked for.

    Longer grams have higher columns.
    """

    counts: sp.csr_matrix
    spell: Callable[[np.ndarray], list[str]]


def count_grams(
    texts: list[str], analyzer: str, ngrams: tuple[int, int], stop: Collection[str] = ()
) -> Grams:
    """What `tokens.cut` gives for every text, as counts.

    >>> grams = count_grams(["a cat, a cat", "the cat"], "word", (1, 1))
    >>> grams.spell(np.arange(2)), grams.counts.toarray().tolist()
    (['cat', 'the'], [[2, 0], [1, 1]])
    """
    return _characters(texts, ngrams) if analyzer == "char" else _words(texts, ngrams, stop)


def _words(texts: list[str], ngrams: tuple[int, int], stop: Collection[str]) -> Grams:
    stops = list(stop)
    points, ends = _code_points([*stops, *texts])
    kinds = _kinds(points)
    bounds = np.empty(len(ends) + 1, np.int64)
    nothing = np.empty(0, np.int64)
    n = cut_words(points, kinds, ends, nothing, nothing, bounds)
    starts, stop_at = np.empty(n, np.int64), np.empty(n, np.int64)
    if n:
        cut_words(points, kinds, ends, starts, stop_at, bounds)
    codes, first = _code_spans(points, starts, stop_at)
    if stop:
        # Stop words were put in front, so their codes are the first; they leave with their texts.
        # One that is not cut into itself ("don't") can meet no word.
        heads = np.concatenate([[0], ends[: len(stops)]])
        single = {
            int(codes[k])
            for i, k in enumerate(bounds[: len(stops)].tolist())
            if k < bounds[i + 1] and (starts[k], stop_at[k]) == (heads[i], heads[i + 1])
        }
        bounds = bounds[len(stops) :]
        wanted = ~np.isin(codes, list(single))
        wanted[: bounds[0]] = False
        kept = np.concatenate([[0], np.cumsum(wanted)])
        bounds = kept[bounds]
        words = np.flatnonzero(wanted)
        codes = codes[words]
    else:
        words = np.arange(n)
    text = points.astype("<u4").tobytes()

    def word(at: int) -> str:
        at = words[at]
        return text[4 * starts[at] : 4 * stop_at[at]].decode("utf-32-le", "surrogatepass")

    if not stop:
        found = first
    else:
        codes, found = code_keys(codes.astype(np.int64))

    def spell(places: np.ndarray, size: int) -> list[str]:
        return [join([word(at + k) for k in range(size)]) for at in places.tolist()]

    return _by_size(codes, bounds, found, ngrams, spell)


def _characters(texts: list[str], ngrams: tuple[int, int]) -> Grams:
    points, ends = _code_points([one_space(text) for text in texts])
    bounds = np.concatenate([[0], ends])
    codes, first = code_keys(points.astype(np.int64))
    text = points.astype("<u4").tobytes()

    def spell(places: np.ndarray, size: int) -> list[str]:
        spans = [text[4 * at : 4 * (at + size)] for at in places.tolist()]
        return [span.decode("utf-32-le", "surrogatepass") for span in spans]

    return _by_size(codes, bounds, first, ngrams, spell)


def _by_size(
    units: np.ndarray,
    bounds: np.ndarray,
    first: np.ndarray,
    ngrams: tuple[int, int],
    spell: Callable[[np.ndarray, int], list[str]],
) -> Grams:
    """Counts of the n-grams of units of every size; a gram is its head of one less and a unit."""
    blocks, firsts, sizes = [], [], []
    codes = units
    last = np.repeat(bounds[1:], np.diff(bounds))  # where the text of every unit ends
    for size in range(1, ngrams[1] + 1):
        if size > 1:
            n = max(len(units) - size + 1, 0)
            inside = np.arange(n) + size <= last[:n]
            keys = (codes[:n].astype(np.int64) << 32) | units[size - 1 : size - 1 + n]
            places = np.flatnonzero(inside)
            found, at = code_keys(keys[places])
            codes = np.full(len(units), -1, np.int32)
            codes[places] = found
            first = places[at]
        if size >= ngrams[0]:
            blocks.append(_counts(codes, bounds, len(first)))
            firsts.append(first)
            sizes.append(np.full(len(first), size))
    counts = blocks[0] if len(blocks) == 1 else sp.hstack(blocks, format="csr")
    places, size_of = np.concatenate(firsts), np.concatenate(sizes)

    def spelled(columns: np.ndarray) -> list[str]:
        out = np.empty(len(columns), object)
        for size in np.unique(size_of[columns]):
            here = np.flatnonzero(size_of[columns] == size)
            out[here] = spell(places[columns[here]], int(size))
        return out.tolist()

    return Grams(counts, spelled)


def _counts(codes: np.ndarray, bounds: np.ndarray, width: int) -> sp.csr_matrix:
    size = len(codes)
    indices, counts = np.empty(size, np.int32), np.empty(size, np.int32)
    indptr = np.empty(len(bounds), np.int64)
    seen, place = np.full(width, -1, np.int32), np.empty(width, np.int64)
    n = count_codes(codes, bounds.astype(np.int64), seen, place, indices, counts, indptr)
    shape = (len(bounds) - 1, width)
    return sp.csr_matrix((counts[:n].copy(), indices[:n].copy(), indptr), shape=shape)


def _code_points(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """All texts as one array of code points, and where each ends."""
    joined = "".join(texts).encode("utf-32-le", "surrogatepass")
    points = np.frombuffer(joined, dtype="<u4").astype(np.uint32)
    return points, np.cumsum([len(text) for text in texts], dtype=np.int64)


def _kinds(points: np.ndarray) -> np.ndarray:
    """What each code point present is: 0 separator, 1 letter of a word, 2 a word by itself."""
    kinds = np.zeros(_POINTS, np.uint8)
    present = np.flatnonzero(np.bincount(points, minlength=1))
    kinds[present] = [(c := chr(p)).isalnum() or c == "_" for p in present.tolist()]
    for low, high in HAN:
        kinds[low : high + 1] = 2
    return kinds


def _code_spans(
    points: np.ndarray, starts: np.ndarray, stops: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    codes, first = np.empty(len(starts), np.int32), np.empty(len(starts), np.int64)
    size, row, count = 1 << 12, 0, 0
    while True:
        hashes, slots = np.empty(size, np.uint64), np.full(size, -1, np.int32)
        if count:
            known = first[:count]
            distinct_spans(
                points, starts[known], stops[known], 0, 0, hashes, slots,
                np.empty(count, np.int64), np.empty(count, np.int32),
            )  # fmt: skip
        row, count = distinct_spans(
            points, starts, stops, row, count, hashes, slots, first, codes
        )  # fmt: skip
        if row == len(starts):
            return codes, first[:count].copy()
        size *= 4
