"""Named elementary functions with a domain and, where there is one, an inverse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from sklearn.base import OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ..core.estimator import Estimator
from ..core.validation import rows


class Elementary(NamedTuple):
    """A function, its inverse (None: there is none), its domain as words and as a test."""

    forward: Callable[[Any], Any]
    inverse: Callable[[Any], Any] | None
    domain: str
    admits: Callable[[Any], Any]


def _everywhere(x: Any) -> Any:
    return np.ones(np.shape(x), bool)


FUNCTIONS: dict[str, Elementary] = {
    "sqrt": Elementary(np.sqrt, np.square, "x >= 0", lambda x: x >= 0),
    "signed_sqrt": Elementary(
        lambda x: np.copysign(np.sqrt(np.abs(x)), x),
        lambda z: np.copysign(np.square(z), z),
        "all x",
        _everywhere,
    ),
    "square": Elementary(np.square, None, "all x", _everywhere),
    "cbrt": Elementary(np.cbrt, lambda z: z * z * z, "all x", _everywhere),
    "reciprocal": Elementary(lambda x: 1 / x, lambda z: 1 / z, "x != 0", lambda x: x != 0),
    "log": Elementary(np.log, np.exp, "x > 0", lambda x: x > 0),
    "log1p": Elementary(np.log1p, np.expm1, "x > -1", lambda x: x > -1),
    "exp": Elementary(
        np.exp,
        np.log,
        "x below log of the largest float",
        lambda x: x < np.log(np.finfo(x.dtype).max),
    ),
    "logit": Elementary(
        lambda x: np.log(x) - np.log1p(-x),
        lambda z: 1 / (1 + np.exp(-z)),
        "0 < x < 1",
        lambda x: (x > 0) & (x < 1),
    ),
    "arcsin_sqrt": Elementary(
        lambda x: np.arcsin(np.sqrt(x)),
        lambda z: np.square(np.sin(z)),
        "0 <= x <= 1",
        lambda x: (x >= 0) & (x <= 1),
    ),
    "asinh": Elementary(np.arcsinh, np.sinh, "all x", _everywhere),
    "tanh": Elementary(np.tanh, np.arctanh, "all x", _everywhere),
    "difference": Elementary(
        lambda x: np.concatenate([x[:1] - x[:1], np.diff(x, axis=0)]), None, "all x", _everywhere
    ),
}


class VariableTransformer(OneToOneFeatureMixin, TransformerMixin, Estimator):
    """Apply one named elementary function to chosen columns, its domain checked first.

    sqrt, signed_sqrt, square, cbrt, reciprocal, log, log1p, exp, logit = log(x / (1 - x)),
    arcsin_sqrt (for shares), asinh, tanh, difference = x_t - x_(t-1) down the rows (0 first).

    Parameters
    ----------
    func : str, default="sqrt"
    columns : sequence of int or str, default=None
        Positions, or names for frames; None is all.  The others pass unchanged.

    Attributes
    ----------
    columns_ : ndarray of int

    Notes
    -----
    A value outside the domain raises an error that names the column and the domain; NaN passes
    through.  square and difference have no inverse.  Stateless but for the choice of columns.

    Examples
    --------
    >>> transformer = VariableTransformer("logit").fit([[0.2, 0.5]])
    >>> z = transformer.transform([[0.2, 0.5]])
    >>> z.round(3), transformer.inverse_transform(z)
    (array([[-1.386,  0.   ]]), array([[0.2, 0.5]]))
    """

    def __init__(self, func: str = "sqrt", *, columns: Any = None) -> None:
        self.func = func
        self.columns = columns

    def fit(self, X: Any, y: Any = None) -> VariableTransformer:
        """Find the columns and check the domain."""
        if self.func not in FUNCTIONS:
            raise ValueError(f"func must be one of {', '.join(FUNCTIONS)}; got {self.func!r}")
        X = rows(self, X, fitting=True, nan=True)
        names = getattr(self, "feature_names_in_", None)
        if self.columns is None:
            self.columns_ = np.arange(X.shape[1])
        else:
            listed = [] if names is None else names.tolist()
            places = []
            for column in self.columns:
                if isinstance(column, str):
                    if column not in listed:
                        raise ValueError(f"there is no column {column!r}; there are {listed}")
                    places.append(listed.index(column))
                elif not -X.shape[1] <= column < X.shape[1]:
                    raise ValueError(f"there is no column {column}, only {X.shape[1]} columns")
                else:
                    places.append(int(column) % X.shape[1])
            self.columns_ = np.array(places, dtype=np.int64)
        self._refuse_outside(X)
        return self

    def _refuse_outside(self, X: np.ndarray) -> None:
        function = FUNCTIONS[self.func]
        names = getattr(self, "feature_names_in_", None)
        for j in self.columns_:
            outside = ~(function.admits(X[:, j]) | np.isnan(X[:, j]))
            if outside.any():
                where = f"column {j}" if names is None else f"column {names[j]!r}"
                negative = "Negative values in data, " if self.func == "sqrt" else ""
                raise ValueError(
                    f"{negative}{where}: {self.func} is defined for {function.domain}, but "
                    f"{int(outside.sum())} values lie outside, e.g. {X[outside, j][0]:g}"
                )

    def transform(self, X: Any) -> np.ndarray:
        """The function of the chosen columns, in the float type of `X`."""
        check_is_fitted(self)
        X = rows(self, X, nan=True)
        self._refuse_outside(X)
        out = X.copy()
        out[:, self.columns_] = FUNCTIONS[self.func].forward(X[:, self.columns_])
        return out

    def inverse_transform(self, X: Any) -> np.ndarray:
        """The values whose transform is `X`."""
        check_is_fitted(self)
        inverse = FUNCTIONS[self.func].inverse
        if inverse is None:
            raise ValueError(f"{self.func} has no inverse")
        X = rows(self, X, nan=True)
        out = X.copy()
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            out[:, self.columns_] = inverse(X[:, self.columns_])
        return out

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.positive_only = self.func == "sqrt"
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
