"""Searches that learn from what they saw: `OptunaSearchCV` and `BayesSearchCV`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from ..core.random import RandomState, seed
from .axes import axes_of
from .search import Search, search
from .search_cv import SearchCV
from .stopping import Hopeless, NoProgress


class SequentialSearchCV(SearchCV):
    """One candidate after the other, on a budget of fits: the frame of both searches below.

    Parameters
    ----------
    estimator : estimator
        What to tune; a Pipeline with ``step__parameter`` names works.
    space : mapping of name to range
        `Real`, `Whole`, `OneOf` (`zhixing.core.space`), a list of values, or a frozen SciPy
        distribution.
    n_iter : int
        Candidates, the first included.
    max_fits : int, optional
        Budget in fits, folds counted singly; pruned folds are not spent.
    start : sequence of mappings, optional
        Candidates to try first; by default the estimator's own present values.
    prune : Hopeless, optional
        Gives a candidate up after its first folds.
    stop : NoProgress, optional
        Ends the search early.
    scoring, cv, refit, n_jobs, error_score, return_train_score
        As scikit-learn's GridSearchCV.  Folds run in parallel, candidates do not; results do not
        depend on `n_jobs`.  With several metrics `refit` names the one to search by; a callable
        `refit` (`OneStandardError`) chooses from `cv_results_`.
    random_state : int, optional
        Same seed, same data: same candidates, same result.

    Attributes
    ----------
    best_params_, best_score_, best_index_, best_estimator_, cv_results_, n_splits_, scorer_,
    refit_time_, multimetric_, classes_, n_features_in_, feature_names_in_
        As scikit-learn's GridSearchCV.
    search_ : Search
        Every trial in order, and why the search ended.
    n_fits_ : int
        Fits spent, the refit not counted.
    """

    _method: ClassVar[Literal["tpe", "gp"]]

    def __init__(
        self,
        estimator: Any,
        space: Mapping[str, Any],
        *,
        n_iter: int = 30,
        max_fits: int | None = None,
        start: Sequence[Mapping[str, Any]] | None = None,
        prune: Hopeless | None = None,
        stop: NoProgress | None = None,
        scoring: Any = None,
        cv: Any = None,
        refit: Any = True,
        n_jobs: int | None = None,
        error_score: Any = float("nan"),
        return_train_score: bool = False,
        random_state: RandomState = None,
    ) -> None:
        self.estimator = estimator
        self.space = space
        self.n_iter = n_iter
        self.max_fits = max_fits
        self.start = start
        self.prune = prune
        self.stop = stop
        self.scoring = scoring
        self.cv = cv
        self.refit = refit
        self.n_jobs = n_jobs
        self.error_score = error_score
        self.return_train_score = return_train_score
        self.random_state = random_state

    def _search(self, objective: Callable[[dict[str, Any]], Iterator[float]]) -> Search:
        return search(
            objective,
            self.space,
            self.n_iter,
            seed(self.random_state),
            self._present() if self.start is None else self.start,
            method=self._method,
            max_fits=self.max_fits,
            prune=self.prune,
            stop=self.stop,
        )

    def _present(self) -> list[dict[str, Any]]:
        """The estimator as it was given, if that lies inside the space: often hard to beat."""
        params = self.estimator.get_params()
        found = {}
        for name, axis in axes_of(self.space).items():
            try:
                axis.encode(params[name])
            except (KeyError, TypeError, ValueError):
                return []
            found[name] = params[name]
        return [found]


class OptunaSearchCV(SequentialSearchCV):
    """Search by Optuna's tree-structured Parzen estimator, on a budget counted in fits.

    Parameters and attributes: `SequentialSearchCV`.

    Notes
    -----
    Bergstra et al. (2011); Akiba et al. (2019).  `best_score_` is the best of many and therefore
    optimistic: `nested_cross_validate` says by how much.

    >>> from scipy.stats import loguniform
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.svm import SVC
    >>> X, y = load_iris(return_X_y=True)
    >>> search = OptunaSearchCV(SVC(), {"C": loguniform(1e-2, 1e3)}, n_iter=8, random_state=0)
    >>> search.fit(X, y).n_fits_, search.best_score_ > 0.95
    (40, True)
    """

    _method = "tpe"


class BayesSearchCV(SequentialSearchCV):
    """Bayesian optimisation: a Gaussian process proposes where improvement is likeliest.

    Parameters and attributes: `SequentialSearchCV`.

    Notes
    -----
    Mockus (1975); Snoek, Larochelle and Adams (2012).  A Gaussian process with Matern 5/2
    covariance models score against parameters; the next candidate maximises expected improvement.
    It needs fewer fits than random search or `OptunaSearchCV` for up to some ten continuous
    parameters, and costs 50 ms or more per candidate.

    >>> from zhixing.core.space import Real
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.svm import SVC
    >>> X, y = load_iris(return_X_y=True)
    >>> space = {"C": Real(1e-2, 1e3, log=True), "gamma": Real(1e-4, 10, log=True)}
    >>> BayesSearchCV(SVC(), space, n_iter=6, random_state=0).fit(X, y).best_score_ > 0.95
    True
    """

    _method = "gp"
