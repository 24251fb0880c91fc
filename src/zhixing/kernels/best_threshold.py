"""The cut of a sorted feature that tells most about the class."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(("f8[::1]", "i4[::1]", "f8[::1]", "f8", "f8[::1]"))
def best_threshold(values, classes, weight, least, left):
    """(place, gain in bits, candidates): rows before `place` of the sorted ones go left.

    A candidate lies between two different values and leaves at least `least` weight on either side.
    `left` (classes,) gets the class weights of the left side; place is 0 where there is no candidate.
    """
    k = left.size
    everything = np.zeros(k)
    total = 0.0
    for i in range(values.size):
        everything[classes[i]] += weight[i]
        total += weight[i]
    base = 0.0
    for c in range(k):
        if everything[c] > 0.0:
            base -= everything[c] * np.log2(everything[c] / total)
    running = np.zeros(k)
    weight_left = 0.0
    place = 0
    candidates = 0
    best = -np.inf
    for i in range(values.size - 1):
        running[classes[i]] += weight[i]
        weight_left += weight[i]
        if values[i + 1] <= values[i]:
            continue
        weight_right = total - weight_left
        if weight_left < least - 1e-9 or weight_right < least - 1e-9:
            continue
        candidates += 1
        after = 0.0
        for c in range(k):
            a = running[c]
            b = everything[c] - a
            if a > 0.0:
                after -= a * np.log2(a / weight_left)
            if b > 1e-12 * total:
                after -= b * np.log2(b / weight_right)
        gain = (base - after) / total
        if gain > best + 1e-12:
            best = gain
            place = i + 1
            for c in range(k):
                left[c] = running[c]
    return place, best, candidates
