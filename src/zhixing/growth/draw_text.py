"""A tree in lines of text, as scikit-learn's ``export_text`` draws it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .paths import Names, condition
from .tree_sum import TreeSum


def draw_text(
    trees: TreeSum,
    names: Names,
    tree: int = 0,
    *,
    max_depth: int = 10,
    spacing: int = 3,
    decimals: int = 2,
    show_weights: bool = False,
) -> str:
    """The tree's nodes, a line each, children below their parent and further in.

    Differs from scikit-learn where its trees have no equal: a branch that takes missing values says so,
    and categories are listed.
    """
    drawing = _Drawing(trees, names, max_depth, spacing, decimals, show_weights)
    root = int(trees.forest.roots[tree])
    return "".join(f"{line}\n" for line in drawing.lines(root, 1))


class _Drawing:
    def __init__(
        self,
        trees: TreeSum,
        names: Names,
        max_depth: int,
        spacing: int,
        decimals: int,
        weights: bool,
    ) -> None:
        self.trees, self.names, self.values = trees, names, trees.plain
        self.max_depth, self.spacing, self.decimals = max_depth, spacing, decimals
        self.show_weights = weights

    def lines(self, node: int, depth: int) -> Iterator[str]:
        # A stack, since a tree may be deeper than Python's calls.
        waiting: list[tuple[int, int, str]] = [(node, depth, "")]
        while waiting:
            node, depth, heading = waiting.pop()
            if heading:
                yield f"{self._indent(depth - 1)} {heading}"
            left = int(self.trees.forest.left[node])
            if self.trees.forest.feature[node] < 0 or (
                depth > self.max_depth + 1 and self._height(node) == 1
            ):
                yield f"{self._indent(depth)} {self._leaf(node)}"
            elif depth > self.max_depth + 1:
                yield f"{self._indent(depth)} truncated branch of depth {self._height(node)}"
            else:
                waiting.append((left + 1, depth + 1, self._heading(node, 1)))
                waiting.append((left, depth + 1, self._heading(node, 0)))

    def _indent(self, depth: int) -> str:
        return ("|" + " " * self.spacing) * (depth - 1) + "|" + "-" * self.spacing

    def _heading(self, node: int, side: int) -> str:
        asked = condition(self.trees, self.names, node, side)
        words = asked.asks(f".{self.decimals}f")
        # Signs stand below each other.
        return f"{asked.name} " + (
            words.replace("> ", ">  ", 1) if words.startswith(">") else words
        )

    def _leaf(self, node: int) -> str:
        value = self.values[:, node]
        label = self.names.class_of(value)
        if label is None:
            return f"value: {self._numbers(value)}"
        if not self.show_weights:
            return f"class: {label}"
        return f"weights: {self._numbers(value * self.trees.forest.cover[node])} class: {label}"

    def _numbers(self, values: np.ndarray) -> str:
        return "[" + ", ".join(f"{v:.{self.decimals}f}" for v in values) + "]"

    def _height(self, node: int) -> int:
        """Levels of nodes from here down."""
        forest = self.trees.forest
        level, height = np.array([node]), 0
        while len(level):
            height += 1
            left = forest.left[level[forest.feature[level] >= 0]]
            level = np.concatenate([left, left + 1])
        return height
