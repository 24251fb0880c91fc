"""Numbers written as text: thousands, decimal commas, currencies, percentages, units."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

_NUMBER = re.compile(
    r"""^(?P<open>\()?\s*(?P<sign>[-+−])?\s*(?P<prefix>US\$|USD|EUR|GBP|CNY|RMB|[$€£¥￥₹₩])?\s*
    (?P<sign2>[-−])?(?P<body>\d[\d.,'\s’]*|\.\d+)(?P<exp>[eE][-+]?\d+)?
    \s*(?P<suffix>%|‰|USD|EUR|[$€£¥₹元]|[A-Za-zµ°²³/]{1,6})?\s*\)?$""",
    re.VERBOSE,
)
_GROUPS = {
    mark: re.compile(rf"^\d{{1,3}}({mark}\d{{3}})+$") for mark in (",", r"\.", r"\s", "['’]")
}


@dataclass(frozen=True)
class NumberStyle:
    """How the numbers of a column are written.

    >>> style = detect(["$1,234.50", "$7", "($12)"])
    >>> style.says()
    "',' between thousands, '$' in front, parentheses for negatives"
    >>> parse(pl.Series(["$1,234.50", "($12)", "seven"]), style).to_list()
    [1234.5, -12.0, None]
    """

    thousands: str = ""
    decimal: str = "."
    prefix: str = ""
    suffix: str = ""
    parentheses: bool = False
    doubtful: bool = False

    def says(self) -> str:
        """The style in words; empty where Python itself would read the numbers."""
        words = []
        if self.thousands:
            words.append(f"{self.thousands!r} between thousands")
        if self.decimal != ".":
            words.append(f"{self.decimal!r} before decimals")
        if self.prefix:
            words.append(f"{self.prefix!r} in front")
        if self.suffix:
            words.append(f"{self.suffix!r} behind (kept as the unit)")
        if self.parentheses:
            words.append("parentheses for negatives")
        return ", ".join(words)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def detect(values: list[str], *, share: float = 1.0) -> NumberStyle | None:
    """The style in which at least `share` of the values are numbers, or None.

    A comma that could part thousands or decimals (every value like ``1,234``) is taken to part
    thousands, and the style is marked `doubtful`.
    """
    matches = [m for m in map(_NUMBER.match, map(str.strip, values)) if m]
    if not matches or len(matches) < share * len(values):
        return None
    prefixes = {m["prefix"] for m in matches} - {None}
    suffixes = {m["suffix"] for m in matches} - {None}
    if len(prefixes) > 1 or len(suffixes) > 1:
        return None
    suffix = next(iter(suffixes), "")
    if suffix in ("st", "nd", "rd", "th"):
        return None
    if suffix.isalpha() and not all(m["suffix"] for m in matches):
        return None
    separators = _separators({m["body"].strip() for m in matches})
    if separators is None:
        return None
    thousands, decimal, doubtful = separators
    return NumberStyle(
        thousands,
        decimal,
        next(iter(prefixes), ""),
        suffix,
        any(m["open"] for m in matches),
        doubtful,
    )


def _separators(bodies: set[str]) -> tuple[str, str, bool] | None:
    """(thousands, decimal, doubtful) that fit every body, or None."""
    both = [b for b in bodies if "," in b and "." in b]
    if both:
        last = {"," if b.rfind(",") > b.rfind(".") else "." for b in both}
        if len(last) > 1:
            return None
        decimal = last.pop()
        return ("." if decimal == "," else ","), decimal, False
    for mark in ("'", "’", " ", "\u00a0", "\u202f"):
        if any(mark in b for b in bodies):
            plain = {re.split(r"[.,]", b)[0] for b in bodies if mark in b}
            fits = _GROUPS[r"\s" if mark.isspace() else "['’]"]
            decimal = "," if any("," in b for b in bodies) else "."
            return (mark, decimal, False) if all(map(fits.match, plain)) else None
    commas = [b for b in bodies if "," in b]
    if commas:
        if all(map(_GROUPS[","].match, commas)):
            return ",", ".", all(b.count(",") == 1 for b in commas) and len(commas) == len(bodies)
        if all(re.match(r"^\d+,\d+$", b) for b in commas):
            return "", ",", False
        return None
    dots = [b for b in bodies if b.count(".") > 1]
    if dots:
        return (".", ",", False) if all(map(_GROUPS[r"\."].match, dots)) else None
    return "", ".", False


def parse(values: pl.Series, style: NumberStyle) -> pl.Series:
    """Float64, null where a value is not a number in this style."""
    s = values.str.strip_chars()
    for mark in (style.prefix, style.suffix):
        if mark:
            s = s.str.replace(mark, "", literal=True)
    if style.parentheses:
        s = s.str.replace(r"^\((.*)\)$", "-${1}")
    if style.thousands:
        s = s.str.replace_all(style.thousands, "", literal=True)
    if style.decimal == ",":
        s = s.str.replace(",", ".", literal=True)
    s = s.str.replace("−", "-", literal=True).str.replace(r"^([-+]?)\s+", "${1}")
    return s.str.strip_chars().cast(pl.Float64, strict=False)
