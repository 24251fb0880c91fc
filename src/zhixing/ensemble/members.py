"""Members of an ensemble: made, seeded, fitted side by side, and asked for probabilities."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np
from sklearn import config_context, get_config
from sklearn.base import clone
from sklearn.utils.metadata_routing import get_routing_for_object
from sklearn.utils.validation import has_fit_parameter

from ..core.parallel import each, single_threaded_blas, team_size, threads

R = TypeVar("R")

#: Members that are asked at a time, so that not all their answers are in memory at once.
BATCH = 8
SEEDS = 2**31 - 1


def member(estimator: Any, seed: int | None = None) -> Any:
    """A clone; every `random_state` in it, nested ones too, gets a seed of its own made from `seed`."""
    made: Any = clone(estimator)
    if seed is not None:
        names = [k for k in sorted(made.get_params(deep=True)) if _is_seed(k)]
        drawn = np.random.default_rng(seed).integers(SEEDS, size=len(names))
        if names:
            made.set_params(**{name: int(s) for name, s in zip(names, drawn)})
    return made


def _is_seed(parameter: str) -> bool:
    return parameter == "random_state" or parameter.endswith("__random_state")


def over(task: Callable[[Any], R], items: Sequence[Any], n_jobs: int | None = None) -> list[R]:
    """``[task(item) for item in items]`` over `n_jobs` threads; None and -1 are all of ours."""
    config = get_config()

    def configured(item: Any) -> R:
        with config_context(**config):
            return task(item)

    with single_threaded_blas():
        if n_jobs in (None, -1):
            return each(configured, items)
        if n_jobs == 1 or team_size() == 1:
            return [task(item) for item in items]
        with threads(_jobs(n_jobs)):
            return each(configured, items)


def _jobs(n_jobs: Any) -> int:
    if not isinstance(n_jobs, int | np.integer) or n_jobs == 0:
        raise ValueError(
            f"n_jobs={n_jobs!r} is not a number of threads: give 1 or more, -1 or None"
        )
    return int(n_jobs) if n_jobs > 0 else max(team_size() + 1 + int(n_jobs), 1)


def in_order(
    task: Callable[[Any], R], items: Sequence[Any], n_jobs: int | None = None
) -> Iterator[R]:
    """What `over` gives, batch by batch: sums over it have the same bits for any number of threads."""
    for start in range(0, len(items), BATCH):
        yield from over(task, items[start : start + BATCH], n_jobs)


def takes_weights(estimator: Any) -> bool:
    """Whether `fit` takes row weights: also within a pipeline, where routing asks for them."""
    if get_config()["enable_metadata_routing"]:
        return get_routing_for_object(estimator).consumes("fit", ["sample_weight"]) != set()
    return has_fit_parameter(estimator, "sample_weight")


def need_weights(estimator: Any, owner: Any) -> None:
    if not takes_weights(estimator):
        raise ValueError(
            f"{type(owner).__name__} weighs rows, and {type(estimator).__name__} doesn't support "
            "sample_weight"
        )


def probabilities(fitted: Any, X: Any, k: int, **params: Any) -> np.ndarray:
    """(n, k) by a member fitted to codes 0..k-1, of which it may have seen some; votes where it has none."""
    out = np.zeros((X.shape[0], k))
    if hasattr(fitted, "predict_proba"):
        out[:, np.asarray(fitted.classes_, dtype=np.intp)] = fitted.predict_proba(X, **params)
    else:
        votes = np.asarray(fitted.predict(X, **params), dtype=np.intp)
        out[np.arange(len(out)), votes] = 1.0
    return out


@contextlib.contextmanager
def of_member(name: str) -> Iterator[None]:
    """Say which member an error comes from."""
    try:
        yield
    except Exception as error:
        error.add_note(f"(while fitting the member {name!r})")
        raise
