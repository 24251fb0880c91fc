"""The vector work of preconditioned conjugate gradients, one pass instead of six."""

from __future__ import annotations

from ._jit import kernel


@kernel(("f8", "f8[::1]", "f8[::1]", "f8[::1]", "f8[::1]", "f8[::1]"))
def conjugate_step(a, s, hs, inverse, d, r):
    """d += a s and r -= a hs; returns r' P r with P the diagonal `inverse`."""
    ry = 0.0
    for i in range(s.size):
        d[i] += a * s[i]
        left = r[i] - a * hs[i]
        r[i] = left
        ry += left * inverse[i] * left
    return ry


@kernel(("f8", "f8[::1]", "f8[::1]", "f8[::1]"))
def conjugate_direction(ratio, inverse, r, s):
    """s = P r + ratio s."""
    for i in range(s.size):
        s[i] = inverse[i] * r[i] + ratio * s[i]


@kernel(("f8", "f8", "f8[::1]", "f8[::1]"))
def scale_and_add(factor, alpha, v, out):
    """out = factor out + alpha v; returns v' out."""
    total = 0.0
    for i in range(out.size):
        out[i] = factor * out[i] + alpha * v[i]
        total += v[i] * out[i]
    return total
