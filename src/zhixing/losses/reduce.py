"""From one loss per row to the number that is minimised."""

from __future__ import annotations

from typing import Any, Literal

Reduction = Literal["mean", "sum", "none"]


def reduce(values: Any, weight: Any = None, reduction: Reduction = "mean") -> Any:
    """Sum, weighted mean or the rows themselves, for NumPy arrays and torch tensors alike.

    ``mean`` divides by the total weight, so weight 2 is the row twice and weight 0 is a mask.  Only
    a scalar can be minimised: with ``none`` the gradient of each row stands for itself.

    >>> import numpy as np
    >>> float(reduce(np.array([1.0, 4.0]), np.array([3.0, 1.0])))
    1.75
    """
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"reduction is 'mean', 'sum' or 'none', not {reduction!r}")
    if weight is not None:
        if weight.shape != values.shape:
            raise ValueError(
                f"weight has shape {tuple(weight.shape)}, the losses {tuple(values.shape)}; "
                "give one weight for each"
            )
        values = values * weight
    if reduction == "none":
        return values
    if reduction == "sum":
        return values.sum()
    return values.sum() / weight.sum() if weight is not None else values.mean()
