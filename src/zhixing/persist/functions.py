"""Codecs of the few functions a file may name: NumPy's ufuncs and scikit-learn's scorers.

Code is never stored.  A name is looked up in a table written here or by scikit-learn's own list of
scorers, and anything not found there is refused.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from .codec import Codec, Node, refuse

#: Functions of one array, as used by ``FunctionTransformer``.
FUNCTIONS: dict[str, Any] = {
    f"numpy.{name}": getattr(np, name)
    for name in (
        "abs arcsinh cbrt ceil cos exp expm1 floor isfinite isnan log log10 log1p log2 nan_to_num "
        "negative reciprocal rint sign sin sinh sqrt square tanh"
    ).split()
}


def is_function(value: Any) -> bool:
    return any(value is known for known in FUNCTIONS.values())


def encode_function(value: Any, _: Any) -> Node:
    return {"v": next(name for name, known in FUNCTIONS.items() if value is known)}


def decode_function(node: Node, _: Any) -> Any:
    if node["v"] not in FUNCTIONS:
        raise refuse(f"function {str(node['v'])[:60]!r}")
    return FUNCTIONS[node["v"]]


@cache
def scorers() -> dict[str, Any]:
    """scikit-learn's scorers by name."""
    from sklearn.metrics import get_scorer, get_scorer_names

    return {name: get_scorer(name) for name in get_scorer_names()}


def scorer_name(value: Any) -> str | None:
    """The name of a scorer of scikit-learn; None for anything else."""
    module = type(value).__module__
    if module != "sklearn.metrics._scorer":
        return None
    for name, known in scorers().items():
        if type(known) is type(value) and vars(known) == vars(value):
            return name
    return None


def encode_scorer(value: Any, _: Any) -> Node:
    return {"v": scorer_name(value)}


def decode_scorer(node: Node, _: Any) -> Any:
    if node["v"] not in scorers():
        raise refuse(f"scorer {str(node['v'])[:60]!r}")
    from sklearn.metrics import get_scorer

    return get_scorer(node["v"])


CODECS = (
    Codec("function", (), ("v",), encode_function, decode_function),
    Codec("scorer", (), ("v",), encode_scorer, decode_scorer),
)
