"""Text cut into tokens: whole columns in polars, a few rows in plain Python, with equal results.

A word is a run of two or more letters, digits or underscores; every Han character is a token by
itself, so that pairs of them (`ngram_range=(1, 2)`) stand for Chinese words without a dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_WORD = re.compile(rf"[{_HAN}]|[^\W{_HAN}]{{2,}}")
# The same in Rust's syntax, where \w also holds combining marks: Python's \w is L, N and "_".
_WORD_POLARS = rf"[{_HAN}]|[[\p{{L}}\p{{N}}_]--[{_HAN}]]{{2,}}"
_HAN_ONE = re.compile(rf"[{_HAN}]")
_SPACES = re.compile(r"\s+")
_SPACES_POLARS = r"[\s\x1c-\x1f]+"  # Python counts the four separators as spaces, Rust does not


def cut(text: str, analyzer: str, ngrams: tuple[int, int]) -> Iterator[str]:
    """Tokens and n-grams of one text, already in lower case where that is wanted.

    >>> list(cut("the cat sat", "word", (1, 2)))
    ['the', 'cat', 'sat', 'the cat', 'cat sat']
    >>> list(cut("知行合一 ok", "word", (2, 2)))
    ['知行', '行合', '合一', '一 ok']
    """
    if analyzer == "char":
        text = _SPACES.sub(" ", text)
        for size in range(ngrams[0], ngrams[1] + 1):
            for i in range(len(text) - size + 1):
                yield text[i : i + size]
        return
    words = _WORD.findall(text)
    for size in range(ngrams[0], ngrams[1] + 1):
        if size == 1:
            yield from words
            continue
        for i in range(len(words) - size + 1):
            gram = words[i]
            for k in range(i + 1, i + size):
                gram += "" if _both_han(words[k - 1], words[k]) else " "
                gram += words[k]
            yield gram


def _both_han(a: str, b: str) -> bool:
    return bool(_HAN_ONE.fullmatch(a) and _HAN_ONE.fullmatch(b))


def cut_column(texts: Any, analyzer: str, ngrams: tuple[int, int]) -> Any:
    """A polars frame (row, token) with one line for every n-gram of a polars column of texts."""
    import polars as pl

    if analyzer == "char":
        pieces = texts.str.replace_all(_SPACES_POLARS, " ").str.split("")
    else:
        pieces = texts.str.extract_all(_WORD_POLARS)
    rows = pl.Series("row", range(len(texts)), dtype=pl.Int64)
    words = pl.DataFrame([rows, pieces.alias("token")]).explode("token").drop_nulls()
    token, row = pl.col("token"), pl.col("row")
    if analyzer != "char" and ngrams[1] > 1:
        words = words.with_columns(han=token.str.contains(rf"^[{_HAN}]$"))
    made = []
    for size in range(ngrams[0], ngrams[1] + 1):
        gram = token
        for k in range(1, size):
            if analyzer != "char":
                both = pl.col("han").shift(1 - k) & pl.col("han").shift(-k)
                gram = gram + pl.when(both).then(pl.lit("")).otherwise(pl.lit(" "))
            gram = gram + token.shift(-k)
        whole = row.shift(1 - size) == row
        made.append(words.select(row, gram, whole.alias("whole")).filter("whole").drop("whole"))
    return pl.concat(made)
