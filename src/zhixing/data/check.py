"""Input checks of estimators: scikit-learn's, with a short way for rows that are clean already."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.validation import _check_sample_weight, validate_data

FLOATS = (np.float64, np.float32)


def check_fit(
    estimator: Any,
    X: Any,
    y: Any = None,
    sample_weight: Any = None,
    *,
    sparse: bool | str | tuple[str, ...] = ("csr", "csc"),
    dtype: Any = FLOATS,
    **options: Any,
) -> tuple[Any, Any, np.ndarray | None]:
    """X, y and weights for `fit`: finite, of equal length, X as float32 or float64.

    Weights come back as None or as float64; all-zero or negative weights are refused.
    """
    if y is None:  # scikit-learn says whether y may be missing
        options = {k: v for k, v in options.items() if k not in ("multi_output", "y_numeric")}
        X = validate_data(estimator, X, y, accept_sparse=sparse, dtype=list(dtype), **options)
    else:
        X, y = validate_data(estimator, X, y, accept_sparse=sparse, dtype=list(dtype), **options)
    if sample_weight is not None:
        sample_weight = _check_sample_weight(
            sample_weight, X, dtype=np.float64, ensure_non_negative=True
        )
        if not sample_weight.any():
            raise ValueError("sample_weight is zero for every row; give some row a weight")
    return X, y, sample_weight


def check_rows(estimator: Any, X: Any, *, sparse: bool | tuple[str, ...] = ("csr", "csc")) -> Any:
    """X for `predict`.  A float array of the right width and finite sum takes microseconds."""
    if (
        type(X) is np.ndarray
        and X.dtype in FLOATS
        and X.ndim == 2
        and X.shape[1] == estimator.n_features_in_
        and len(X)
        and not hasattr(estimator, "feature_names_in_")
        and np.isfinite(X.sum())
    ):
        return X
    return validate_data(estimator, X, accept_sparse=sparse, dtype=list(FLOATS), reset=False)
