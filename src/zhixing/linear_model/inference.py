"""Standard errors, tests and intervals for the coefficients of linear models."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import scipy.linalg
from scipy import sparse, stats
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from ..core.errors import InputError
from ..data.check import check_rows
from ..losses.family import Family
from ..losses.family_loss import FamilyLoss
from ..losses.link import LINKS
from ..solvers.weighted_gram import weighted_gram
from .coefficient_table import CoefficientTable
from .robust_covariance import COVARIANCES, Rows, sandwich


class NoInference(TypeError):
    """Theory gives no p-values for this fit; the message says why and what would do."""


class Likelihood(NamedTuple):
    """What a fitted estimator was fitted by: family, link, and codes of y for classifiers."""

    family: Family
    link: str
    target: str
    y: np.ndarray


class Inference:
    """Gives an estimator `summary`.

    Estimators keep no rows (a model file should not hold the data it was fitted on, and robust
    standard errors need them), so `summary` is given the rows of the fit again, and checks that they
    are the ones.
    """

    #: Why there is no inference, for estimators without a likelihood.
    _no_inference = (
        "its coefficients were shrunk or chosen by a penalty or by selection, and tests that forget "
        "this are too optimistic; fit LinearRegression or an unpenalised model on rows not used for "
        "the choice, or compare models by cross-validation"
    )

    def _likelihood(self, y: np.ndarray) -> Likelihood:
        raise NoInference(f"{type(self).__name__} has no p-values: {self._no_inference}")

    def summary(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        *,
        confidence: float = 0.95,
        covariance: str = "model",
        groups: Any = None,
        weights: str = "repetition",
    ) -> CoefficientTable:
        """Coefficient, standard error, test, interval for each column, and the fit as a whole.

        Parameters
        ----------
        X, y, sample_weight : the rows of the fit.
        covariance : ``"model"`` believes the model's variance; ``"HC0"`` to ``"HC3"`` do not;
            ``"cluster"`` allows dependent rows within `groups`.
        weights : ``"repetition"`` (weight 2 is the row twice) or ``"precision"`` (variance
            proportional to 1 / weight; families with a free dispersion only).

        Raises
        ------
        NoInference
            Where theory gives none (a penalty, selection, collinear columns, separated classes).
        InputError
            Where the rows are not those of the fit.

        Notes
        -----
        Coefficients are compared with t where the dispersion is estimated, else with the Gaussian;
        ``(X'HX)^-1`` times the dispersion is their covariance.  Cost O(n p^2 + p^3).  Sources: Hastie
        et al. (2009), 3.2; McCullagh and Nelder (1989), 2.5.  With ``covariance="model"`` the numbers
        are those of statsmodels' OLS and GLM.
        """
        check_is_fitted(self)
        X = check_rows(self, X)
        y = np.asarray(y)
        if y.ndim == 2 and y.shape[1] == 1:
            y = y.ravel()
        if y.ndim != 1:
            raise NoInference("summary is of one target at a time; fit each column of y by itself")
        if len(y) != X.shape[0]:
            raise InputError(f"X has {X.shape[0]} rows and y has {len(y)}")
        weight = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        if not 0 < confidence < 1:
            raise ValueError(f"confidence is {confidence!r}; it must lie between 0 and 1")
        return self._summarise(
            X,
            y,
            weight,
            confidence=confidence,
            covariance=covariance,
            groups=groups,
            weights=weights,
        )

    def _summarise(
        self, X: Any, y: np.ndarray, weight: np.ndarray, **options: Any
    ) -> CoefficientTable:
        return summarise(self, X, y, weight, **options)


def column_names(model: Any, p: int) -> tuple[str, ...]:
    return tuple(map(str, getattr(model, "feature_names_in_", [f"x{j}" for j in range(p)])))


def check_options(covariance: str, groups: Any, weights: str, n: int) -> np.ndarray | None:
    """The codes of `groups`, or None; anything unknown is refused."""
    if covariance not in COVARIANCES:
        raise ValueError(f"covariance={covariance!r} is not one of {sorted(COVARIANCES)}")
    if weights not in ("repetition", "precision"):
        raise ValueError(f"weights={weights!r} is not 'repetition' or 'precision'")
    if (covariance == "cluster") != (groups is not None):
        raise ValueError("covariance='cluster' and groups belong together; give both or neither")
    if groups is None:
        return None
    codes = np.unique(np.asarray(groups), return_inverse=True)[1].ravel()
    if len(codes) != n:
        raise InputError(f"groups has {len(codes)} entries for {n} rows")
    if codes.max() < 1:
        raise NoInference("a clustered covariance needs at least two groups")
    return codes


def invert_information(H: np.ndarray, names: tuple[str, ...], cause: str) -> np.ndarray:
    """H^-1, or a refusal that names the columns without information of their own."""
    scale = np.sqrt(np.diag(H))
    bad = ~(scale > 0)
    if bad.any():
        which = ", ".join(names[i] for i in np.flatnonzero(bad)[:5])
        raise NoInference(f"{which}: no information about this coefficient; drop the column{cause}")
    values, vectors = scipy.linalg.eigh(H / np.outer(scale, scale))
    if values[0] < 1e-12 * values[-1]:
        share = np.abs(vectors[:, 0])
        which = ", ".join(names[i] for i in np.flatnonzero(share > 0.05 * share.max())[:6])
        raise NoInference(
            f"coefficients are not identified: {which} are linearly dependent; drop one of them{cause}"
        )
    return (vectors / values) @ vectors.T / np.outer(scale, scale)


def summarise(
    model: Any,
    X: Any,
    y: np.ndarray,
    weight: np.ndarray,
    *,
    confidence: float,
    covariance: str,
    groups: Any,
    weights: str,
) -> CoefficientTable:
    """The table of a model with one linear predictor."""
    codes = check_options(covariance, groups, weights, len(y))
    family, link, target, y = model._likelihood(y)
    intercept = bool(model.fit_intercept)
    loss = FamilyLoss(family, LINKS[link])
    repeats = weight
    if weights == "precision":
        if family.dispersion_known:
            raise NoInference(
                "precision weights have no meaning where the mean fixes the variance; "
                "give weights='repetition'"
            )
        weight = weight * np.count_nonzero(weight) / weight.sum()
        repeats = (weight > 0).astype(float)
    n = float(repeats.sum())
    coef = np.append(np.ravel(model.coef_), [np.ravel(model.intercept_)[0]] * intercept)
    coef = coef.astype(np.float64)
    names = column_names(model, X.shape[1]) + ("(intercept)",) * intercept
    k = len(coef)
    if n <= k:
        raise NoInference(f"{n:g} rows cannot carry {k} coefficients and their errors; fit fewer")
    z = X @ coef[: X.shape[1]] + (coef[-1] if intercept else 0.0)
    m = loss.mean(z)
    g, h = loss.derivatives_of_rows(y, z)
    H = weighted_gram(X, weight * h, intercept)
    _check_separated(family, y, m, weight)
    bread = invert_information(H, names, "")
    pearson = float(weight @ ((y - m) ** 2 / np.maximum(family.variance(m), 1e-300)))
    df_resid = n - k
    scale = 1.0 if family.dispersion_known else pearson / df_resid
    gradient = np.asarray((weight * g) @ X).ravel()
    gradient = np.append(gradient, [float(weight @ g)] * intercept)
    _check_fitted_on(bread @ gradient, np.sqrt(np.diag(bread) * max(scale, 1e-300)), scale, names)
    table = bread * scale
    if covariance != "model":
        rows = Rows(X, g, h, weight, repeats, intercept, n)
        table = sandwich(rows, bread, covariance, codes)
    df = math.inf if family.dispersion_known else df_resid
    if covariance == "cluster" and not family.dispersion_known:
        df = float(codes.max()) if codes is not None else df
    ll = _log_likelihood(family, link, y, m, weight, repeats, scale, n)
    means, deviations = _moments(X, weight)
    found = CoefficientTable(
        model=type(model).__name__,
        target=target,
        names=names,
        coef=coef,
        covariance=table,
        covariance_type=COVARIANCES[covariance],
        n=n,
        df_model=float(k - intercept),
        df_resid=df_resid,
        link=link,
        confidence=confidence,
        df=df,
        scale=scale,
        log_likelihood=ll,
        aic=2.0 * k - 2.0 * ll,
        bic=k * math.log(n) - 2.0 * ll,
        means=means,
        deviations=deviations,
    )
    return _with_fit(found, family, link, y, m, weight, repeats, intercept)


def _check_separated(family: Family, y: np.ndarray, m: np.ndarray, weight: np.ndarray) -> None:
    if family.domain != "binary":
        return
    kept = weight > 0
    # A score that puts every row on its side proves that a line separates the classes.
    if np.isin(y, (0.0, 1.0)).all() and (((m > 0.5) == (y > 0.5)) & (m != 0.5))[kept].all():
        raise NoInference(
            "the classes are separated by a line, so the most likely coefficients are infinite and "
            "have no standard errors; use a penalised model and compare by cross-validation"
        )


def _check_fitted_on(
    step: np.ndarray, error: np.ndarray, scale: float, names: tuple[str, ...]
) -> None:
    """A Newton step that is left, in standard errors: near zero on the rows of the fit."""
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.abs(step) / error
    if scale > 1e-20 and np.nanmax(left) > 0.05:
        worst = names[int(np.nanargmax(left))]
        raise InputError(
            "these are not the rows and weights the model was fitted on, or its fit has not converged: "
            f"the coefficient of {worst} would move by {np.nanmax(left):.2g} standard errors",
            do="give the rows of the fit, or fit with a smaller tol",
        )


def _log_likelihood(
    family: Family,
    link: str,
    y: np.ndarray,
    m: np.ndarray,
    weight: np.ndarray,
    repeats: np.ndarray,
    scale: float,
    n: float,
) -> float:
    """At the maximum-likelihood scale for the Gaussian, else at the Pearson estimate, as statsmodels."""
    kept = weight > 0
    y, m, weight, repeats = y[kept], m[kept], weight[kept], repeats[kept]
    if type(family).__name__ == "Gaussian":
        squares = float(weight @ (y - m) ** 2)
        value = -0.5 * n * (math.log(2.0 * math.pi * max(squares, 1e-300) / n) + 1.0)
        return value + 0.5 * float(repeats @ np.log(weight / repeats))
    per_row = weight / repeats
    rows = np.array(family.log_likelihood(y, m, scale / per_row), dtype=float)
    return float(repeats @ rows)


def _moments(X: Any, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    total = weight.sum()
    mean = np.asarray(weight @ X, dtype=np.float64).ravel() / total
    squares = X.multiply(X) if sparse.issparse(X) else np.square(X, dtype=np.float64)
    second = np.asarray(weight @ squares).ravel() / total
    return mean, np.sqrt(np.maximum(second - mean**2, 0.0) * total / max(total - 1.0, 1.0))


def _with_fit(
    table: CoefficientTable,
    family: Family,
    link: str,
    y: np.ndarray,
    m: np.ndarray,
    weight: np.ndarray,
    repeats: np.ndarray,
    intercept: bool,
) -> CoefficientTable:
    k, fit = int(table.df_model), {}
    flat = np.full_like(y, np.average(y, weights=weight))
    if type(family).__name__ == "Gaussian" and link == "identity":
        total = float(weight @ ((y - flat) ** 2 if intercept else y**2))
        r2 = 1.0 - float(weight @ (y - m) ** 2) / total if total > 0 else math.nan
        spare = (table.n - intercept) / table.df_resid
        fit = {"R2": r2, "adjusted R2": 1.0 - (1.0 - r2) * spare}
        fit["residual std error"] = math.sqrt(table.scale)
        if k:
            wald, _ = _wald(table, k)
            fit |= {"F": wald / k, "F p-value": float(stats.f.sf(wald / k, k, table.df))}
    else:
        with np.errstate(all="ignore"):
            deviance = float(weight @ family.deviance(y, m))
            fit["deviance"] = deviance
            if intercept and k:
                null = float(weight @ family.deviance(y, flat))
                drop = (null - deviance) / table.scale
                fit |= {"null deviance": null, "D2": 1.0 - deviance / null}
                if family.dispersion_known:
                    fit |= {"chi2": drop, "chi2 p-value": float(stats.chi2.sf(drop, k))}
                else:
                    p = float(stats.f.sf(drop / k, k, table.df_resid))
                    fit |= {"F": drop / k, "F p-value": p}
        if not family.dispersion_known:
            fit["dispersion"] = table.scale
    return replace(table, fit=fit)


def _wald(table: CoefficientTable, k: int) -> tuple[float, int]:
    """The Wald statistic of all slopes being zero."""
    b = table.coef[:k]
    return float(b @ scipy.linalg.solve(table.covariance[:k, :k], b, assume_a="sym")), k
