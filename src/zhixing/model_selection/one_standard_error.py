"""The simplest candidate within one standard error of the best."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError


@dataclass(frozen=True)
class OneStandardError:
    """Choose the simplest candidate whose mean score is within one standard error of the best's.

    For the `refit` parameter of any search, scikit-learn's too.

    Parameters
    ----------
    parameter : str
        The hyper-parameter that orders candidates by simplicity.
    simplest : {"smallest", "largest"} or callable
        Which end is simple: "largest" for `alpha`, "smallest" for `C` or `max_depth`; a callable
        maps a value to a number, lower is simpler.
    factor : float
        Standard errors allowed.
    metric : str
        "score", or the metric's name where there are several.

    Notes
    -----
    Breiman, Friedman, Olshen and Stone (1984), section 3.4.3.  The standard error of a K-fold mean,
    ``s / sqrt(K)``, ignores that folds share training rows; as a rule of thumb that leans to
    simplicity it stands.

    >>> from sklearn.datasets import load_diabetes
    >>> from sklearn.linear_model import Ridge
    >>> from sklearn.model_selection import GridSearchCV
    >>> rule = OneStandardError("alpha", "largest")
    >>> grid = GridSearchCV(Ridge(), {"alpha": [0.01, 0.1, 1.0, 10.0]}, refit=rule)
    >>> grid.fit(*load_diabetes(return_X_y=True)).best_params_
    {'alpha': 0.1}
    """

    parameter: str
    simplest: str | Callable[[Any], float] = "smallest"
    factor: float = 1.0
    metric: str = "score"

    def __call__(self, cv_results: Mapping[str, Any]) -> int:
        """The index of the chosen candidate."""
        if self.simplest not in ("smallest", "largest") and not callable(self.simplest):
            raise InputError("simplest is 'smallest', 'largest' or a function of the value")
        column = f"param_{self.parameter}"
        if column not in cv_results:
            raise InputError(f"the search has no parameter {self.parameter!r}")
        mean = np.asarray(cv_results[f"mean_test_{self.metric}"], dtype=float)
        eligible = np.isfinite(mean) & ~np.asarray(
            cv_results.get("pruned", np.zeros(mean.size, bool))
        )
        if not eligible.any():
            raise InputError("no candidate has a score")
        folds = sum(
            key.startswith("split") and key.endswith(f"_test_{self.metric}") for key in cv_results
        )
        best = int(np.argmax(np.where(eligible, mean, -np.inf)))
        # numpy's population deviation, as cv_results_ holds it, to the standard error of a mean.
        error = float(cv_results[f"std_test_{self.metric}"][best]) / np.sqrt(max(folds - 1, 1))
        close = np.flatnonzero(eligible & (mean >= mean[best] - self.factor * error))
        values = [cv_results[column][i] for i in close]
        if callable(self.simplest):
            complexity = [float(self.simplest(value)) for value in values]
        else:
            sign = 1.0 if self.simplest == "smallest" else -1.0
            complexity = [sign * float(value) for value in values]
        order = sorted(range(close.size), key=lambda i: (complexity[i], -mean[close[i]]))
        return int(close[order[0]])
