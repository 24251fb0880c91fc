"""Any density within every class: the sums of its sample, and how likely rows are."""

from __future__ import annotations

from ._jit import kernel


@kernel(("density", "f8[:, ::1]", "i4[::1]", "f8[::1]", "f8[:, :, ::1]"))
def class_statistics(density, X, codes, weight, sums):
    """Add X[i, j] to sums[codes[i], j]; NaN and rows without weight are left out."""
    n, p = X.shape
    for i in range(n):
        w = weight[i]
        if w <= 0.0:
            continue
        own = sums[codes[i]]
        for j in range(p):
            x = X[i, j]
            if x == x:
                density.add(own[j], x, w)


@kernel(("density", "f8[:, ::1]", "f8[:, :, ::1]", "f8[:, ::1]"))
def class_log_densities(density, X, theta, out):
    """out[i, c] += sum over j of log density of X[i, j] under theta[c, j]; NaN is left out."""
    n, p = X.shape
    for i in range(n):
        for c in range(theta.shape[0]):
            total = 0.0
            for j in range(p):
                x = X[i, j]
                if x == x:
                    total += density.log_density(x, theta[c, j])
            out[i, c] += total
