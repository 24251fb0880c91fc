"""A column's distribution as a tiny picture: inline SVG, drawn from at most 24 counts."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from ..writing import number, shorten

WIDTH, HEIGHT = 116, 26


def spark(column: dict[str, Any]) -> Markup:
    """Bars of a histogram or of the most frequent levels; empty for columns that have neither."""
    if histogram := column.get("histogram"):
        counts, low, high = histogram["counts"], histogram["low"], histogram["high"]
        if isinstance(low, str):  # dates: the picture is enough
            names = [f"{low} to {high}"] * len(counts)
        else:
            step = (high - low) / max(len(counts), 1)
            names = [
                f"{number(low + i * step)} to {number(low + (i + 1) * step)}"
                for i in range(len(counts))
            ]
    elif top := column.get("top"):
        names, counts = [shorten(level, 40) for level, _ in top], [count for _, count in top]
    else:
        return Markup("")
    tallest, width = max([*counts, 1]), WIDTH / max(len(counts), 1)
    gap = 1.0 if width > 3 else 0.0
    # A count that is not zero stays visible: a rare value is what one looks for.
    heights = [max(1.0, (HEIGHT - 1) * c / tallest) if c else 0.0 for c in counts]
    bars = "".join(
        f'<rect x="{i * width:.1f}" y="{HEIGHT - h:.1f}" '
        f'width="{width - gap:.1f}" height="{h:.1f}">'
        f"<title>{escape(name)}: {number(count)}</title></rect>"
        for i, (name, count, h) in enumerate(zip(names, counts, heights))
    )
    return Markup(f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">{bars}</svg>')
