"""Text in a drawing: how wide it will be, cut to fit, escaped."""

from __future__ import annotations

import unicodedata
from html import escape

#: Widths of Latin letters of common sans-serif fonts, in ems; a little wide, so that text fits.
_NARROW, _WIDE = set("iljftrI.,:;'|!()[]{}/ "), set("mwMW@%—…≤≥+=<>")


def width(text: str, size: float, bold: bool = False) -> float:
    """About how many pixels a text takes.

    >>> width("iii", 12) < width("mmm", 12) < width("温度计", 12)
    True
    """
    ems = 0.0
    for letter in text:
        if letter in _NARROW:
            ems += 0.36
        elif letter in _WIDE:
            ems += 0.9
        elif unicodedata.east_asian_width(letter) in "WF":
            ems += 1.05
        else:
            ems += 0.7 if letter.isupper() else 0.61
    return ems * size * (1.16 if bold else 1.0)


def fit(text: str, room: float, size: float, bold: bool = False) -> str:
    """The text, cut in its middle where it needs more pixels than there are.

    >>> fit("a very long name of a column", 80, 12)
    'a very…umn'
    """
    if width(text, size, bold) <= room:
        return text
    kept = len(text)
    while kept > 2:
        kept -= 1
        tail = kept // 3
        short = text[: kept - tail].rstrip() + "…" + (text[-tail:].lstrip() if tail else "")
        if width(short, size, bold) <= room:
            return short
    return "…"


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float = 12,
    bold: bool = False,
    anchor: str = "start",
    opacity: float = 1.0,
) -> str:
    """A line of text in the colour of its surroundings."""
    extra = ' font-weight="600"' if bold else ""
    extra += f' text-anchor="{anchor}"' if anchor != "start" else ""
    extra += f' opacity="{opacity:g}"' if opacity != 1.0 else ""
    # What a font or a parser may not take: control characters.
    clean = "".join(c if c.isprintable() else " " for c in words)
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}"{extra}>{escape(clean)}</text>'
