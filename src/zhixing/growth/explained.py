"""What every model of trees can say of itself: Shapley values, paths, rules, drawings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from scipy import sparse
from sklearn.utils.validation import check_is_fitted

from ..core.errors import InputError
from . import paths
from .draw_svg import draw_svg
from .draw_text import draw_text
from .paths import Condition, Names
from .rules import Rule
from .rules import rules as rules_of
from .shap import shap_interaction_values, shap_values
from .shap_background import shap_values_against
from .tree_sum import TreeSum

Shares = Literal["cover", "count"]


class ExplainedTrees:
    """A mixin for estimators that say by `_tree_sum` what they add up and by `_rows` what they read."""

    def _tree_sum(self) -> TreeSum:
        raise NotImplementedError

    def _rows(self, X: Any) -> Any:
        """(n, p) floats, dense or sparse, categories as numbers."""
        raise NotImplementedError

    def _node_numbers(self) -> np.ndarray | None:
        """(nodes,) numbers that `apply` returns; None where a node's is its place within its tree."""
        return None

    def shap_values(
        self, X: Any, background: Any = None, *, shares: Shares = "cover"
    ) -> np.ndarray:
        """How much each feature moves each row's score away from the mean score: Shapley values.

        Shape (n, p), or (n, p, outputs) where a row has several scores.  Added up over features, with
        `shap_base_value`, they are the scores: log-odds for classes by boosting, shares of classes for
        trees and forests of them, for numbers the prediction before the link.

        Unknown features are filled in by the tree's training rows, spread over its branches by `shares`:
        ``"cover"``, their weight in the fit (XGBoost's way), or ``"count"``, their number (LightGBM's).
        Where `background` rows are given, unknown features are theirs instead: the first looks at how
        features go together, the second cuts that.

        Exact (Lundberg et al. 2020), in O(n nodes q) with q half the most features on a path: see
        `growth.shap`; against a background `growth.shap_background`.  The shap package's
        ``TreeExplainer`` returns the same numbers.

        >>> from zhixing.ensemble import HistGradientBoostingRegressor
        >>> X = np.random.default_rng(0).normal(size=(200, 3))
        >>> model = HistGradientBoostingRegressor(max_iter=5).fit(X, X[:, 0] + X[:, 1])
        >>> values = model.shap_values(X[:2])
        >>> bool(np.allclose(values.sum(axis=1) + model.shap_base_value(), model.predict(X[:2])))
        True
        """
        trees, rows = self._spread(shares), self._dense_rows(X)
        if background is None:
            return _one(shap_values(trees, rows))
        return _one(shap_values_against(trees, rows, self._dense_rows(background)))

    def shap_base_value(
        self, background: Any = None, *, shares: Shares = "cover"
    ) -> float | np.ndarray:
        """The mean score to which the Shapley values of a row are added: a number, or one an output."""
        trees = self._spread(shares)
        if background is None:
            mean = trees.expected()
        else:
            mean = trees.mean_score(self._dense_rows(background))
        return float(mean[0]) if len(mean) == 1 else mean

    def shap_interaction_values(self, X: Any, *, shares: Shares = "cover") -> np.ndarray:
        """Shapley values parted into what pairs of features do together, (n, p, p) or (n, p, p, outputs).

        Off the diagonal half of a pair's interaction stands on either side, on the diagonal a feature's
        effect by itself; each row of a matrix adds up to `shap_values`.  Cost O(n nodes depth q).

        >>> from zhixing.ensemble import HistGradientBoostingRegressor
        >>> X = np.random.default_rng(0).normal(size=(200, 3))
        >>> model = HistGradientBoostingRegressor(max_iter=5).fit(X, X[:, 0] * X[:, 1])
        >>> pairs = model.shap_interaction_values(X[:2])
        >>> pairs.shape, bool(np.allclose(pairs.sum(axis=1), model.shap_values(X[:2])))
        ((2, 3, 3), True)
        """
        return _one(shap_interaction_values(self._spread(shares), self._dense_rows(X)))

    def decision_path(self, X: Any) -> tuple[sparse.csr_matrix, np.ndarray]:
        """(n, nodes) with 1 for the nodes a row passes, and (trees + 1,) the first column of each tree."""
        return paths.decision_path(self._tree_sum(), self._dense_rows(X))

    def leaf_paths(self, X: Any, tree: int = 0) -> list[list[Condition]]:
        """For each row the conditions, one a feature, that lead it to its leaf in one tree."""
        trees, names = self._tree_sum(), self._names()
        ends = trees.ends(self._dense_rows(X))[:, _tree(trees, tree)]
        known = {node: paths.path_to(trees, names, int(node)) for node in np.unique(ends)}
        return [known[node] for node in ends]

    def _dense_rows(self, X: Any) -> np.ndarray:
        rows = self._rows(X)
        return rows.toarray() if sparse.issparse(rows) else rows

    def _spread(self, shares: Shares) -> TreeSum:
        if shares not in ("cover", "count"):
            raise ValueError(f"shares={shares!r} is neither 'cover' nor 'count'")
        return replace(self._tree_sum(), by_count=shares == "count")

    def _names(
        self, feature_names: Sequence[str] | None = None, class_names: Sequence[str] | None = None
    ) -> Names:
        check_is_fitted(self)
        p = self.n_features_in_  # type: ignore[attr-defined]
        known = getattr(self, "feature_names_in_", None)
        features = feature_names if feature_names is not None else known
        if features is None:
            features = [f"feature_{j}" for j in range(p)]
        if len(features) != p:
            raise ValueError(f"feature_names must contain {p} elements, got {len(features)}")
        classes = getattr(self, "classes_", None)
        if class_names is not None:
            if classes is None or len(class_names) != len(classes):
                raise ValueError(
                    f"class_names holds {len(class_names)} names; the model has "
                    f"{0 if classes is None else len(classes)} classes"
                )
            classes = class_names
        if isinstance(classes, list) and len(classes) and np.ndim(classes[0]) > 0:
            classes = None  # of several outputs
        categories = getattr(self, "_categories", None) or {}
        return Names(
            [str(name) for name in features],
            categories,
            None if classes is None else [str(c) for c in classes],
        )


