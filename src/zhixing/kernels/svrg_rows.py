"""Steps of stochastic gradient descent with reduced variance, one row each."""

from __future__ import annotations

from ._jit import kernel, prefetch


@kernel(
    (
        "online_loss",
        "f8[:, ::1]",
        "f8[::1]",
        "f8[::1]",
        "i8[::1]",
        "f8[::1]",
        "f8[::1]",
        "f8[::1]",
        "f8",
        "f8",
        "i8",
    ),
    fastmath={"reassoc", "contract"},
)
def svrg_rows(loss, X, y, weight, order, anchor, full, w, step, alpha, penalised):
    """w <- w - step ((w_i g_i - anchor_i) x_i + full + alpha w) for every row of `order`.

    The first `penalised` entries of w carry the penalty.
    """
    p = X.shape[1]
    for k in range(order.size):
        i = order[k]
        if k + 8 < order.size:
            for j in range(0, p, 8):
                prefetch(X, order[k + 8], j)
        z = 0.0
        for j in range(p):
            z += X[i, j] * w[j]
        g, h = loss.derivatives(y[i], z)
        move = weight[i] * g - anchor[i]
        for j in range(p):
            shrink = alpha * w[j] if j < penalised else 0.0
            w[j] -= step * (move * X[i, j] + full[j] + shrink)
