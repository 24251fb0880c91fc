"""The coefficients of a linear model, as the report lists them."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from .model import TableModel

#: Coefficients kept for the report.
COEFFICIENTS = 400


def coefficients(model: TableModel) -> dict[str, Any] | None:
    """The linear model's coefficients, largest first; None for other models."""
    raw = getattr(model.estimator, "coef_", None)
    if raw is None:
        return None
    if sparse.issparse(raw):
        raw = raw.toarray()
    coef = np.atleast_2d(np.asarray(raw, dtype=np.float64))
    names = model.preparation.get_feature_names_out()
    if coef.shape[1] != len(names):
        return None
    classes, of, axis = model.classes, "", f"{model.target.name} per unit"
    flat = [(float(c), str(f)) for c, f in zip(coef[0], names)]
    if classes is not None:
        logistic = hasattr(model.estimator, "predict_proba")
        axis = "log-odds per unit" if logistic else "score per unit"
        of = str(classes[1]) if len(coef) == 1 else ""
        if len(coef) > 1:
            flat = [
                (float(c), f"{f} → {classes[i]}")
                for i, row in enumerate(coef)
                for c, f in zip(row, names)
            ]
    zeros = sum(c == 0.0 for c, _ in flat)
    flat = sorted((item for item in flat if item[0] != 0.0), key=lambda item: -abs(item[0]))
    note = "Numbers are standardised: their coefficient is per standard deviation."
    note += " A category's is against all else equal; all are shrunk by the penalty."
    if zeros:
        note += f" {zeros:,} of {zeros + len(flat):,} are exactly zero."
    rows = [
        {"feature": name, "coefficient": value, "low": None, "high": None}
        for value, name in flat[:COEFFICIENTS]
    ]
    intercept = np.ravel(np.asarray(getattr(model.estimator, "intercept_", np.nan), dtype=float))
    return {
        "rows": rows,
        "total": len(flat) + zeros,
        "zeros": zeros,
        "of": of,
        "axis": axis,
        "note": note,
        "intercept": intercept.tolist(),
    }
