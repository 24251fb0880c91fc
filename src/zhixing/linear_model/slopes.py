"""Slopes of one variable at chosen levels of the variables it interacts with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from .coefficient_table import CoefficientTable


class SimpleSlope(NamedTuple):
    """The slope of `variable` where the other variables are `at`, on the scale of the link."""

    variable: str
    at: dict[str, float]
    slope: float
    std_error: float
    p_value: float
    low: float
    high: float

    def __str__(self) -> str:
        where = ", ".join(f"{name} = {value:.4g}" for name, value in self.at.items())
        p = "< 0.0001" if self.p_value < 1e-4 else f"= {self.p_value:.4f}"
        return (
            f"slope of {self.variable} at {where or 'any point'}: {self.slope:.4g} "
            f"[{self.low:.4g}, {self.high:.4g}], p {p}"
        )


def factors(name: str) -> dict[str, int]:
    """The powers in a column's name: ``"a b^2"``, ``"a:b"`` or ``"a*b"``.

    >>> factors("age income^2")
    {'age': 1, 'income': 2}
    """
    found: dict[str, int] = {}
    for piece in re.split(r"\s*[:*]\s*|\s+", name.strip()):
        base, _, power = piece.partition("^")
        found[base] = found.get(base, 0) + (int(power) if power.isdigit() else 1)
    return found


def simple_slopes(
    table: CoefficientTable,
    variable: str,
    at: Mapping[str, Sequence[float] | float] | None = None,
) -> list[SimpleSlope]:
    """How steep y is in `variable`, at levels of the variables that are multiplied with it.

    Parameters
    ----------
    table : the `summary` of a linear model whose columns hold the variables and their products, named
        as ``PolynomialFeatures`` names them (``"a b"``, ``"a^2"``) or ``"a:b"``, ``"a*b"``.
    variable : the one whose slope is wanted.
    at : levels of the other variables; one that interacts and is not named takes its mean less and
        plus a standard deviation, and its mean.

    Notes
    -----
    The slope is c' coef with c the derivative of the columns in `variable`, its variance c' V c.  The
    interaction itself is tested by the product's own row of the table.  Source: Aiken and West
    (1991), "Multiple regression: testing and interpreting interactions", chapter 2.

    Examples
    --------
    >>> from sklearn.preprocessing import PolynomialFeatures
    >>> from zhixing.linear_model import LinearRegression
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(200, 2))
    >>> y = X[:, 0] + X[:, 1] + 2 * X[:, 0] * X[:, 1] + rng.normal(size=200)
    >>> products = PolynomialFeatures(interaction_only=True, include_bias=False)
    >>> products = products.set_output(transform="pandas").fit_transform(X)
    >>> table = LinearRegression().fit(products, y).summary(products, y)
    >>> [round(s.slope) for s in simple_slopes(table, "x0", at={"x1": [-1, 0, 1]})]
    [-1, 1, 3]
    """
    terms = [{} if name == "(intercept)" else _plain(name, table.names) for name in table.names]
    if not any(variable in term for term in terms):
        raise ValueError(f"{variable!r} is in none of the columns {list(table.names)}")
    wanted = {
        other: None
        for term in terms
        if variable in term
        for other, power in term.items()
        if other != variable or power > 1
    }
    at = dict(at or {})
    unknown = sorted(set(at) - {name for term in terms for name in term})
    if unknown:
        raise ValueError(f"at names {unknown}, which are in none of the columns")
    levels = {
        name: np.atleast_1d(np.asarray(at[name], dtype=float))
        if name in at
        else _usual(table, name)
        for name in dict.fromkeys([*wanted, *at])
    }
    found = []
    for values in product(*levels.values()):
        point = dict(zip(levels, (float(v) for v in values)))
        c = np.array([_derivative(term, variable, point) for term in terms])
        found.append(SimpleSlope(variable, point, *table.contrast(c)))
    return found


def _plain(name: str, names: tuple[str, ...]) -> dict[str, int]:
    # A name with a space is a product only if its factors are columns, or powers of one.
    found = factors(name)
    known = len(found) == 1 and max(found.values()) > 1 or all(part in names for part in found)
    return found if known else {name: 1}


def _usual(table: CoefficientTable, name: str) -> np.ndarray:
    if name not in table.names or not len(table.means):
        raise ValueError(f"give levels of {name!r} in `at`; it has no column of its own")
    j = table.names.index(name)
    return table.means[j] + table.deviations[j] * np.array([-1.0, 0.0, 1.0])


def _derivative(term: dict[str, int], variable: str, at: dict[str, float]) -> float:
    power = term.get(variable, 0)
    if not power:
        return 0.0
    value = float(power) * (at[variable] ** (power - 1) if power > 1 else 1.0)
    for other, exponent in term.items():
        if other != variable:
            value *= at[other] ** exponent
    return value
