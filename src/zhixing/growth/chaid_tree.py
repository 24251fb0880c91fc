"""CHAID: a child for every group of categories of the feature that differs most significantly."""

from __future__ import annotations

import numpy as np

from .chaid_merge import Merging, merge
from .information import tables
from .multiway import Node


def grow_chaid(
    codes: np.ndarray,
    sizes: np.ndarray,
    ordered: np.ndarray,
    classes: np.ndarray,
    k: int,
    weight: np.ndarray,
    *,
    rules: Merging,
    alpha: float,
    max_depth: int | None,
    min_weight: float,
) -> Node:
    """codes (p, n); the last of each feature's sizes[j] codes is that of missing values."""
    rows = np.flatnonzero(weight)
    root = Node(np.bincount(classes[rows], weight[rows], k), 0, rows, weight[rows])
    features = np.arange(len(codes), dtype=np.int64)
    stack = [root]
    while stack:
        node = stack.pop()
        full = max_depth is not None and node.depth >= max_depth
        if full or node.mass < min_weight - 1e-9 or (node.counts > 0).sum() < 2:
            continue
        found = tables(codes, sizes, features, node.rows, classes, node.weight, k)
        best, feature = None, -1
        for j in range(len(codes)):
            present, totals = found.of(j)
            if len(present) < 2:
                continue
            made = merge(
                present, totals, rules, ordered=bool(ordered[j]), floating=int(sizes[j]) - 1
            )
            if made is not None and (best is None or made.log_p < best.log_p - 1e-12):
                best, feature = made, int(j)
        if best is None or best.log_p > np.log(alpha):
            continue
        node.feature, node.score, node.log_p = feature, best.statistic, best.log_p
        here = codes[feature, node.rows]
        groups = best.groups
        if ordered[feature]:
            groups = _fill_gaps(groups, int(sizes[feature]) - 1)
        for group in groups:
            inside = np.isin(here, group)
            rows, part = node.rows[inside], node.weight[inside]
            counts = np.bincount(classes[rows], part, k)
            node.children.append(Node(counts, node.depth + 1, rows, part))
            node.groups.append(np.array(group))
        stack.extend(node.children)
    return root


def _fill_gaps(groups: list[list[int]], missing: int) -> list[list[int]]:
    """Codes of an ordered feature that the node has not seen, each to the group of the nearest seen one."""
    owner = {code: at for at, group in enumerate(groups) for code in group}
    seen = np.array(sorted(code for code in owner if code != missing))
    if not len(seen):
        return groups
    filled = [list(group) for group in groups]
    for code in range(missing):
        if code not in owner:
            filled[owner[int(seen[np.abs(seen - code).argmin()])]].append(code)
    return [sorted(group) for group in filled]
