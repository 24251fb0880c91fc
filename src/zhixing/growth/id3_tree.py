"""ID3: a child for every category of the feature that tells most."""

from __future__ import annotations

import numpy as np

from .information import tables, worth
from .multiway import Node


def grow_id3(
    codes: np.ndarray,
    sizes: np.ndarray,
    classes: np.ndarray,
    k: int,
    weight: np.ndarray,
    *,
    max_depth: int | None,
    min_weight: float,
    min_gain: float,
) -> Node:
    """Grow from all rows of positive weight; codes (p, n), sizes[j] codes of feature j."""
    rows = np.flatnonzero(weight)
    root = Node(np.bincount(classes[rows], weight[rows], k), 0, rows, weight[rows])
    stack = [root]
    features = np.arange(len(codes), dtype=np.int64)
    while stack:
        node = stack.pop()
        full = max_depth is not None and node.depth >= max_depth
        if full or node.mass < min_weight or (node.counts > 0).sum() < 2:
            continue
        found = tables(codes, sizes, features, node.rows, classes, node.weight, k)
        value = worth(found)
        # A gain of nothing may still lead somewhere: two features that only together tell the class.
        usable = (value.branches > 1) & (value.gain >= min_gain - 1e-12)
        if not usable.any():
            continue
        gain = np.where(usable, value.gain, -np.inf)
        at = int((gain >= gain.max() - 1e-12).argmax())
        split_by_codes(node, codes, classes, k, at, found.of(at)[0])
        node.score = float(value.gain[at])
        stack.extend(node.children)
    return root


def split_by_codes(
    node: Node, codes: np.ndarray, classes: np.ndarray, k: int, feature: int, present: np.ndarray
) -> None:
    """One child for each of the codes present in the node."""
    node.feature = feature
    here = codes[feature, node.rows]
    order = np.argsort(here, kind="stable")
    ends = np.searchsorted(here[order], np.append(present, present[-1] + 1))
    for c, a, b in zip(present, ends[:-1], ends[1:]):
        rows, weight = node.rows[order[a:b]], node.weight[order[a:b]]
        counts = np.bincount(classes[rows], weight, k)
        node.children.append(Node(counts, node.depth + 1, rows, weight))
        node.groups.append(np.array([c]))
