"""Sums of a target by category and fold, the out-of-fold gather, and CatBoost's ordered form."""

from __future__ import annotations

from ._jit import kernel


@kernel(("i4[::1]", "i4[::1]", "f8[::1]", "f8[::1]", "f8[:, :, ::1]"))
def target_sums(codes, fold, y, weight, out):
    """out[:, fold, code] += (w, w y, w y^2) for every row whose code is not -1."""
    for i in range(codes.size):
        c = codes[i]
        if c >= 0:
            f = fold[i]
            w = weight[i]
            out[0, f, c] += w
            out[1, f, c] += w * y[i]
            out[2, f, c] += w * y[i] * y[i]


@kernel(("i4[::1]", "i4[::1]", "f8[:, ::1]", "f8[::1]", "f8[::1]"))
def gather(codes, fold, table, otherwise, out):
    """out[i] = table[fold, code], or otherwise[fold] where the code is -1."""
    for i in range(codes.size):
        c = codes[i]
        out[i] = table[fold[i], c] if c >= 0 else otherwise[fold[i]]


@kernel(("i4[::1]", "i8[::1]", "f8[::1]", "f8[::1]", "f8", "f8", "f8[:, ::1]", "f8[::1]"))
def ordered_means(codes, order, y, weight, prior, strength, sums, out):
    """out[i] = (sum of w y before i + strength prior) / (sum of w before i + strength), by code."""
    for k in range(order.size):
        i = order[k]
        c = codes[i]
        if c < 0:
            out[i] = prior
            continue
        out[i] = (sums[1, c] + strength * prior) / (sums[0, c] + strength)
        sums[0, c] += weight[i]
        sums[1, c] += weight[i] * y[i]
