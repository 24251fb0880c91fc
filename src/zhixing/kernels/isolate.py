"""Isolation trees: rows cut at random until each is alone."""

from __future__ import annotations

import numpy as np

from ._jit import kernel, subroutine
from ._uniform import below, normal, uniform


@subroutine
def spread(X, rows, first, last, j):
    """(least, greatest) value of feature j in the rows of a node; least > greatest if all are missing."""
    low = np.inf
    high = -np.inf
    for m in range(first, last):
        x = X[rows[m], j]
        low = x if x < low else low
        high = x if x > high else high
    return low, high


@subroutine
def weigh(count, rows, first, last):
    total = 0.0
    for m in range(first, last):
        total += count[rows[m]]
    return total


@subroutine
def separate(right, rows, first, last):
    """Rows that go left to the front, each side in its order; returns where the right ones begin."""
    moved = np.empty(last - first, np.int64)
    at = first
    behind = 0
    for m in range(first, last):
        if right[m]:
            moved[behind] = rows[m]
            behind += 1
        else:
            rows[at] = rows[m]
            at += 1
    for m in range(behind):
        rows[at + m] = moved[m]
    return at


@kernel(
    (
        "f8[:, ::1]",
        "f8[::1]",
        "i8",
        "u8",
        "i8[::1]",
        "f8[::1]",
        "u1[::1]",
        "i8[::1]",
        "f8[::1]",
        "i8[::1]",
    )
)
def isolate(X, count, max_depth, seed, feature, threshold, missing_left, left, cover, depth):
    """Grow one tree: features and thresholds uniform; returns its number of nodes.

    count: how often each row was drawn.  A node is split while it has rows that differ and is not at
    `max_depth`; its feature is one of those that vary in it.  Missing values go to a side at random.
    """
    m, p = X.shape
    rows = np.arange(m)
    right = np.zeros(m, np.bool_)
    order = np.arange(p)
    begin = np.empty(feature.size, np.int64)
    end = np.empty(feature.size, np.int64)
    begin[0] = 0
    end[0] = m
    depth[0] = 0
    nodes = 1
    node = 0
    state = seed
    while node < nodes:
        first = begin[node]
        last = end[node]
        feature[node] = -1
        left[node] = -1
        threshold[node] = 0.0
        missing_left[node] = 0
        cover[node] = weigh(count, rows, first, last)
        if last - first > 1 and depth[node] < max_depth:
            remaining = p
            while remaining > 0:
                state, k = below(state, remaining)
                j = order[k]
                low, high = spread(X, rows, first, last, j)
                if high > low:
                    state, u = uniform(state)
                    cut = low + u * (high - low)
                    # Rounding must not leave a side empty.
                    cut = cut if low <= cut < high else low
                    state, u = uniform(state)
                    missing_left[node] = u < 0.5
                    for i in range(first, last):
                        x = X[rows[i], j]
                        right[i] = x > cut or (x != x and missing_left[node] == 0)
                    middle = separate(right, rows, first, last)
                    feature[node] = j
                    threshold[node] = cut
                    left[node] = nodes
                    begin[nodes] = first
                    end[nodes] = middle
                    begin[nodes + 1] = middle
                    end[nodes + 1] = last
                    depth[nodes] = depth[nodes + 1] = depth[node] + 1
                    nodes += 2
                    break
                remaining -= 1
                order[k] = order[remaining]
                order[remaining] = j
        node += 1
    return nodes


@kernel(
    (
        "f8[:, ::1]",
        "f8[::1]",
        "i8",
        "u8",
        "i8[:, ::1]",
        "f8[:, ::1]",
        "f8[:, ::1]",
        "i8[::1]",
        "f8[::1]",
        "i8[::1]",
    )
)
def isolate_by_planes(X, count, max_depth, seed, feature, slope, point, left, cover, depth):
    """The same with planes: a row goes left when sum_k slope_k (x_k - point_k) <= 0.

    slope is standard normal on `feature.shape[1]` features drawn for the node and `point` uniform in
    the box of its rows.  A missing value is taken to lie at the point.  A plane that all rows of a node
    are on one side of is drawn again; after 16 the node is a leaf.
    """
    m, p = X.shape
    used = feature.shape[1]
    rows = np.arange(m)
    right = np.zeros(m, np.bool_)
    order = np.arange(p)
    begin = np.empty(left.size, np.int64)
    end = np.empty(left.size, np.int64)
    begin[0] = 0
    end[0] = m
    depth[0] = 0
    nodes = 1
    node = 0
    state = seed
    while node < nodes:
        first = begin[node]
        last = end[node]
        left[node] = -1
        cover[node] = weigh(count, rows, first, last)
        for k in range(used):
            feature[node, k] = k
            slope[node, k] = 0.0
            point[node, k] = 0.0
        tries = 16 if last - first > 1 and depth[node] < max_depth else 0
        while tries > 0:
            tries -= 1
            varies = False
            for k in range(used):
                state, at = below(state, p - k)
                at += k
                j = order[at]
                order[at] = order[k]
                order[k] = j
                low, high = spread(X, rows, first, last, j)
                state, u = uniform(state)
                state, z = normal(state)
                feature[node, k] = j
                slope[node, k] = z
                point[node, k] = low + u * (high - low) if high >= low else 0.0
                varies |= high > low
            if not varies:
                continue
            on_right = 0
            for i in range(first, last):
                total = 0.0
                for k in range(used):
                    x = X[rows[i], feature[node, k]]
                    total += slope[node, k] * (x - point[node, k]) if x == x else 0.0
                right[i] = total > 0.0
                on_right += right[i]
            if on_right == 0 or on_right == last - first:
                continue
            middle = separate(right, rows, first, last)
            left[node] = nodes
            begin[nodes] = first
            end[nodes] = middle
            begin[nodes + 1] = middle
            end[nodes + 1] = last
            depth[nodes] = depth[nodes + 1] = depth[node] + 1
            nodes += 2
            break
        node += 1
    return nodes
