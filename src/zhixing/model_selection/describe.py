"""What was chosen and what was learned: hyper-parameters apart from parameters."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse


@dataclass(frozen=True)
class Description:
    """An estimator's hyper-parameters and, once fitted, its learned parameters.

    Attributes
    ----------
    hyperparameters : dict
        Set before fit: ``get_params()``, nested ones included.
    changed : tuple of str
        Those that differ from the default.
    learned : dict
        Set by fit from data: attributes with a trailing underscore.
    n_learned : int
        Numbers among the learned, counted singly.
    """

    name: str
    hyperparameters: dict[str, Any]
    changed: tuple[str, ...]
    learned: dict[str, Any]
    n_learned: int

    def __str__(self) -> str:
        lines = [f"{self.name}: chosen"]
        for name, value in self.hyperparameters.items():
            mark = " (not the default)" if name in self.changed else ""
            lines.append(f"  {name} = {_short(value)}{mark}")
        lines.append(f"learned, {self.n_learned} numbers" if self.learned else "not fitted")
        lines += [f"  {name}: {_short(value)}" for name, value in self.learned.items()]
        return "\n".join(lines)


def describe(estimator: Any) -> Description:
    """List what was chosen before fitting apart from what fitting learned.

    A hyper-parameter is an argument of the constructor; a parameter is what `fit` found in the
    data, which scikit-learn marks with a trailing underscore.

    >>> from sklearn.linear_model import Ridge
    >>> ridge = Ridge(alpha=2.0, solver="cholesky").fit([[0.0], [1.0], [2.0]], [0.0, 1.0, 2.0])
    >>> print(describe(ridge))
    Ridge: chosen
      alpha = 2.0 (not the default)
      copy_X = True
      fit_intercept = True
      max_iter = None
      positive = False
      random_state = None
      solver = 'cholesky' (not the default)
      tol = 0.0001
    learned, 3 numbers
      coef_: array of shape (1,)
      intercept_: 0.5
      n_features_in_: 1
      n_iter_: None
      solver_: 'cholesky'
    """
    chosen = estimator.get_params()
    defaults = {
        name: parameter.default
        for name, parameter in inspect.signature(type(estimator).__init__).parameters.items()
    }
    changed = [
        name
        for name, value in chosen.items()
        if name in defaults and not _same(value, defaults[name])
    ]
    learned = {}
    for name in sorted(n for n in dir(estimator) if n.endswith("_") and not n.startswith("_")):
        if name.endswith("__") or inspect.isroutine(getattr(type(estimator), name, None)):
            continue
        try:
            learned[name] = getattr(estimator, name)
        except Exception:  # a property that needs a fit, or a setting this model lacks
            continue
    return Description(
        type(estimator).__name__,
        dict(sorted(chosen.items())),
        tuple(sorted(changed)),
        learned,
        sum(_count(value) for value in learned.values()),
    )


def _same(value: Any, default: Any) -> bool:
    if value is default:
        return True
    try:
        return type(value) is type(default) and bool(np.all(value == default))
    except (TypeError, ValueError):
        return False


def _count(value: Any) -> int:
    if sparse.issparse(value):
        return int(value.nnz)
    if isinstance(value, np.ndarray):
        return value.size if value.dtype.kind in "fiuc" else 0
    if isinstance(value, (list, tuple)):
        return sum(_count(v) for v in value)
    return int(isinstance(value, (int, float, np.number)) and not isinstance(value, bool))


def _short(value: Any) -> str:
    if isinstance(value, np.ndarray) or sparse.issparse(value):
        return f"array of shape {value.shape}"
    if isinstance(value, np.generic):
        value = value.item()
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."
