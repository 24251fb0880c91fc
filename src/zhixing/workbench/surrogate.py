"""A small tree that imitates a model, and how well it does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..ensemble import HistGradientBoostingRegressor
from ..growth.draw_svg import draw_svg
from ..growth.draw_text import draw_text
from ..growth.paths import Names
from ..growth.rules import Rule, rules
from ..growth.tree_sum import TreeSum
from .job import Job
from .keep import Kept
from .model import TableModel
from .prepare.levels import OTHER
from .prepare.native import Codes
from .writing import percent, plural

#: Splits from the root to a leaf, and rows the tree is learned from.
DEPTH, ROWS = 3, 20_000


def surrogate(job: Job, kept: Kept, held_rows: np.ndarray) -> dict[str, Any]:
    """One tree of three levels fitted to the model's predictions, drawn, with its R2 on held-out rows.

    Of a classifier it imitates the probability of the positive class, or of the most frequent.
    """
    model = kept.model
    rng = np.random.default_rng(job.seed)
    n = len(job.train)
    rows = np.sort(rng.choice(n, min(n, ROWS), replace=False))
    X = kept.X[rows]
    held = kept.X_held[held_rows]
    which, predicts = _predicts(model, held)
    tree = imitate(X, says(model, X, which), kept.preparation.categorical())
    truth = says(model, held, which)
    trees, names = tree_of(tree), names_of(model)
    fidelity = _r2(truth, tree.predict(held))
    leaves = int((trees.forest.feature < 0).sum())
    if fidelity is None:
        faith = "The model predicts the same for every row"
    else:
        faith = (
            f"It is not the model: it accounts for {percent(max(fidelity, 0.0))} of how the model's "
            f"predictions vary over {plural(len(held), 'held-out row')}"
        )
    return {
        "predicts": predicts,
        "fidelity": fidelity,
        "leaves": leaves,
        "rows": len(rows),
        "words": f"Leaves: mean {predicts}; “yes” goes up. {faith}.",
        "rules": [_rule(rule) for rule in rules(trees, names)],
        "drawing": draw_svg(trees, names, max_depth=DEPTH),
        "text": draw_text(trees, names, decimals=3),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    """A leaf in words and in numbers; a bound that is not there is None."""
    return {
        "if": " and ".join(c.words() for c in rule.conditions) or "always",
        "conditions": [
            {
                "feature": c.name,
                "low": c.low if np.isfinite(c.low) else None,
                "high": c.high if np.isfinite(c.high) else None,
                "missing": c.missing,
                "categories": None if c.categories is None else sorted(c.categories),
                "others": c.others,
            }
            for c in rule.conditions
        ],
        "value": float(rule.value),
        "rows": rule.count,
    }


def imitate(
    X: np.ndarray, said: np.ndarray, categorical: np.ndarray
) -> HistGradientBoostingRegressor:
    """One tree grown to predictions: boosting of one round at full rate."""
    return HistGradientBoostingRegressor(
        max_iter=1,
        learning_rate=1.0,
        max_depth=DEPTH,
        min_samples_leaf=max(10, len(X) // 100),
        categorical_features=categorical,
        early_stopping=False,
    ).fit(X, said)


def tree_of(model: HistGradientBoostingRegressor) -> TreeSum:
    """Its tree with leaves that say the mean itself."""
    trees = model._tree_sum()
    whole = replace(trees.forest, value=trees.forest.value + trees.start[0])
    return replace(trees, forest=whole, start=np.zeros(1))


def says(model: TableModel, X: np.ndarray, which: int) -> np.ndarray:
    """What is imitated: predicted numbers, or the probabilities of one class."""
    if model.classes is None:
        return np.asarray(model.estimator.predict(X), dtype=np.float64)
    return model.probabilities(X)[:, which]


def _predicts(model: TableModel, X: np.ndarray) -> tuple[int, str]:
    if model.classes is None:
        return 0, f"predicted {model.target.name}"
    which = 1 if len(model.classes) == 2 else int(model.probabilities(X).mean(axis=0).argmax())
    return which, f"P({model.classes[which]})"


def _r2(truth: np.ndarray, said: np.ndarray) -> float | None:
    spread = float(((truth - truth.mean()) ** 2).sum())
    return 1.0 - float(((truth - said) ** 2).sum()) / spread if spread > 0 else None


def names_of(model: TableModel) -> Names:
    """Names of the prepared features, and of the categories behind codes."""
    features = model.preparation.features()
    categories: dict[int, list[str]] = {}
    start = 0
    for block in model.preparation.blocks_:
        width = len(block.features())
        if isinstance(block, Codes):
            encoder = block.encoder_
            for j, (known, rare) in enumerate(
                zip(encoder.categories_, encoder.infrequent_categories_)
            ):
                few = set() if rare is None else set(rare)
                # Frequent ones are numbered in their order; all rare ones share the last number.
                categories[start + j] = [str(c) for c in known if c not in few] + [OTHER]
        start += width
    return Names([f.name for f in features], categories)
