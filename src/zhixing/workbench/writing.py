"""How numbers, settings and long names are written for a person: one spelling for terminal and report."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any


def number(x: float | int | None, digits: int = 3) -> str:
    """A number with `digits` significant digits, never in a form that hides its size.

    >>> [number(v) for v in (0.123456, 1234.5, 48842, 1e-7, 5.0, 3.2e12, None)]
    ['0.123', '1,234', '48,842', '1e-07', '5', '3.2e+12', '']
    """
    if x is None or (isinstance(x, float) and math.isnan(x)):
        return ""
    if isinstance(x, float) and math.isinf(x):
        return "∞" if x > 0 else "-∞"
    if float(x).is_integer() and abs(x) < 1e9:
        return f"{int(x):,}"
    if 1000 <= abs(x) < 1e9:
        return f"{x:,.0f}"
    return f"{x:.{digits}g}"


def score(x: float | None, scale: float | None = None) -> str:
    """A score of a model: four decimals below 10, fewer above, so that columns of scores align.

    >>> [score(v) for v in (0.90621, 12.3456, 68857.9, None)]
    ['0.9062', '12.35', '68,858', '']
    """
    if x is None or math.isnan(x):
        return ""
    size = abs(x) if scale is None else abs(scale)
    if size >= 1000:
        return f"{x:,.0f}"
    if size >= 10:
        return f"{x:.2f}"
    if size >= 0.005 or x == 0:
        return f"{x:.4f}"
    return f"{x:.3g}" if size >= 0.0001 else f"{x:.2e}"


def interval(low: float | None, high: float | None) -> str:
    """``[low, high]`` in the spelling of `score`.

    >>> interval(0.9, 0.9123)
    '[0.9000, 0.9123]'
    """
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return ""
    size = max(abs(low), abs(high))
    return f"[{score(low, size)}, {score(high, size)}]"


def percent(rate: float | None) -> str:
    """A share of something; a share that is not zero never reads as zero.

    >>> [percent(v) for v in (0, 0.00004, 0.0573, 0.5, 0.9999, 1)]
    ['0 %', '< 0.1 %', '5.7 %', '50 %', '> 99.9 %', '100 %']
    """
    if rate is None or math.isnan(rate):
        return ""
    if 0 < rate < 0.001:
        return "< 0.1 %"
    if 0.999 < rate < 1:
        return "> 99.9 %"
    p = 100 * rate
    return f"{p:.0f} %" if p >= 10 or p == 0 else f"{p:.1f} %"


def seconds(t: float) -> str:
    """A duration.

    >>> [seconds(t) for t in (0.0321, 4.26, 75, 4000)]
    ['32 ms', '4.3 s', '1 min 15 s', '1 h 6 min']
    """
    if t < 1:
        return f"{1000 * t:.0f} ms"
    if t < 60:
        return f"{t:.1f} s"
    if t < 3600:
        return f"{int(t // 60)} min {int(t % 60)} s"
    return f"{int(t // 3600)} h {int(t % 3600 // 60)} min"


def plural(n: int, one: str, many: str = "") -> str:
    """
    >>> plural(1, "row"), plural(3, "category", "categories")
    ('1 row', '3 categories')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def shorten(text: Any, width: int = 40) -> str:
    """A name cut to `width` characters, its end kept because names differ there.

    >>> shorten("a_very_long_column_name_that_ends_in_2019", 20)
    'a_very_long_c…n_2019'
    """
    text = " ".join(str(text).split())
    if len(text) <= width:
        return text
    tail = width // 3
    return text[: width - tail - 1] + "…" + text[-tail:]


def listing(names: Iterable[Any], at_most: int = 5, width: int = 40) -> str:
    """
    >>> listing(["a", "b", "c", "d"], at_most=2)
    'a, b and 2 more'
    """
    names = [shorten(name, width) for name in names]
    if len(names) <= at_most:
        return ", ".join(names)
    return ", ".join(names[:at_most]) + f" and {len(names) - at_most:,} more"


def settings(params: Mapping[str, Any]) -> str:
    """
    >>> settings({"C": 0.4213, "l1_ratio": 0.0, "solver": "newton"})
    'C=0.421, l1_ratio=0, solver=newton'
    """
    return ", ".join(f"{name}={_value(value)}" for name, value in params.items())


def _value(value: Any) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number(value)
    return str(value)


def signed(x: float | None) -> str:
    """A difference, with its sign.

    >>> signed(-0.0012), signed(0.25)
    ('-0.0012', '+0.2500')
    """
    if x is None or math.isnan(x):
        return ""
    size = abs(x)
    text = f"{size:.4f}" if 0.0005 <= size < 10 or x == 0 else number(size)
    return ("-" if x < 0 else "+") + text


def p_value(p: float | None) -> str:
    """
    >>> p_value(0.3), p_value(0.0123), p_value(1e-9)
    ('0.30', '0.012', '< 0.001')
    """
    if p is None or math.isnan(p):
        return ""
    return "< 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"
