"""Our boosters to LightGBM's text."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..growth.tree import Forest
from ..losses import (
    Absolute,
    AbsolutePercentage,
    Gamma,
    Huber,
    Logistic,
    Poisson,
    Quantile,
    Softmax,
    Squared,
    Tweedie,
)
from .boosting import Boosted
from .carried import names_of, objective_of, whole_categories

_NAMES: dict[type, Any] = {
    Squared: lambda loss: "regression",
    Absolute: lambda loss: "regression_l1",
    AbsolutePercentage: lambda loss: "mape",
    Huber: lambda loss: "huber",
    Quantile: lambda loss: f"quantile alpha:{loss.quantile!r}",
    Poisson: lambda loss: "poisson",
    Gamma: lambda loss: "gamma",
    Tweedie: lambda loss: f"tweedie tweedie_variance_power:{loss.power!r}",
    Logistic: lambda loss: "binary sigmoid:1",
    Softmax: lambda loss: f"multiclass num_class:{loss.n_outputs}",
}


def to_lightgbm(model: Any) -> str:
    """A fitted booster of trees as LightGBM's text: ``lightgbm.Booster(model_str=to_lightgbm(model))``.

    Any booster of `zhixing.ensemble` whose loss LightGBM knows; predictions are equal to rounding,
    for numbers, missing values, known and unseen categories (whole numbers) and linear leaves.
    Classes become their places in `classes_`.  The start is added to the first round's leaves.

    >>> from zhixing.ensemble import HistGradientBoostingRegressor
    >>> model = HistGradientBoostingRegressor(max_iter=2).fit(np.arange(60.0)[:, None], np.arange(60.0))
    >>> to_lightgbm(model).splitlines()[:2]
    ['tree', 'version=v4']
    """
    loss = objective_of(model)
    boosted, p = model._boosted, model.n_features_in_
    outputs = len(boosted.start)
    trees = [_tree(boosted, t) for t in range(len(boosted.forest.roots))]
    if not trees:  # a model without rounds is its start
        trees = [_leaf(float(boosted.start[k])) for k in range(outputs)]
    texts = [f"Tree={t}\n" + "\n".join(tree) + "\n\n\n" for t, tree in enumerate(trees)]
    infos = " ".join(
        "-1:" + ":".join(map(str, whole_categories(boosted, j)))
        if j in boosted.bins.categories
        else "[-1e300:1e300]"
        for j in range(p)
    )
    head = [
        "tree", "version=v4", f"num_class={outputs}", f"num_tree_per_iteration={outputs}",
        "label_index=0", f"max_feature_idx={p - 1}", f"objective={_NAMES[type(loss)](loss)}",
        f"feature_names={' '.join(names_of(model))}", f"feature_infos={infos}",
        f"tree_sizes={' '.join(str(len(t.encode())) for t in texts)}",
    ]  # fmt: skip
    tail = "end of trees\n\nfeature_importances:\n\nparameters:\nend of parameters\n\n"
    return "\n".join(head) + "\n\n" + "".join(texts) + tail + "pandas_categorical:null\n"


def _leaf(value: float) -> list[str]:
    return ["num_leaves=1", "num_cat=0", "split_feature=", "split_gain=", "threshold=",
            "decision_type=", "left_child=", "right_child=", f"leaf_value={value!r}", "leaf_weight=",
            "leaf_count=", "internal_value=", "internal_weight=", "internal_count=", "is_linear=0",
            "shrinkage=1"]  # fmt: skip


def _tree(boosted: Boosted, t: int) -> list[str]:
    forest, terms = boosted.forest, boosted.linear
    nodes = below(forest, int(forest.roots[t]))
    k = int(boosted.outputs[t])
    bias = float(boosted.start[k]) if t < len(boosted.start) else 0.0
    inner = nodes[forest.feature[nodes] >= 0]
    leaves = nodes[forest.feature[nodes] < 0]
    values = forest.value[leaves] + bias
    if not len(inner):
        return _leaf(float(values[0]))
    number = dict(zip(inner.tolist(), range(len(inner))))
    number |= {int(leaf): -1 - k for k, leaf in enumerate(leaves)}
    kind, threshold, left, right = [], [], [], []
    bounds, words = [0], []
    for node in inner:
        a, b = int(forest.left[node]), int(forest.left[node]) + 1
        if forest.set[node] >= 0:
            goes, swapped = _goes_left(boosted, int(node))
            a, b = (b, a) if swapped else (a, b)
            kind.append(1)
            threshold.append(str(len(bounds) - 1))
            bits = np.zeros(32 * (int(goes.max(initial=0)) // 32 + 1), np.uint8)
            bits[goes] = 1
            words += np.packbits(bits, bitorder="little").view("<u4").tolist()
            bounds.append(len(words))
        else:
            kind.append(8 + 2 * int(forest.missing_left[node]))
            cut = float(np.clip(forest.threshold[node], -1.7e308, 1.7e308))
            threshold.append(repr(cut))
        left.append(number[a])
        right.append(number[b])
    lines = [
        f"num_leaves={len(leaves)}", f"num_cat={len(bounds) - 1}",
        f"split_feature={_join(forest.feature[inner])}", f"split_gain={_join(forest.gain[inner])}",
        f"threshold={' '.join(threshold)}", f"decision_type={_join(kind)}",
        f"left_child={_join(left)}", f"right_child={_join(right)}", f"leaf_value={_join(values)}",
        f"leaf_weight={_join(forest.cover[leaves])}", f"leaf_count={_join(forest.count[leaves])}",
        f"internal_value={_join(forest.value[inner] + bias)}",
        f"internal_weight={_join(forest.cover[inner])}",
        f"internal_count={_join(forest.count[inner])}",
    ]  # fmt: skip
    if len(bounds) > 1:
        lines += [f"cat_boundaries={_join(bounds)}", f"cat_threshold={_join(words)}"]
    if terms is None:
        return [*lines, "is_linear=0", "shrinkage=1"]
    spans = [slice(terms.starts[leaf], terms.starts[leaf + 1]) for leaf in leaves]
    counts = [s.stop - s.start for s in spans]
    const = np.where(np.array(counts) > 0, terms.const[leaves] + bias, values)
    return [
        *lines, "is_linear=1", f"leaf_const={_join(const)}", f"num_features={_join(counts)}",
        f"leaf_features={' '.join(_join(terms.features[s]) + ' ' for s in spans)}",
        f"leaf_coeff={' '.join(_join(terms.coef[s]) + ' ' for s in spans)}", "shrinkage=1",
    ]  # fmt: skip


def below(forest: Forest, root: int) -> np.ndarray:
    """A tree's nodes in our order."""
    found = [root]
    for node in found:
        if forest.feature[node] >= 0:
            found += [int(forest.left[node]), int(forest.left[node]) + 1]
    return np.array(found)


def _goes_left(boosted: Boosted, node: int) -> tuple[np.ndarray, bool]:
    """Categories of the side without the unseen ones, and whether that is our right side.

    LightGBM sends unseen and missing categories right.
    """
    forest, bins = boosted.forest, boosted.bins
    j = int(forest.feature[node])
    sides = forest.sets[forest.set[node]]
    codes = bins.codes[j]
    swapped = bool(sides[codes[-1]])
    return whole_categories(boosted, j)[(sides[codes[:-1]] == 1) != swapped], swapped


def _join(values: Any) -> str:
    return " ".join(repr(v) for v in np.asarray(values).tolist())
