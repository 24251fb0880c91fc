"""Columns of the steps through a tree, and which way rows go: what the loops over Shapley values share."""

from __future__ import annotations

import numpy as np

from ._jit import subroutine

#: Rows that go through a tree together, one in each lane: the sums of a path stay in the first caches.
ROWS = 128
#: Types of what every loop takes first: rows by column, the bins of categories, and of the nodes feature,
#: threshold, missing_left, the sets and where a node's begins in them.
INPUTS = ("f8[:, ::1]", "u1[:, ::1]", "i4[::1]", "f8[::1]", "u1[::1]", "u1[::1]", "i8[::1]")
#: A node is entered from above and left when both of its children are done.
ENTER, LEAVE = 0, 1
#: Columns of a step.  OWN, UP: the edge to the node's left child and that to the node itself, BEFORE: the
#: level of the last node above that asks for the same feature, SIDE: which of its children (0 or 1)
#: lies on the path, LEAVES: 1 if the left child is a leaf plus 2 if the right one is, FEATURE, ABOVE: what
#: the node and its parent ask for.
KIND, NODE, LEVEL, OWN, UP, BEFORE, SIDE, LEAVES, FEATURE, ABOVE = range(10)
STEP = 10
#: Where a row stands at a node: a condition above on the same feature fails, or it goes left or right.
DEAD, LEFT, RIGHT = 0, 1, 2


@subroutine
def states(step, columns, codes, begin, feature, threshold, missing_left, sets, set_of, state):
    """state[level]: where the rows from `begin` on stand at the node that is entered."""
    node, level, before = step[NODE], step[LEVEL], step[BEFORE]
    f = np.int64(feature[node])
    at = state[level]
    if set_of.size and set_of[node] >= 0:
        place = set_of[node]
        for i in range(ROWS):
            at[i] = 2 - np.int64(sets[place + codes[f, begin + i]])
    else:
        x = columns[f, begin : begin + ROWS]
        edge, absent = threshold[node], 2 - np.int64(missing_left[node])
        for i in range(ROWS):
            side = 1 if x[i] <= edge else 2
            at[i] = absent if x[i] != x[i] else side
    if before >= 0:
        above, alive = state[before], step[SIDE] + 1
        for i in range(ROWS):
            at[i] = at[i] if above[i] == alive else 0
