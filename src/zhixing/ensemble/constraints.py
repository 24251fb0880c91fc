"""Constraints of trees by feature: which may rise or fall, which may meet in a branch."""

from __future__ import annotations

from typing import Any

import numpy as np


def monotone_signs(
    asked: Any, p: int, names: list[Any], categorical: np.ndarray | None, outputs: int
) -> np.ndarray | None:
    """(p,) of -1, 0, 1 from a list or a dict by name; None where nothing is constrained."""
    if asked is None:
        return None
    signs = asked
    if isinstance(signs, dict):
        unknown = set(signs) - set(names)
        if unknown:
            raise ValueError(f"monotone constraints name {sorted(unknown)}, not columns of X")
        signs = [signs.get(name, 0) for name in names]
    signs = np.asarray(signs)
    if signs.shape != (p,) or not np.isin(signs, (-1, 0, 1)).all():
        raise ValueError(f"monotone constraints are one of -1, 0, 1 for each of the {p} features")
    if categorical is not None and signs[categorical].any():
        raise ValueError("a categorical feature cannot be monotone")
    if outputs > 1 and signs.any():
        raise ValueError("monotone constraints are not supported for multiclass problems")
    return signs.astype(np.int64) if signs.any() else None


def group_bits(asked: Any, p: int, names: list[Any] | None = None) -> np.ndarray | None:
    """(p,) bits of the groups of features that may meet in a branch; unnamed features form one more."""
    if asked is None:
        return None
    if isinstance(asked, str):
        if asked == "pairwise":
            asked = [(i, j) for i in range(p) for j in range(i)]
        elif asked == "no_interactions":
            asked = [(i,) for i in range(p)]
        else:
            raise ValueError(
                f"interaction_cst={asked!r} is neither 'pairwise' nor 'no_interactions'"
            )
    places = {name: j for j, name in enumerate(names or [])}
    groups = []
    for group in asked:
        unknown = [f for f in group if isinstance(f, str) and f not in places]
        if unknown:
            raise ValueError(f"interaction constraints name {unknown[0]!r}, no column of X")
        groups.append(sorted({places[f] if isinstance(f, str) else int(f) for f in group}))
    rest = sorted(set(range(p)) - {j for group in groups for j in group})
    groups += [rest] if rest else []
    if any(j < 0 or j >= p for group in groups for j in group):
        raise ValueError(f"interaction constraints name a feature outside 0 to {p - 1}")
    if len(groups) > 62:
        raise ValueError(
            f"{len(groups)} groups of interaction constraints; at most 62 are supported"
        )
    bits = np.zeros(p, np.int64)
    for k, group in enumerate(groups):
        bits[group] |= 1 << k
    return bits
