"""Multiway trees in words: as an outline and as rules."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .multiway import MultiwayTree

#: Categories that are named before the rest is counted.
NAMED = 8


class MultiwayRule(NamedTuple):
    """A leaf: the conditions that lead to it, its class, and what it is worth."""

    conditions: tuple[str, ...]
    label: Any
    share: float
    weight: float

    def __str__(self) -> str:
        when = " and ".join(self.conditions) or "always"
        return f"if {when}: {self.label} ({self.share:.0%} of {self.weight:g})"


def condition(model: Any, tree: MultiwayTree, node: int) -> str:
    """What the rows of a node have in common that their siblings have not."""
    parent = int(tree.parent[node])
    j = int(tree.feature[parent])
    names = getattr(model, "feature_names_in_", None)
    name = f"feature_{j}" if names is None else str(names[j])
    if tree.offset[parent] < 0:
        sign = "<=" if node == tree.first[parent] else ">"
        return f"{name} {sign} {tree.threshold[parent]:g}"
    labels = model._code_names(j)
    to = tree.branch[tree.offset[parent] :][: len(labels)]
    codes = np.flatnonzero(to == node)
    edges = model.bin_edges_.get(j) if hasattr(model, "bin_edges_") else None
    if edges is not None:
        return _interval(name, edges, codes)
    mine = [labels[c] for c in codes]
    if len(mine) == 1:
        return f"{name} = {mine[0]}"
    shown = ", ".join(mine[:NAMED])
    more = f", and {len(mine) - NAMED} more" if len(mine) > NAMED else ""
    return f"{name} in {{{shown}{more}}}"


def _interval(name: str, edges: np.ndarray, codes: np.ndarray) -> str:
    """Bins that follow one another as one interval; bin c lies above edges[c - 1] up to edges[c]."""
    absent = len(edges) + 1
    bins = codes[codes != absent]
    also = " or missing" if absent in codes else ""
    if not len(bins):
        return f"{name} missing"
    low, high = int(bins.min()), int(bins.max())
    if low == 0 and high == len(edges):
        return f"{name} known{also}"
    if low == 0:
        return f"{name} <= {edges[high]:g}{also}"
    if high == len(edges):
        return f"{name} > {edges[low - 1]:g}{also}"
    return f"{name} in ({edges[low - 1]:g}, {edges[high]:g}]{also}"


def outline(model: Any, tree: MultiwayTree, max_depth: int) -> str:
    """The tree in indented lines, as C4.5 prints it: condition, then class (weight / of others)."""
    lines: list[str] = []
    stack = [(0, 0, "")]
    while stack:
        node, depth, text = stack.pop()
        inner = tree.feature[node] >= 0
        if not inner or depth == max_depth + 1:
            counts = tree.counts[node]
            label = model.classes_[int(tree.share[node].argmax())]
            wrong = counts.sum() - counts.max()
            errors = f"/{wrong:g}" if wrong > 1e-9 else ""
            text = f"{text}: " if text else ""
            lines.append(f"{text}{label} ({counts.sum():g}{errors})" + (" ..." if inner else ""))
            continue
        if text:
            p = tree.log_p[node]
            lines.append(text + ("" if np.isnan(p) else f"  [p = {np.exp(p):.2g}]"))
        first = int(tree.first[node])
        for child in reversed(range(first, first + int(tree.children[node]))):
            stack.append((child, depth + 1, "|   " * depth + condition(model, tree, child)))
    return "\n".join(lines)


def rules(model: Any, tree: MultiwayTree) -> list[MultiwayRule]:
    """One rule a leaf; a later test of a number replaces what it implies."""
    found = []
    for leaf in np.flatnonzero(tree.feature < 0):
        path, node = [], int(leaf)
        while tree.parent[node] >= 0:
            path.append(condition(model, tree, node))
            node = int(tree.parent[node])
        kept: dict[str, str] = {}
        for text in path:  # from the leaf up: the last test of a side is the narrowest
            name, _, rest = text.rpartition(" ")
            key = name if name.endswith(("<=", ">")) else text
            kept.setdefault(key, text)
        share = tree.share[leaf]
        at = int(share.argmax())
        weight = float(tree.counts[leaf].sum())
        conditions = tuple(reversed(kept.values()))
        found.append(MultiwayRule(conditions, model.classes_[at], float(share[at]), weight))
    return found
