"""The table of coefficients with what is known about each: printed, as a dictionary, in sentences."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class CoefficientTable:
    """Coefficients, their uncertainty, and the fit as a whole.

    Rows are the columns of X in order, the intercept last if there is one.  `link` is the scale on
    which the model is linear.  Where a number has no meaning for the model it is NaN, and `notes` say
    why.
    """

    model: str
    target: str
    names: tuple[str, ...]
    coef: np.ndarray
    covariance: np.ndarray
    covariance_type: str
    n: float
    df_model: float
    df_resid: float
    link: str = "identity"
    confidence: float = 0.95
    #: Degrees of freedom of the reference distribution; infinite for the Gaussian.
    df: float = math.inf
    scale: float = math.nan
    log_likelihood: float = math.nan
    aic: float = math.nan
    bic: float = math.nan
    fit: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    tests: bool = True
    #: Mean and standard deviation of each column of X, for simple slopes.
    means: np.ndarray = field(default_factory=lambda: np.empty(0))
    deviations: np.ndarray = field(default_factory=lambda: np.empty(0))
    #: Which class a row of a multinomial table is about.
    outcomes: tuple[str, ...] = ()

    @property
    def std_error(self) -> np.ndarray:
        """Square roots of the variances of the coefficients."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def statistic(self) -> np.ndarray:
        """Coefficient over standard error: t, or z where the degrees of freedom are infinite."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.coef / self.std_error if self.tests else np.full(len(self.coef), np.nan)

    @property
    def distribution(self) -> str:
        return "z" if math.isinf(self.df) else "t"

    @property
    def p_value(self) -> np.ndarray:
        """Two-sided, for the hypothesis that the coefficient is zero and all others stay."""
        size = np.abs(self.statistic)
        if math.isinf(self.df):
            return 2.0 * stats.norm.sf(size)
        return 2.0 * stats.t.sf(size, self.df)

    @property
    def interval(self) -> np.ndarray:
        """Low and high end for every coefficient, shape (rows, 2)."""
        half = self._quantile() * self.std_error
        if not self.tests:
            half = np.full(len(half), np.nan)
        return np.column_stack([self.coef - half, self.coef + half])

    def _quantile(self) -> float:
        tail = 0.5 * (1.0 + self.confidence)
        return float(stats.norm.ppf(tail) if math.isinf(self.df) else stats.t.ppf(tail, self.df))

    def contrast(self, c: np.ndarray) -> tuple[float, float, float, float, float]:
        """(value, standard error, p, low, high) of c' coef."""
        value = float(c @ self.coef)
        error = float(np.sqrt(max(c @ self.covariance @ c, 0.0)))
        t = abs(value) / error if error > 0 else math.inf if value else math.nan
        p = 2.0 * float(stats.norm.sf(t) if math.isinf(self.df) else stats.t.sf(t, self.df))
        half = self._quantile() * error
        return value, error, p, value - half, value + half

    def sentences(self) -> list[str]:
        """What each coefficient says, in words: one more unit of x, the others held."""
        found = []
        for i, name in enumerate(self.names):
            if name == "(intercept)":
                continue
            low, high = self.interval[i]
            about = f" (class {self.outcomes[i]})" if self.outcomes else ""
            found.append(self._sentence(name, float(self.coef[i]), low, high) + about)
        return found

    def _sentence(self, name: str, value: float, low: float, high: float) -> str:
        start = f"one more unit of {name}, the others held, "
        level = f"{100 * self.confidence:g} % interval"
        if self.link in ("log", "logit"):
            what = f"the mean of {self.target}" if self.link == "log" else self._odds()
            with np.errstate(over="ignore"):
                factor, low, high = (float(np.exp(v)) for v in (value, low, high))
            said = f"{start}multiplies {what} by {factor:.4g}"
        else:
            scale = "" if self.link == "identity" else f"the {self.link} of the mean of "
            said = f"{start}changes {scale}{self.target} by {value:.4g}"
        return said + (f" ({level} {low:.4g} to {high:.4g})" if self.tests else "")

    def _odds(self) -> str:
        return f"the odds of {self.target}"

    def to_dict(self) -> dict[str, Any]:
        """The table as JSON holds it; what has no meaning is null."""
        interval, p, t = self.interval, self.p_value, self.statistic
        rows = [
            {
                "name": name,
                **({"outcome": self.outcomes[i]} if self.outcomes else {}),
                "coefficient": _number(self.coef[i]),
                "std_error": _number(self.std_error[i]),
                self.distribution: _number(t[i]),
                "p_value": _number(p[i]),
                "low": _number(interval[i, 0]),
                "high": _number(interval[i, 1]),
            }
            for i, name in enumerate(self.names)
        ]
        return {
            "model": self.model,
            "target": self.target,
            "link": self.link,
            "confidence": self.confidence,
            "covariance": self.covariance_type,
            "n": _number(self.n),
            "df_model": _number(self.df_model),
            "df_resid": _number(self.df_resid),
            "scale": _number(self.scale),
            "log_likelihood": _number(self.log_likelihood),
            "aic": _number(self.aic),
            "bic": _number(self.bic),
            **{name: _number(value) for name, value in self.fit.items()},
            "coefficients": rows,
            "notes": list(self.notes),
        }

    def __str__(self) -> str:
        head = f"{self.model} of {self.target}: {self.n:g} rows, "
        lines = [head + f"{self.df_resid:.6g} degrees of freedom left"]
        shown = {"log-likelihood": self.log_likelihood, "AIC": self.aic, "BIC": self.bic}
        lines += [
            "  ".join(f"{name} {value:.5g}" for name, value in group.items() if value == value)
            for group in (self.fit, shown)
        ]
        lines.append(f"standard errors: {self.covariance_type}")
        width = min(max(10, *(len(self._label(i)) for i in range(len(self.names)))), 36)
        low = f"{100 * (1 - self.confidence) / 2:g} %"
        high = f"{100 * (1 + self.confidence) / 2:g} %"
        titles = ("coef", "std err", self.distribution, "p", low, high)
        lines.append(" " * width + "".join(f"{title:>11}" for title in titles))
        interval, p, t = self.interval, self.p_value, self.statistic
        for i in range(len(self.names)):
            label = self._label(i)
            label = label if len(label) <= width else label[: width - 1] + "…"
            numbers = (self.coef[i], self.std_error[i], t[i])
            row = label.ljust(width) + "".join(f"{v:>11.4g}" for v in numbers)
            row += f"{_p(p[i]):>11}" + "".join(f"{v:>11.4g}" for v in interval[i])
            lines.append(row.replace("nan", "  -"))
        return "\n".join(
            line for line in [*lines, *(f"note: {note}" for note in self.notes)] if line
        )

    def _label(self, i: int) -> str:
        return f"{self.outcomes[i]}: {self.names[i]}" if self.outcomes else self.names[i]


def _p(p: float) -> str:
    return "<0.0001" if p < 1e-4 else f"{p:.4f}"


def _number(value: float) -> float | None:
    value = float(value)
    return value if math.isfinite(value) else None
