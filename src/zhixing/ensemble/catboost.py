"""CatBoost by its parameters: oblivious trees, ordered target statistics, ordered boosting."""

from __future__ import annotations

from typing import Any

from ..losses import Absolute, Logistic, Poisson, Quantile, Softmax, Squared, Tweedie
from .boosted_models import BoostedClassifier, BoostedRegressor
from .catboost_parameters import CatBoost


class CatBoostClassifier(CatBoost, BoostedClassifier):
    """CatBoost for classes: oblivious trees on ordered target statistics of categories.

    All nodes of a level share one cut, so a leaf's number is `depth` bits.  A category becomes the
    mean of the target over the rows before it in a random order, (sum y + a prior) / (count + a), so
    that no row tells its own label; with ``boosting_type="Ordered"`` the derivatives of a row come
    from models that never saw it either.

    Parameters
    ----------
    iterations ("n_estimators", "num_boost_round"), depth ("max_depth", at most 12), l2_leaf_reg
        ("reg_lambda"), border_count ("max_bin": at most 255), rsm ("colsample_bylevel").
    learning_rate ("eta") : None for CatBoost's rule, `learning_rate_`: a power law in rows and iterations.
    loss_function ("objective") : None, "Logloss", "MultiClass", or a function ``(y, score) -> (g, h)``.
    boosting_type : "Plain" or "Ordered".
    bootstrap_type : rows that find the structures: "No", "Bayesian" (`bagging_temperature`), "Bernoulli",
        "MVS" (`subsample`).
    random_strength : noise on the scores of splits, in standard deviations of the derivatives, fading
        with the rounds.      score_function : "Cosine" or "L2".
    leaf_estimation_iterations : Newton steps a leaf; None: 10 for Logloss, else 1.
    cat_features : places or names; None: columns a frame holds as categories or text.
    one_hot_max_size : up to so many levels a category is split one against the rest.
    permutation_count : orders of the rows; the last makes the leaf values.   prior_weight : a above.
    boost_from_average, scale_pos_weight, class_weight, eval_metric, early_stopping_rounds,
    use_best_model : keep the rounds up to the best on the last eval_set.

    Attributes
    ----------
    classes_, n_iter_, learning_rate_, best_iteration_, best_score_, feature_importances_.

    Notes
    -----
    Cost: O(n p) a level, and O(n) a leaf step for each permutation; ordered boosting four more. The same
    bits for any number of threads.
    With ``boosting_type="Plain"``, no noise, no bootstrap and few values, predictions equal CatBoost's.
    Differences: no combinations of categories, one prior, counts so far beside means; statistics of
    numbers are means where CatBoost cuts y into borders; the default bootstrap is "No" (there: MVS of
    80 % or Bayesian); noise is added to each feature's best score; cuts at
    quantiles; other random numbers.  Missing numbers are smallest or apart.  Where nothing depends
    on an order of the rows, weights are repetitions.
    Source: Prokhorenkova et al. (2018), "CatBoost: unbiased boosting with categorical features".

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> model = CatBoostClassifier(iterations=40, depth=4, random_state=0).fit(X[::2], y[::2])
    >>> bool(model.score(X[1::2], y[1::2]) > 0.92)
    True
    """

    def _catboost_loss(self, s: Any, outputs: int) -> tuple[Any, str]:
        if callable(s.loss_function):
            return s.loss_function, "user"
        if s.loss_function not in (None, "Logloss", "CrossEntropy", "MultiClass"):
            raise ValueError(f"loss_function={s.loss_function!r} is none of Logloss, MultiClass, or a "
                             "function (y, score) -> (g, h)")  # fmt: skip
        if outputs == 1:
            return Logistic(s.scale_pos_weight), "Logloss"
        if s.scale_pos_weight != 1.0:
            raise ValueError("scale_pos_weight is for two classes; use class_weight")
        return Softmax(outputs), "MultiClass"


class CatBoostRegressor(CatBoost, BoostedRegressor):
    """CatBoost for numbers; see `CatBoostClassifier` for the method, its parameters and differences.

    Parameters
    ----------
    loss_function : None or "RMSE", "MAE", "Quantile" ("Quantile:alpha=0.9"), "Poisson", "Tweedie"
        ("Tweedie:variance_power=1.5"), a part of `zhixing.losses`, or a function ``(y, score) -> (g, h)``.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.linspace(0, 6, 400)[:, None]
    >>> model = CatBoostRegressor(iterations=100, random_state=0).fit(X, np.sin(X[:, 0]))
    >>> bool(model.score(X, np.sin(X[:, 0])) > 0.99)
    True
    """

    def _catboost_loss(self, s: Any, outputs: int) -> tuple[Any, str]:
        asked = s.loss_function
        if callable(asked) or hasattr(asked, "is_part"):
            return asked, "user"
        name, _, option = ("RMSE" if asked is None else str(asked)).partition(":")
        value = float(option.partition("=")[2]) if option else None
        made: dict[str, Any] = {
            "RMSE": lambda: Squared(),
            "MAE": lambda: Absolute(),
            "Quantile": lambda: Quantile(0.5 if value is None else value),
            "Poisson": lambda: Poisson(),
            "Tweedie": lambda: Tweedie(1.5 if value is None else value),
        }
        if name not in made:
            raise ValueError(f"loss_function={asked!r} is none of {', '.join(made)}, a part of losses, or "
                             "a function (y, score) -> (g, h)")  # fmt: skip
        return made[name](), name
