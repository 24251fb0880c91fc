"""Our boosters to XGBoost's JSON."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..losses import Absolute, Gamma, Logistic, Poisson, Quantile, Softmax, Squared, Tweedie
from .boosting import Boosted
from .carried import names_of, objective_of, whole_categories
from .to_lightgbm import below

_NAMES: dict[type, Any] = {
    Squared: lambda loss: ("reg:squarederror", "reg_loss_param", {"scale_pos_weight": "1"}),
    Absolute: lambda loss: ("reg:absoluteerror", "", {}),
    Quantile: lambda loss: (
        "reg:quantileerror", "quantile_loss_param", {"quantile_alpha": f"[{loss.quantile!r}]"}),
    Poisson: lambda loss: ("count:poisson", "poisson_regression_param", {"max_delta_step": "0.7"}),
    Gamma: lambda loss: ("reg:gamma", "", {}),
    Tweedie: lambda loss: (
        "reg:tweedie", "tweedie_regression_param", {"tweedie_variance_power": repr(loss.power)}),
    Logistic: lambda loss: ("binary:logistic", "reg_loss_param", {"scale_pos_weight": "1"}),
    Softmax: lambda loss: (
        "multi:softprob", "softmax_multiclass_param", {"num_class": str(loss.n_outputs)}),
}  # fmt: skip


def to_xgboost(model: Any) -> str:
    """A fitted booster of trees as XGBoost's JSON: ``booster.load_model(bytearray(text, "utf-8"))``.

    Any booster of `zhixing.ensemble` whose loss XGBoost knows.  Predictions are equal to the rounding of
    its 32 bits (a row whose value rounds across a cut goes the other way) for numbers, missing
    values, known and unseen categories (whole numbers; rows then need ``feature_types``).  The start
    is added to the first round's leaves.  Linear leaves are refused: XGBoost has none.

    >>> from zhixing.ensemble import HistGradientBoostingRegressor
    >>> model = HistGradientBoostingRegressor(max_iter=2).fit(np.arange(60.0)[:, None], np.arange(60.0))
    >>> json.loads(to_xgboost(model))["learner"]["objective"]["name"]
    'reg:squarederror'
    """
    loss = objective_of(model)
    boosted, p = model._boosted, model.n_features_in_
    if type(loss) not in _NAMES:
        raise InputError(f"a booster for {type(loss).__name__} has no form in XGBoost")
    if boosted.linear is not None:
        raise InputError("XGBoost has no linear leaves")
    name, group, options = _NAMES[type(loss)](loss)
    outputs = len(boosted.start)
    trees = [_tree(boosted, t, p) for t in range(len(boosted.forest.roots))]
    objective = {"name": name} | ({group: options} if group else {})
    # In units of y: what has a score of 0.
    neutral = {Logistic: 0.5, Poisson: 1.0, Gamma: 1.0, Tweedie: 1.0}.get(type(loss), 0.0)
    base = neutral
    if not trees:
        base = float(loss.mean(boosted.start[0])) if outputs == 1 else 0.0
    categorical = boosted.bins.categories
    return json.dumps(
        {
            "version": [3, 0, 0],
            "learner": {
                "attributes": {},
                "feature_names": names_of(model),
                "feature_types": ["c" if j in categorical else "float" for j in range(p)],
                "gradient_booster": {
                    "name": "gbtree",
                    "model": {
                        "gbtree_model_param": {
                            "num_parallel_tree": "1", "num_trees": str(len(trees)),
                        },
                        "iteration_indptr": list(range(0, len(trees) + 1, outputs)),
                        "tree_info": boosted.outputs.tolist(),
                        "trees": trees,
                    },
                },
                "learner_model_param": {
                    "base_score": repr(base), "boost_from_average": "1",
                    "num_class": str(outputs if outputs > 1 else 0), "num_feature": str(p),
                    "num_target": "1",
                },
                "objective": objective,
            },
        }
    )  # fmt: skip


def _tree(boosted: Boosted, t: int, p: int) -> dict[str, Any]:
    forest = boosted.forest
    nodes = below(forest, int(forest.roots[t]))
    number = {int(node): k for k, node in enumerate(nodes)}
    bias = float(boosted.start[boosted.outputs[t]]) if t < len(boosted.start) else 0.0
    size = len(nodes)
    left, right = np.full(size, -1), np.full(size, -1)
    parents = np.full(size, 2**31 - 1)
    default = forest.missing_left[nodes].astype(int)
    kind = np.zeros(size, int)
    values = forest.value[nodes] + bias
    conditions = np.float32(values).astype(float)
    listed, at_nodes, starts, sizes = [], [], [], []
    for k, node in enumerate(nodes):
        if forest.feature[node] < 0:
            continue
        a, b = number[int(forest.left[node])], number[int(forest.left[node]) + 1]
        if forest.set[node] >= 0:
            j = int(forest.feature[node])
            sides, codes = forest.sets[forest.set[node]], boosted.bins.codes[j]
            # Unseen categories go left there, and those listed right.
            swapped = not sides[codes[-1]]
            a, b = (b, a) if swapped else (a, b)
            chosen = whole_categories(boosted, j)[(sides[codes[:-1]] == 0) != swapped]
            kind[k], default[k], conditions[k] = 1, 1, 0.0
            at_nodes.append(k)
            starts.append(len(listed))
            sizes.append(len(chosen))
            listed += chosen.tolist()
        else:
            conditions[k] = _cut(float(forest.threshold[node]))
        left[k], right[k] = a, b
        parents[[a, b]] = k
    inner = left >= 0
    return {
        "base_weights": np.float32(values).astype(float).tolist(),
        "categories": listed,
        "categories_nodes": at_nodes,
        "categories_segments": starts,
        "categories_sizes": sizes,
        "default_left": default.tolist(),
        "id": t,
        "left_children": left.tolist(),
        "loss_changes": np.where(inner, forest.gain[nodes], 0.0).tolist(),
        "parents": parents.tolist(),
        "right_children": right.tolist(),
        "split_conditions": conditions.tolist(),
        "split_indices": np.where(inner, forest.feature[nodes], 0).tolist(),
        "split_type": kind.tolist(),
        "sum_hessian": forest.cover[nodes].tolist(),
        "tree_param": {
            "num_deleted": "0",
            "num_feature": str(p),
            "num_nodes": str(size),
            "size_leaf_vector": "1",
        },
    }


def _cut(threshold: float) -> float:
    """The least 32-bit number above a threshold: x <= threshold is x < cut."""
    if threshold >= float(np.finfo(np.float32).max):
        return float(np.finfo(np.float32).max)
    with np.errstate(over="ignore"):
        near = np.float32(threshold)
    if float(near) > threshold:
        return float(near)
    return float(np.nextafter(near, np.float32(np.inf)))
