"""The library's classifiers on one data set: score, time, boundary, assumptions, verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.model_selection import RepeatedStratifiedKFold, check_cv
from sklearn.pipeline import make_pipeline

from ..core.errors import InputError
from ..core.estimate import Estimate
from ..core.random import RandomState, seed
from ..model_selection.cross_validate import CrossValidation, cross_validate
from .compare_many import Ranking, compare_many

#: The shape of the boundary between two classes, and what the method takes for granted.
FACTS: dict[str, tuple[str, str]] = {
    "DummyClassifier": ("none", "features say nothing"),
    "LogisticRegression": ("linear", "log-odds linear in the features"),
    "LogisticRegressionCV": ("linear", "log-odds linear in the features"),
    "RidgeClassifier": ("linear", "class codes linear in the features"),
    "SGDClassifier": ("linear", "that of its loss; rows in random order"),
    "Perceptron": ("linear", "classes separable by a plane"),
    "LinearSVC": ("linear", "classes nearly separable by a wide margin"),
    "SVC": ("smooth, by kernel", "close points have one class; scaled features"),
    "GaussianNB": ("quadratic", "features independent and Gaussian within a class"),
    "BernoulliNB": ("linear", "binary features, independent within a class"),
    "MultinomialNB": ("linear", "counts, words drawn independently within a class"),
    "ComplementNB": ("linear", "counts, as MultinomialNB, weights from the other classes"),
    "CategoricalNB": ("additive over categories", "categories independent within a class"),
    "LinearDiscriminantAnalysis": ("linear", "Gaussian classes of one covariance"),
    "QuadraticDiscriminantAnalysis": ("quadratic", "Gaussian classes"),
    "KNeighborsClassifier": ("any, local", "close points have one class; scaled features"),
    "DecisionTreeClassifier": ("axis-parallel steps", "few thresholds on single features decide"),
    "RandomForestClassifier": ("axis-parallel steps, averaged", "as a tree, with less variance"),
    "GradientBoostingClassifier": ("axis-parallel steps, summed", "small trees add up"),
}


@dataclass(frozen=True)
class ClassifierTable:
    """One row per classifier, best mean first, and those that do not apply, with the reason."""

    rows: tuple[dict[str, Any], ...]
    ranking: Ranking
    not_applicable: dict[str, str]
    scoring: str

    def __str__(self) -> str:
        width = max(len(row["name"]) for row in self.rows)
        lines = [
            f"{row['name']:<{width}}  {row['score']}  fit {1e3 * row['fit_seconds']:.3g} ms  "
            f"boundary: {row['boundary']}; {row['verdict']}"
            for row in self.rows
        ]
        lines += [f"{name}: does not apply ({why})" for name, why in self.not_applicable.items()]
        return "\n".join(lines)


def compare_classifiers(
    X: Any,
    y: Any,
    *,
    models: Mapping[str, Any] | None = None,
    scoring: Any = "accuracy",
    cv: Any = None,
    rope: float | None = None,
    alpha: float = 0.05,
    random_state: RandomState = 0,
) -> ClassifierTable:
    """Cross-validate the library's classifiers on the same folds and say which can be told apart.

    Parameters
    ----------
    X, y : data
        Numbers without gaps, or whatever `models` take.
    models : mapping of name to estimator, optional
        By default every classifier that the library's catalogue offers for this number of classes,
        each behind a StandardScaler unless it wants counts or refuses negative values.
    scoring : str or callable
        As scikit-learn's.
    cv : int, splitter or iterable, optional
        By default five stratified folds, twice.
    rope : float, optional
        Half-width of the region of practical equivalence in units of the score.

    Returns
    -------
    ClassifierTable
        Rows hold `name`, `score` (an Estimate), `fit_seconds` and `predict_seconds` (means per
        fold; not reproducible), `boundary`, `assumptions`, `verdict` against the best mean,
        `p_value`.

    Notes
    -----
    Corrected resampled t-tests, Holm over all pairs: `compare_many`.

    >>> from sklearn.datasets import load_iris
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> table = compare_classifiers(
    ...     X, y, models={"bayes": GaussianNB(), "tree": DecisionTreeClassifier(random_state=0)})
    >>> [(row["name"], row["boundary"], row["verdict"]) for row in table.rows]
    [('bayes', 'quadratic', 'best mean'), ('tree', 'axis-parallel steps', 'no detectable
    difference')]
    """
    classes = np.unique(np.asarray(y))
    if classes.size < 2:
        raise InputError("a classifier needs two classes, y has one")
    chosen = dict(models) if models is not None else _offered(classes.size)
    if not chosen:
        raise InputError("no classifiers to compare")
    if cv is None:
        cv = RepeatedStratifiedKFold(n_splits=5, n_repeats=2, random_state=seed(random_state))
    folds = list(check_cv(cv, y, classifier=True).split(X, y))
    runs: dict[str, CrossValidation] = {}
    refused: dict[str, str] = {}
    for name, model in chosen.items():
        try:
            runs[name] = cross_validate(model, X, y, cv=folds, scoring=scoring)
        except ValueError as error:
            # Counts asked of negative numbers, labels of the wrong kind: a fact about the pair.
            refused[name] = str(error).strip().splitlines()[0]
    if not runs:
        raise InputError(
            "no classifier could be fitted: " + "; ".join(f"{n}: {w}" for n, w in refused.items())
        )
    first = next(iter(runs.values()))
    scores = {name: run.scores["score"] for name, run in runs.items()}
    ranking = compare_many(scores, first.n_train, first.n_test, rope=rope, alpha=alpha)
    rows = []
    for row in ranking.table():
        name = row["name"]
        boundary, assumptions = FACTS.get(_kind(chosen[name]), ("not described", "not described"))
        score: Estimate = row["score"]
        rows.append(
            {
                "name": name,
                "score": score,
                "fit_seconds": float(runs[name].fit_seconds.mean()),
                "predict_seconds": float(runs[name].score_seconds.mean()),
                "boundary": boundary,
                "assumptions": assumptions,
                "verdict": row["verdict"],
                "p_value": row["p_value"],
            }
        )
    return ClassifierTable(tuple(rows), ranking, refused, str(scoring))


def _offered(n_classes: int) -> dict[str, Any]:
    from sklearn.preprocessing import StandardScaler

    from ..catalogue import candidates

    offered = {}
    for dotted, cls in candidates("binary" if n_classes == 2 else "multiclass").items():
        model = cls(**cls.candidate.settings)  # type: ignore[union-attr]
        if (
            not model.__sklearn_tags__().input_tags.positive_only
            and _kind(model) != "CategoricalNB"
        ):
            model = make_pipeline(StandardScaler(), model)
        offered[dotted.rsplit(".", 1)[-1]] = model
    return offered


def _kind(model: Any) -> str:
    return type(model.steps[-1][1] if hasattr(model, "steps") else model).__name__
