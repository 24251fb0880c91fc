"""The lasso."""

from __future__ import annotations

from typing import Any

from ..core.estimator import Candidate
from ..core.space import Real
from .elastic_net import ElasticNet


class Lasso(ElasticNet):
    """Least squares with an L1 penalty: sets the coefficients that do not matter to exactly zero.

    Minimises over w and the unpenalised b, with s the sum of the weights::

        (1 / 2 s) sum_i weight_i (y_i - x_i w - b)^2  +  alpha |w|_1

    This is `ElasticNet` with ``l1_ratio=1``; parameters, attributes, cost and differences from
    scikit-learn are described there.  Source: Tibshirani (1996).

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 1.0], [3.0, 0.0]])
    >>> model = Lasso(alpha=0.1).fit(X, [0.0, 1.0, 2.0, 3.0])
    >>> model.coef_.round(3), round(float(model.intercept_), 3)
    (array([0.92, 0.  ]), 0.12)
    """

    candidate = Candidate(
        tasks=("regression",), simplicity=20, space={"alpha": Real(1e-4, 1e2, log=True)}, cost=2.0
    )

    def __init__(
        self,
        alpha: float = 1.0,
        *,
        fit_intercept: bool = True,
        precompute: Any = False,
        copy_X: bool = True,
        max_iter: int = 1000,
        tol: float = 1e-4,
        warm_start: bool = False,
        positive: bool = False,
        random_state: Any = None,
        selection: str = "cyclic",
    ) -> None:
        super().__init__(
            alpha,
            l1_ratio=1.0,
            fit_intercept=fit_intercept,
            precompute=precompute,
            max_iter=max_iter,
            copy_X=copy_X,
            tol=tol,
            warm_start=warm_start,
            positive=positive,
            random_state=random_state,
            selection=selection,
        )
