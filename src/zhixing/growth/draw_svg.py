"""A tree as a picture: the root at the left, a leaf a row, branches as wide as the rows that take them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from html import escape

import numpy as np

from .paths import Names, condition, path_to
from .svg_text import fit, text, width
from .tree_sum import TreeSum

#: Pixels: of a row, of a box, between columns and around all; the widest a box may be.
ROW, BOX, GAP, EDGE, WIDEST = 50.0, 40.0, 56.0, 12.0, 190.0
#: Colours of classes that those who see few colours can tell apart (Okabe and Ito 2008).
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#B8A800", "#8C8C8C")
UP, DOWN = "#3B82C4", "#D9772B"  # of values above and below zero


@dataclass
class Box:
    """A node as it is drawn."""

    node: int
    depth: int
    children: list[Box] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0
    wide: float = 0.0
    hidden: int = 0  # leaves below that are not drawn


def draw_svg(trees: TreeSum, names: Names, tree: int = 0, *, max_depth: int = 4) -> str:
    """One tree as SVG, to `max_depth` splits; deeper branches are counted, not drawn.

    Colours are those of the surroundings (``currentColor``), so it suits a light and a dark page.
    """
    return _Picture(trees, names, tree, max_depth).svg()


class _Picture:
    def __init__(self, trees: TreeSum, names: Names, tree: int, max_depth: int) -> None:
        self.trees, self.names, self.max_depth = trees, names, max_depth
        self.values = trees.plain
        self.root = int(trees.forest.roots[tree])
        self.total = max(int(trees.forest.count[self.root]), 1)
        self.classes = len(self.values) > 1 and names.class_of(self.values[:, 0]) is not None
        self.box = self._box(self.root, 0)
        self.boxes = _all(self.box)
        ends = [b.node for b in self.boxes if not b.children]
        self.largest = float(np.abs(self.values[:, ends]).max())
        self._place()

    def _box(self, node: int, depth: int) -> Box:
        forest = self.trees.forest
        made = Box(node, depth)
        if forest.feature[node] < 0:
            return made
        if depth == self.max_depth:
            made.hidden = _leaves_below(self.trees, node)
            return made
        left = int(forest.left[node])
        made.children = [self._box(left, depth + 1), self._box(left + 1, depth + 1)]
        return made

    def _place(self) -> None:
        ends = [b for b in self.boxes if not b.children]
        top = EDGE + (22.0 * len(self._legend_lines()) if self.classes else 0.0)
        for i, box in enumerate(ends):
            box.y = top + ROW * (i + 0.5)
        for box in reversed(self.boxes):  # children come after their parents
            if box.children:
                box.y = (box.children[0].y + box.children[1].y) / 2
        x, depth = EDGE, 0
        while column := [b for b in self.boxes if b.depth == depth]:
            wide = min(WIDEST, max(self._needs(b) for b in column))
            for box in column:
                box.x, box.wide = x, wide
            x += wide + GAP
            depth += 1
        self.size = x - GAP + EDGE, top + ROW * len(ends) + EDGE

    def _needs(self, box: Box) -> float:
        first, second = self._words(box)
        return 21.0 + max(width(first, 12.5, True), width(second, 11), 84.0)

    def _words(self, box: Box) -> tuple[str, str]:
        """The two lines in a box."""
        rows = self._rows(box.node)
        if box.children:
            asked = condition(self.trees, self.names, box.node, 0)
            return asked.name, asked.asks(".4g").replace("<=", "≤")
        said = f"… {box.hidden} leaves" if box.hidden else self._value(box.node)
        return said, rows

    def _rows(self, node: int) -> str:
        count = int(self.trees.forest.count[node])
        return f"{count:,} row{'s' * (count != 1)} · {_percent(count / self.total)}"

    def _value(self, node: int) -> str:
        value = self.values[:, node]
        label = self.names.class_of(value)
        if label is not None:
            return f"{label} {_percent(float(value.max()))}"
        return ", ".join(map(self._number, value[:3])) + (", …" if len(value) > 3 else "")

    def _number(self, v: float) -> str:
        """Four digits of the largest value drawn: what is tiny beside it is 0."""
        decimals = 3 - math.floor(math.log10(self.largest)) if self.largest > 0 else 0
        return f"{round(float(v), decimals) + 0.0:.6g}"

    def svg(self) -> str:
        wide, high = self.size
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}" '
            f'width="{wide:.0f}" height="{high:.0f}" role="img" fill="currentColor" '
            'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif">'
        ]
        if self.classes:
            parts += self._legend()
        parts += [self._branch(box, i) for box in self.boxes for i in range(len(box.children))]
        parts += [self._node(box) for box in self.boxes]
        return "".join(parts) + "</svg>"

    def _branch(self, box: Box, side: int) -> str:
        child = box.children[side]
        x, end = box.x + box.wide, child.x
        middle = (x + end) / 2
        share = self.trees.forest.count[child.node] / self.total
        thick = 1.0 + 9.0 * float(share)
        beside = child.y + thick / 2 + 11 if side else child.y - thick / 2 - 4
        return (
            f'<path d="M{x:.1f} {box.y:.1f} C{middle:.1f} {box.y:.1f} {middle:.1f} {child.y:.1f} '
            f'{end:.1f} {child.y:.1f}" fill="none" stroke="currentColor" stroke-opacity="0.22" '
            f'stroke-width="{thick:.1f}"/>'
            + text(end - 5, beside, ("yes", "no")[side], size=10, anchor="end", opacity=0.75)
        )

    def _node(self, box: Box) -> str:
        x, y, wide = box.x, box.y - BOX / 2, box.wide
        inner = bool(box.children)
        first, second = self._words(box)
        room = wide - 20.0
        parts = [
            f"<g><title>{escape(self._tells(box))}</title>"
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{BOX:g}" '
            f'rx="{8 if inner else 4}" fill-opacity="{0.07 if inner else 0.03}" '
            f'stroke="currentColor" stroke-opacity="{0.45 if inner else 0.2}"/>',
            text(x + 10, y + 17, fit(first, room, 12.5, True), size=12.5, bold=True),
            text(x + 10, y + 31, fit(second, room, 11), size=11, opacity=0.85),
        ]
        if not inner:
            parts += self._bars(box)
        return "".join(parts) + "</g>"

    def _bars(self, box: Box) -> list[str]:
        """Under a leaf: the shares of the classes, or its value from zero."""
        x, y, wide = box.x, box.y + BOX / 2 - 4.0, box.wide
        value = self.values[:, box.node]
        if self.classes:
            edges = x + wide * np.concatenate([[0.0], np.cumsum(value)]) / max(value.sum(), 1e-300)
            return [
                _bar(a, y, b - a, _colour(k))
                for k, (a, b) in enumerate(zip(edges[:-1], edges[1:]))
                if b - a > 0.05
            ]
        if len(value) > 1:
            return []
        drawn = self.values[0, [b.node for b in self.boxes if not b.children]]
        low, high = min(float(drawn.min()), 0.0), max(float(drawn.max()), 0.0)
        per = wide / (high - low) if high > low else 0.0
        zero, v = x - low * per, float(value[0])
        return [_bar(zero + min(v, 0.0) * per, y, abs(v) * per, UP if v >= 0 else DOWN)]

    def _tells(self, box: Box) -> str:
        way = [c.words() for c in path_to(self.trees, self.names, box.node)]
        said = [" and ".join(way) or "all rows", self._rows(box.node), self._value(box.node)]
        return "\n".join(said)

    def _legend_lines(self) -> list[list[tuple[float, int, str]]]:
        """Lines of (x, class, name)."""
        lines: list[list[tuple[float, int, str]]] = [[]]
        x = EDGE
        for k, name in enumerate(self.names.classes or []):
            short = fit(str(name), 140, 11.5)
            need = 18 + width(short, 11.5) + 16
            if x + need > 640 and lines[-1]:
                lines.append([])
                x = EDGE
            lines[-1].append((x, k, short))
            x += need
        return lines

    def _legend(self) -> list[str]:
        parts = []
        for i, line in enumerate(self._legend_lines()):
            for x, k, name in line:
                y = EDGE + 22.0 * i
                parts.append(
                    f'<rect x="{x:.1f}" y="{y:.1f}" width="11" height="11" rx="2" fill="{_colour(k)}"/>'
                )
                parts.append(text(x + 17, y + 10, name, size=11.5))
        return parts


def _bar(x: float, y: float, wide: float, colour: str, high: float = 4.0) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:g}" fill="{colour}"/>'


def _colour(k: int) -> str:
    return COLOURS[k % len(COLOURS)]


def _percent(share: float) -> str:
    said = f"{100 * share:.0f}%"
    return f"{100 * share:.1f}%" if said in ("0%", "100%") and 0 < share < 1 else said


def _all(box: Box) -> list[Box]:
    """A box and all below, parents first, upper ones before lower ones."""
    found, waiting = [], [box]
    while waiting:
        found.append(now := waiting.pop())
        waiting += now.children[::-1]
    return found


def _leaves_below(trees: TreeSum, node: int) -> int:
    forest = trees.forest
    level, leaves = np.array([node]), 0
    while len(level):
        leaf = forest.feature[level] < 0
        leaves += int(leaf.sum())
        left = forest.left[level[~leaf]]
        level = np.concatenate([left, left + 1])
    return leaves
