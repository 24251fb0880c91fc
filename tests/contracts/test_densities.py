"""Every density keeps the contract of `zhixing.densities`; members are found by themselves."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from scipy import integrate, stats

from zhixing import densities
from zhixing.densities import check_domain
from zhixing.densities.domain import DOMAINS
from zhixing.kernels.class_densities import class_log_densities, class_statistics

MEMBERS = [
    cls() for n in densities.__all__ if getattr(cls := getattr(densities, n), "is_part", False)
]
EACH = pytest.mark.parametrize("density", MEMBERS, ids=lambda d: type(d).__name__)

#: The same distribution in SciPy, from theta.
SCIPY: dict[str, Any] = {
    "Bernoulli": lambda t: stats.bernoulli(t[0]),
    "Exponential": lambda t: stats.expon(scale=t[0]),
    "Gamma": lambda t: stats.gamma(t[0], scale=t[1]),
    "Gaussian": lambda t: stats.norm(t[0], np.sqrt(t[1])),
    "Poisson": lambda t: stats.poisson(t[0]),
}


def values(density: Any, rng: np.random.Generator, n: int = 200) -> np.ndarray:
    """A sample that suits the domain."""
    return {
        "real": lambda: rng.normal(3.0, 2.0, n),
        "nonnegative": lambda: rng.exponential(2.0, n),
        "positive": lambda: rng.gamma(2.5, 1.5, n),
        "counts": lambda: rng.poisson(3.0, n).astype(float),
        "binary": lambda: rng.integers(0, 2, n).astype(float),
    }[density.domain]()


def sums(density: Any, x: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
    """The sums of a sample by the plain method."""
    s = np.zeros(density.n_stats)
    for value, w in zip(x, np.ones(len(x)) if weight is None else weight):
        if w > 0:
            density.add(s, value, w)
    return s


def log_likelihood(density: Any, theta: np.ndarray, x: np.ndarray) -> float:
    return float(sum(density.log_density(value, theta) for value in x))


def test_members_are_found() -> None:
    assert {type(d).__name__ for d in MEMBERS} == set(SCIPY)


@EACH
def test_part(density: Any) -> None:
    assert density.domain in DOMAINS and type(density).__doc__ and ">>>" in type(density).__doc__
    assert pickle.loads(pickle.dumps(density)) == density
    assert density != tuple(density)


@EACH
def test_scipy(density: Any, rng: np.random.Generator) -> None:
    x = values(density, rng)
    theta = density.estimate(sums(density, x))
    assert theta.shape == (density.n_params,)
    peer = SCIPY[type(density).__name__](theta)
    log = peer.logpmf if density.domain in ("counts", "binary") else peer.logpdf
    mine = [density.log_density(value, theta) for value in x]
    np.testing.assert_allclose(mine, log(x), rtol=1e-10, atol=1e-12)


@EACH
def test_mass_is_one(density: Any, rng: np.random.Generator) -> None:
    theta = density.estimate(sums(density, values(density, rng)))
    if density.domain in ("counts", "binary"):
        top = 2 if density.domain == "binary" else 100
        total = sum(np.exp(density.log_density(float(v), theta)) for v in range(top))
    else:
        low = -np.inf if density.domain == "real" else 0.0
        total = integrate.quad(lambda v: np.exp(density.log_density(v, theta)), low, np.inf)[0]
    assert abs(total - 1.0) < 1e-7


@EACH
def test_estimate_is_the_top_of_the_likelihood(density: Any, rng: np.random.Generator) -> None:
    """Of the sample together with the rows that smoothing adds."""
    x = values(density, rng)
    theta = density.estimate(sums(density, x))
    alpha = getattr(density, "alpha", 0.0)
    extra = {"binary": [0.0, 1.0], "counts": [1.0]}.get(density.domain, [])

    def objective(t: np.ndarray) -> float:
        return log_likelihood(density, t, x) + alpha * log_likelihood(density, t, np.array(extra))

    best = objective(theta)
    for j in range(density.n_params):
        for step in (-1e-3, 1e-3):
            moved = theta.copy()
            moved[j] *= 1.0 + step
            assert objective(moved) < best


@EACH
def test_sums_merge_and_weights_repeat(density: Any, rng: np.random.Generator) -> None:
    x = values(density, rng)
    parts = [sums(density, x[a:b]) for a, b in ((0, 0), (0, 17), (17, 18), (18, 200))]
    merged = parts[0]
    for other in parts[1:]:
        merged = density.merge(merged, other)
    np.testing.assert_allclose(merged, sums(density, x), rtol=1e-11)
    weight = rng.integers(0, 4, 200)
    weighted = sums(density, x, weight.astype(float))
    np.testing.assert_allclose(weighted, sums(density, np.repeat(x, weight)), rtol=1e-11)


@EACH
def test_no_rows_and_equal_rows(density: Any) -> None:
    with np.errstate(all="raise"):
        nothing = density.estimate(np.zeros((2, 3, density.n_stats)))
        same = density.estimate(sums(density, np.ones(5)))
    assert nothing.shape == (2, 3, density.n_params)
    assert np.isfinite(nothing).all() and np.isfinite(same).all()
    assert np.isfinite(density.log_density(1.0, same))


@EACH
def test_compiled_is_plain(density: Any, rng: np.random.Generator) -> None:
    X = np.column_stack([values(density, rng) for _ in range(3)])
    X[rng.random(X.shape) < 0.1] = np.nan
    codes, weight = rng.integers(2, size=200).astype(np.int32), rng.integers(0, 3, 200) * 0.5
    found = np.zeros((2, 3, density.n_stats))
    class_statistics(density, X, codes, weight, found)
    theta = density.estimate(found)
    out = np.zeros((200, 2))
    class_log_densities(density, X, theta, out)
    for c in range(2):
        for j in range(3):
            own = (codes == c) & ~np.isnan(X[:, j])
            np.testing.assert_allclose(
                found[c, j], sums(density, X[own, j], weight[own]), rtol=1e-12
            )
        for i in range(20):
            known = ~np.isnan(X[i])
            plain = sum(density.log_density(X[i, j], theta[c, j]) for j in np.flatnonzero(known))
            np.testing.assert_allclose(out[i, c], plain, rtol=1e-10)


@EACH
def test_draws_bring_the_parameters_back(density: Any, rng: np.random.Generator) -> None:
    theta = density.estimate(sums(density, values(density, rng)))
    drawn = density.draw(np.broadcast_to(theta, (40_000, density.n_params)), rng)
    assert drawn.shape == (40_000,)
    check_domain(density, drawn[:, None])
    again = density.estimate(sums(density, drawn))
    np.testing.assert_allclose(again, theta, rtol=0.05)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Bernoulli", 0.5),
        ("Exponential", -1.0),
        ("Gamma", 0.0),
        ("Gaussian", np.inf),
        ("Poisson", 1.5),
    ],
)
def test_values_outside_the_domain(name: str, value: float) -> None:
    density = getattr(densities, name)()
    check_domain(density, np.array([[1.0, np.nan]]))
    with pytest.raises(ValueError, match=rf"{name} takes .*X\[1, 0\] is"):
        check_domain(density, np.array([[1.0], [value]]))
