"""Words of a text as spans of its code points, and small codes for equal ones."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(("u4[::1]", "u1[::1]", "i8[::1]", "i8[::1]", "i8[::1]", "i8[::1]"))
def cut_words(points, kinds, ends, starts, stops, bounds):
    """Spans of the words of every text; returns their number.

    ``kinds[point]`` is 0 for a separator, 1 for a letter of a word of two or more, 2 for a letter
    that is a word by itself.  Text i ends at ends[i]; bounds[i + 1] is the number of words up to
    its end.  Empty `starts` only counts.
    """
    count = 0
    at = 0
    write = starts.size > 0
    bounds[0] = 0
    for i in range(ends.size):
        end = ends[i]
        while at < end:
            kind = kinds[points[at]]
            if kind == 0:
                at += 1
                continue
            first = at
            at += 1
            if kind == 1:
                while at < end and kinds[points[at]] == 1:
                    at += 1
                if at - first < 2:
                    continue
            if write:
                starts[count] = first
                stops[count] = at
            count += 1
        bounds[i + 1] = count
    return count


@kernel(
    ("u4[::1]", "i8[::1]", "i8[::1]", "i8", "i8", "u8[::1]", "i4[::1]", "i8[::1]", "i4[::1]"),
)
def distinct_spans(points, starts, stops, row, count, hashes, slots, first, codes):
    """Code spans of equal points by order of first appearance; (next span, number of codes).

    A hash table of length 2^k as in `distinct`; equal hashes are compared point by point.  Stops
    when the table is half full.
    """
    mask = slots.size - 1
    limit = slots.size // 2
    for i in range(row, starts.size):
        a, b = starts[i], stops[i]
        h = np.uint64(0xCBF29CE484222325)
        for q in range(a, b):
            h = (h ^ np.uint64(points[q])) * np.uint64(0x100000001B3)
        h ^= h >> np.uint64(29)
        at = np.int64(h) & mask
        while True:
            code = slots[at]
            if code < 0:
                if count >= limit:
                    return i, count
                slots[at] = count
                hashes[at] = h
                first[count] = i
                codes[i] = count
                count += 1
                break
            if hashes[at] == h:
                c = starts[first[code]]
                same = stops[first[code]] - c == b - a
                q = a
                while same and q < b:
                    same = points[q] == points[c + q - a]
                    q += 1
                if same:
                    codes[i] = code
                    break
            at = (at + 1) & mask
    return starts.size, count


@kernel(("i4[::1]", "i8[::1]", "i4[::1]", "i8[::1]", "i4[::1]", "i4[::1]", "i8[::1]"))
def count_codes(codes, bounds, seen, place, indices, counts, indptr):
    """CSR counts of the codes of every text, columns in order of appearance.

    Text i holds codes[bounds[i]:bounds[i + 1]], -1 left out; `seen` starts as -1 for every code.
    """
    at = 0
    indptr[0] = 0
    for i in range(bounds.size - 1):
        for t in range(bounds[i], bounds[i + 1]):
            c = codes[t]
            if c < 0:
                continue
            if seen[c] == i:
                counts[place[c]] += 1
            else:
                seen[c] = i
                place[c] = at
                indices[at] = c
                counts[at] = 1
                at += 1
        indptr[i + 1] = at
    return at