def export_text(
    model: ExplainedTrees,
    tree: int = 0,
    *,
    feature_names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
    max_depth: int = 10,
    spacing: int = 3,
    decimals: int = 2,
    show_weights: bool = False,
) -> str:
    """One tree of a fitted model in lines of text, as scikit-learn's ``export_text`` writes it.

    `tree` counts the trees of an ensemble.  A leaf of boosting shows what it adds to the score.
    Differences from scikit-learn: a branch that takes missing values says so, categories are listed.

    >>> import numpy as np
    >>> from zhixing.ensemble import HistGradientBoostingRegressor
    >>> X = np.arange(100.0)[:, None]
    >>> model = HistGradientBoostingRegressor(max_iter=1, max_depth=1).fit(X, X[:, 0] > 49)
    >>> print(export_text(model, feature_names=["age"]), end="")
    |--- age <= 49.50
    |   |--- value: [-0.05]
    |--- age >  49.50
    |   |--- value: [0.05]
    """
    trees = _trees(model)
    names = model._names(feature_names, class_names)
    return draw_text(
        trees, names, _tree(trees, tree), max_depth=_at_least(max_depth, 0, "max_depth"),
        spacing=_at_least(spacing, 1, "spacing"), decimals=_at_least(decimals, 0, "decimals"),
        show_weights=show_weights,
    )  # fmt: skip


def export_svg(
    model: ExplainedTrees,
    tree: int = 0,
    *,
    feature_names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
    max_depth: int = 4,
) -> str:
    """One tree of a fitted model as a picture (SVG text): root left, leaves right.

    Branches are as wide as the training rows that take them; bars under the leaves show the shares of the
    classes, or the value.  Deeper than `max_depth` splits, leaves are counted only.  The picture
    takes the colours of the page around it.

    >>> import numpy as np
    >>> from zhixing.ensemble import HistGradientBoostingRegressor
    >>> X = np.arange(100.0)[:, None]
    >>> model = HistGradientBoostingRegressor(max_iter=1, max_depth=1).fit(X, X[:, 0] > 49)
    >>> export_svg(model)[:5]
    '<svg '
    """
    trees = _trees(model)
    names = model._names(feature_names, class_names)
    return draw_svg(
        trees, names, _tree(trees, tree), max_depth=_at_least(max_depth, 0, "max_depth")
    )


def rules(
    model: ExplainedTrees,
    tree: int | None = None,
    *,
    feature_names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
) -> list[Rule]:
    """The leaves of one tree, or of all, as rules: conditions, value and the rows they cover.

    Exactly one rule of each tree holds for a row.

    >>> import numpy as np
    >>> from zhixing.ensemble import HistGradientBoostingRegressor
    >>> X = np.arange(100.0)[:, None]
    >>> model = HistGradientBoostingRegressor(max_iter=1, max_depth=1).fit(X, X[:, 0] > 49)
    >>> print(rules(model)[0])
    if feature_0 <= 49.5: -0.05 (50 rows, 50.0%)
    """
    trees = _trees(model)
    chosen = None if tree is None else _tree(trees, tree)
    found = rules_of(trees, model._names(feature_names, class_names), chosen)
    numbers = model._node_numbers()
    if numbers is None:
        return found
    roots = trees.forest.roots
    return [replace(rule, leaf=int(numbers[rule.leaf + roots[rule.tree]])) for rule in found]


def _trees(model: Any) -> TreeSum:
    if not isinstance(model, ExplainedTrees):
        raise InputError(f"{type(model).__name__} is not a model of trees")
    return model._tree_sum()


def _tree(trees: TreeSum, tree: int) -> int:
    if not -len(trees.forest) <= tree < len(trees.forest):
        raise InputError(f"tree={tree}; the model has {len(trees.forest)} trees")
    return tree % len(trees.forest)


def _at_least(value: int, least: int, name: str) -> int:
    if value < least:
        raise ValueError(f"{name}={value} must be at least {least}")
    return value


def _one(found: np.ndarray) -> np.ndarray:
    """Without the last axis where there is one output."""
    return found[..., 0] if found.shape[-1] == 1 else found
