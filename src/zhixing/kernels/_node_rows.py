"""The rows of one node side by side, and what their sums are.

A row adds to few of a node's sums: an output's class to one of them, numbers to (w, w y_1, ...).
Sums are integers (see `growth.statistics`), so they do not depend on the order of the rows.
"""

from __future__ import annotations

import numpy as np

from ._jit import lean
from ._tree_nodes import mean_of


@lean
def gather(index, start, rows, labels, amounts, near_labels, near_amounts, pairs, total):
    """Copy what the node's rows add to local arrays, sum it; returns whether y differs among them.

    labels (n, outputs) are equal where y is; of classes they are the places of the sums.
    amounts (n, 1) are weights of classes, (n, 1 + outputs) the terms of numbers.
    Where there are but two sums, `pairs` takes both terms of a row.
    """
    for t in range(total.size):
        total[t] = 0
    outputs = labels.shape[1]
    terms = amounts.shape[1]
    first = np.uint64(index[start])
    mixed = False
    for i in range(np.uint64(rows)):
        row = np.uint64(index[np.uint64(start) + i])
        for o in range(outputs):
            mixed |= labels[row, o] != labels[first, o]
        if total.size == 2:
            if terms == 1:
                b = amounts[row, 0] * labels[row, 0]
                a = amounts[row, 0] - b
            else:
                a, b = amounts[row, 0], amounts[row, 1]
            pairs[i, 0] = a
            pairs[i, 1] = b
            total[0] += a
            total[1] += b
        else:
            for o in range(outputs):
                near_labels[i, o] = labels[row, o]
            for t in range(terms):
                near_amounts[i, t] = amounts[row, t]
            add_row(total, i, near_labels, near_amounts)
    return mixed


@lean
def add_row(s, i, labels, amounts):
    """Add the terms of row i to the sums s."""
    if amounts.shape[1] == 1:
        w = amounts[i, 0]
        for o in range(labels.shape[1]):
            s[labels[i, o]] += w
    else:
        for t in range(amounts.shape[1]):
            s[t] += amounts[i, t]


@lean
def mean_between(index, start, stop, labels, amounts, sums, options):
    """The mean of rows index[start:stop] in the units of the sums."""
    for t in range(sums.size):
        sums[t] = 0
    for i in range(start, stop):
        add_row(sums, np.uint64(index[i]), labels, amounts)
    return mean_of(sums, options)
