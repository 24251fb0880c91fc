"""Spellings of a missing value."""

from __future__ import annotations

#: Read as missing wherever they stand: no category is called so by accident.
ALWAYS = frozenset(
    {"", "?", "na", "n/a", "nan", "null", "<na>", "#n/a", "#na", "n.a.", "#value!", "#div/0!"}
)
#: Read as missing only among numbers or dates: in a column of words they may be a category.
AMONG_NUMBERS = ALWAYS | frozenset(
    {"-", "--", "---", ".", "..", "...", "none", "nil", "missing", "unknown", "unk", "undefined",
     "not available", "not applicable", "tbd", "x", "*", "(null)", "#ref!", "无", "未知", "缺失"}
)  # fmt: skip
