"""The elastic net with its strength chosen by cross-validation."""

from __future__ import annotations

from typing import Any

from .path_cv import PathCV


class ElasticNetCV(PathCV):
    """`ElasticNet` with alpha, and l1_ratio where several are given, chosen by cross-validation.

    Parameters
    ----------
    l1_ratio : one share of the L1 penalty, or a list to choose from.
    alphas : how many strengths, from the least that sets all coefficients to zero down to `eps` times
        it; or the strengths themselves.
    cv : None for five folds, a number, a splitter of scikit-learn, or (train, test) rows.
    precompute : ``"auto"`` shares products of the columns among the folds where there are more rows than
        columns; True always, False never (an array cannot serve folds, and counts as ``"auto"``).
    fit_intercept, max_iter, tol, positive, random_state, selection : as `ElasticNet`.
    copy_X, verbose, n_jobs : accepted; X is not copied, threads are set by `zhixing.threads`.

    Attributes
    ----------
    alpha_, l1_ratio_ : the choice.     coef_, intercept_, n_iter_, dual_gap_ : the fit at it, on all rows.
    alphas_ : (m,) in falling order, or (ratios, m).
    mse_path_ : (m, folds) or (ratios, m, folds), mean squared error on the rows left out.

    Notes
    -----
    Cost: with shared products two passes over X, O(n p^2), and O(p^2) an alpha and fold; the products of
    a fold are those of all rows less those of the rows left out, and its errors come from products too
    (both are computed directly where digits would be lost).  Otherwise one path a fold, see `enet_path`.
    Folds run on threads.  Same choice as scikit-learn's; the mean over folds is not weighted.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(60, 5)); y = 3.0 * X[:, 0] + rng.normal(size=60)
    >>> model = ElasticNetCV(l1_ratio=[0.1, 1.0], alphas=20).fit(X, y)
    >>> model.l1_ratio_, model.mse_path_.shape
    (1.0, (2, 20, 5))
    """

    def __init__(
        self,
        *,
        l1_ratio: Any = 0.5,
        eps: float = 1e-3,
        alphas: Any = 100,
        fit_intercept: bool = True,
        precompute: Any = "auto",
        max_iter: int = 1000,
        tol: float = 1e-4,
        cv: Any = None,
        copy_X: bool = True,
        verbose: int = 0,
        n_jobs: int | None = None,
        positive: bool = False,
        random_state: Any = None,
        selection: str = "cyclic",
    ) -> None:
        self.l1_ratio = l1_ratio
        self.eps = eps
        self.alphas = alphas
        self.fit_intercept = fit_intercept
        self.precompute = precompute
        self.max_iter = max_iter
        self.tol = tol
        self.cv = cv
        self.copy_X = copy_X
        self.verbose = verbose
        self.n_jobs = n_jobs
        self.positive = positive
        self.random_state = random_state
        self.selection = selection
