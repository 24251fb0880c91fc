"""Every penalty keeps the contract of `zhixing.penalties`; members are found by themselves."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from scipy.optimize import minimize, minimize_scalar
from sklearn.base import clone

from zhixing import penalties
from zhixing.kernels import _scalar
from zhixing.linear_model import GeneralizedLinear
from zhixing.penalties import (
    L1,
    L2,
    MCP,
    SCAD,
    Box,
    ElasticNet,
    FusedL1,
    GroupL2,
    Lp,
    Slope,
    SparseGroupL2,
    WeightedElasticNet,
    WeightedL1,
    adaptive_l1,
    check_penalty,
    groups_of,
    oscar,
)

CLASSES = [
    cls for name in penalties.__all__ if getattr(cls := getattr(penalties, name), "is_part", False)
]
P = 6
FURTHER = [
    *(Lp(0.7, p) for p in (0.3, 0.5, 2.0 / 3.0, 0.9, 1.0, 1.2, 4.0 / 3.0, 1.5, 2.0, 2.5, 4.0, 7.0)),
    ElasticNet(0.6, 0.0),
    MCP(0.8, 1.2),
    SCAD(0.8, 2.2),
    WeightedL1(0.7, [0.0, 0.5, 1.0, 2.0, 1.0, 0.3]),
    WeightedElasticNet(0.7, 0.3, [0.0, 0.5, 1.0, 2.0, 1.0, 0.3]),
    GroupL2(0.6, 3),
    GroupL2(0.6, [[0, 5], [1, 2, 4], [3]], [1.0, 0.0, 2.0]),
    SparseGroupL2(0.6, 0.4, list("abcabc")),
    SparseGroupL2(0.9, 0.5, [2, 2, 2, 0, 0, 0]),
    Slope(1.0, weights=[2.0, 1.5, 1.0, 1.0, 0.5, 0.0]),
    oscar(0.1, 0.3, P),
    Box(-0.5, 0.8),
    FusedL1(0.6, 0.0),
    FusedL1(0.2, 0.3),
]
MEMBERS = list(dict.fromkeys([*(cls() for cls in CLASSES), *FURTHER]))
SEPARABLE = [m for m in MEMBERS if m.separable]
COUPLED = [m for m in MEMBERS if not m.separable]
CONVEX = [m for m in MEMBERS if m.convex]
STEPS = (0.05, 0.7, 1.0, 2.9, 6.0)


def each(penalty, u):
    """The cost of every number of u as the first coefficient that costs anything."""
    j = int(np.argmax(penalty.weights > 0.0)) if hasattr(penalty, "weights") else 0
    costs = []
    for x in np.ravel(u):
        w = np.zeros(P)
        w[j] = x
        costs.append(penalty.value(w))
    return np.array(costs)


def test_members_are_found():
    assert len(CLASSES) >= 14
    assert {type(m) for m in MEMBERS} == set(CLASSES)
    assert len(COUPLED) >= 8 and len(SEPARABLE) >= 20


@pytest.mark.parametrize("penalty", MEMBERS, ids=str)
def test_part(penalty):
    again = type(penalty)(*penalty)
    assert penalty == again and hash(penalty) == hash(again) and penalty is not again
    assert penalty != tuple(penalty)
    assert pickle.loads(pickle.dumps(penalty)) == penalty == copy.deepcopy(penalty)
    assert clone(GeneralizedLinear(penalty=penalty)).penalty == penalty
    for declared in ("separable", "convex", "smooth"):
        assert isinstance(getattr(penalty, declared), bool)
    check_penalty(penalty, P)
    assert type(penalty).__doc__ and ">>>" in type(penalty).__doc__
    assert hasattr(penalty, "gradient") == penalty.smooth
    assert hasattr(penalty, "tied") != penalty.separable
    assert not any(isinstance(v, np.ndarray) and v.flags.writeable for v in penalty)


@pytest.mark.parametrize("penalty", MEMBERS, ids=str)
def test_value_is_a_number_and_least_inside(penalty, rng):
    for shape in (P, (P, 3)):
        if type(penalty) is Slope and penalty.weights is not None and shape != P:
            continue
        w = penalty.prox(rng.normal(size=shape), 1.0)
        assert type(penalty.value(w)) is float
        assert penalty.value(np.zeros(shape)) == 0.0 <= penalty.value(w) < np.inf
        assert penalty.value(-w) == pytest.approx(penalty.value(w)) or type(penalty) is Box


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("penalty", SEPARABLE, ids=str)
def test_prox_of_one_coefficient_is_the_best_of_all(penalty, step):
    j = int(np.argmax(penalty.weights > 0.0)) if hasattr(penalty, "weights") else 0
    for x in (-4.1, -1.3, -0.4, -0.01, 0.0, 0.02, 0.61, 0.95, 1.7, 2.3, 3.3, 8.0):
        v = np.zeros(P)
        v[j] = x
        u = penalty.prox(v, step)
        rest = np.delete(u, j)
        np.testing.assert_array_equal(rest, np.clip(0.0, *penalty) if type(penalty) is Box else 0.0)

        def objective(t, x=x):
            return 0.5 * (t - x) ** 2 + step * each(penalty, np.atleast_1d(t))

        # Brute force: a grid, and a refinement around its best point.
        grid = np.concatenate([np.linspace(-9.0, 9.0, 721), [0.0, x, u[j]]])
        best = grid[np.argmin(objective(grid))]
        low, high = penalty if type(penalty) is Box else (-np.inf, np.inf)
        bounds = max(best - 0.03, low), min(best + 0.03, high)
        near = minimize_scalar(lambda t: objective(t)[0], bounds=bounds, method="bounded")
        least = min(objective(grid).min(), near.fun)
        assert objective(u[j])[0] <= least + 1e-11 * (1.0 + abs(least))


@pytest.mark.parametrize("penalty", SEPARABLE, ids=str)
def test_a_step_for_each_coefficient(penalty, rng):
    v, step = 3.0 * rng.normal(size=(P, 2)), rng.uniform(0.0, 4.0, (P, 2))
    step[0] = 0.0
    u = penalty.prox(v, step)
    for j in range(P):
        for k in range(2):
            alone = v.copy()
            alone[j + 1 :] = alone[:j] = 0.0
            assert penalty.prox(alone, step[j, k])[j, k] == pytest.approx(u[j, k], abs=1e-14)
    if type(penalty) is not Box:
        np.testing.assert_allclose(u[0], v[0], rtol=1e-14)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("penalty", COUPLED, ids=str)
def test_prox_of_coupled_coefficients_is_the_minimiser(penalty, step, rng):
    """The objective is strongly convex: no point at any distance in any direction is lower."""
    for scale in (0.5, 2.0, 8.0):
        v = scale * rng.normal(size=P)
        u = penalty.prox(v, step)

        def objective(t, v=v):
            return 0.5 * float((t - v) @ (t - v)) + step * penalty.value(t)

        low = objective(u)
        assert low < np.inf
        for size in (1e-5, 1e-3, 0.05, 1.0):
            for d in [*np.eye(P), *-np.eye(P), *rng.normal(size=(60, P)), -u, np.sign(u), v - u]:
                assert objective(u + size * d) >= low - 1e-12 * (1.0 + abs(low))
        if np.isfinite(penalty.value(np.full(P, 99.0))):
            found = minimize(objective, u + 0.1 * rng.normal(size=P), method="Powell")
            assert found.fun >= low - 1e-12 * (1.0 + abs(low))


@pytest.mark.parametrize("penalty", CONVEX, ids=str)
def test_convex_ones_are_and_their_prox_is_firmly_nonexpansive(penalty, rng):
    for _ in range(200):
        a, b = 3.0 * rng.normal(size=(2, P)) * rng.integers(0, 2, (2, P))
        both, t = penalty.value(a) + penalty.value(b), rng.random()
        if np.isfinite(both):
            line = t * penalty.value(a) + (1.0 - t) * penalty.value(b)
            assert penalty.value(t * a + (1.0 - t) * b) <= line + 1e-12 * (1.0 + line)
        step = rng.uniform(0.1, 3.0)
        d = penalty.prox(a, step) - penalty.prox(b, step)
        assert d @ d <= d @ (a - b) + 1e-10


@pytest.mark.parametrize("penalty", [m for m in MEMBERS if not m.convex], ids=str)
def test_the_others_are_not_convex_and_their_tangent_is_above(penalty):
    x = np.linspace(0.0, 4.0, 81)
    cost = each(penalty, x)
    assert (cost[1:-1] > 0.5 * (cost[:-2] + cost[2:]) + 1e-9).any()
    assert (np.diff(cost) >= -1e-12).all()
    if hasattr(penalty, "slope"):
        for w in (0.0, 0.3, 0.9, 2.0, 3.5):
            slope = penalty.slope(np.array([w]))[0]
            if np.isfinite(slope):
                assert (cost <= each(penalty, [w]) + slope * (x - w) + 1e-12).all()


@pytest.mark.parametrize("penalty", MEMBERS, ids=str)
def test_violation_is_zero_exactly_where_a_small_step_stays(penalty, rng):
    """At u = prox(v) the gradient (u - v) / step is optimal; moved off it, it is not."""
    for step in (0.05, 0.3):
        for scale in (0.3, 1.0, 4.0):
            v = scale * rng.normal(size=P)
            u = penalty.prox(v, step)
            g = (u - v) / step
            violation = penalty.violation(u, g)
            assert violation.shape == (P,) and (violation >= 0.0).all()
            power = getattr(penalty, "p", 1.0)
            slack = 1e-9 if power <= 2.0 or power in (3.0, 4.0) else 1e-7
            np.testing.assert_allclose(violation, 0.0, atol=slack * max(1.0, np.abs(g).max()))
            k = (u != 0.0) & (np.abs(u) < 30.0)
            moved = g + np.where(k, 0.5, 0.0)
            fixed = np.allclose(penalty.prox(u - 1e-3 * moved, 1e-3), u, atol=1e-9)
            assert (penalty.violation(u, moved).max(initial=0.0) > 1e-6) != fixed


@pytest.mark.parametrize("penalty", COUPLED, ids=str)
def test_tied_steps_are_the_largest_the_prox_can_take(penalty, rng):
    for shape in (P, (P, 2)):
        if type(penalty) is Slope and penalty.weights is not None and shape != P:
            continue
        step = rng.uniform(0.5, 2.0, shape)
        tied = penalty.tied(step)
        assert tied.shape == step.shape and (tied <= step).all() and (tied >= step.min()).all()
        assert set(np.unique(tied)) <= set(step.ravel())
        np.testing.assert_array_equal(penalty.tied(tied), tied)
        one = np.full(shape, 0.7)
        v = rng.normal(size=shape) * 3.0
        np.testing.assert_array_equal(penalty.prox(v, one), penalty.prox(v, 0.7))


@pytest.mark.parametrize("penalty", [m for m in COUPLED if hasattr(m, "groups")], ids=str)
def test_groups_with_steps_of_their_own_are_as_alone(penalty, rng):
    v, step = 3.0 * rng.normal(size=P), penalty.tied(rng.uniform(0.5, 2.0, P))
    u = penalty.prox(v, step)
    for s in np.unique(step):
        k = step == s
        np.testing.assert_allclose(u[k], penalty.prox(v, s)[k], rtol=1e-14)


@pytest.mark.parametrize("penalty", MEMBERS, ids=str)
def test_float32_stays_float32(penalty, rng):
    v = (3.0 * rng.normal(size=P)).astype(np.float32)
    u = penalty.prox(v, np.float32(0.7))
    assert u.dtype == np.float32
    np.testing.assert_allclose(u, penalty.prox(v.astype(float), 0.7), rtol=2e-4, atol=2e-6)
    assert penalty.violation(u, v).dtype == np.float32


FOR_KERNELS = [m for m in SEPARABLE if "xp" in type(m).prox.__code__.co_varnames]


@pytest.mark.parametrize("method", ["prox", "violation"])
@pytest.mark.parametrize("penalty", FOR_KERNELS, ids=str)
def test_for_one_number_as_a_kernel_reads_it(penalty, method, rng):
    code = getattr(type(penalty), method)
    a, b = 3.0 * rng.normal(size=(2, 50))
    a[:5] = 0.0
    b = np.abs(b) if method == "prox" else b
    plain = code(penalty, a, b)
    one = [code(penalty, float(x), float(y), _scalar) for x, y in zip(a, b)]
    np.testing.assert_allclose(one, plain, rtol=1e-13, atol=1e-15)


def test_closed_forms_agree_with_newton():
    v = np.concatenate([np.logspace(-6, 6, 400), -np.logspace(-3, 3, 99), [0.0]])
    for p, c in ((0.5, 0.3), (2.0 / 3.0, 2.0), (1.5, 0.4), (3.0, 1.7), (0.5, 1e-8), (3.0, 1e8)):
        closed = Lp(c, p).prox(v, 1.0)
        newton = Lp(c, p * (1.0 + 1e-15) if p < 1 else p + 4e-16 * p).prox(v, 1.0)
        np.testing.assert_allclose(closed, newton, rtol=1e-9)


def test_named_relatives_coincide(rng):
    same = [
        (Lp(0.7, 1.0), L1(0.7)),
        (Lp(0.7, 2.0), L2(0.7)),
        (WeightedL1(0.7), L1(0.7)),
        (WeightedElasticNet(0.7, 0.3), ElasticNet(0.7, 0.3)),
        (GroupL2(0.7, 1), L1(0.7)),
        (SparseGroupL2(0.7, 0.0, 2), GroupL2(0.7, 2)),
        (SparseGroupL2(0.7, 1.0, 2), L1(0.7)),
        (Slope(0.7, weights=[1.0]), L1(0.7)),
        (MCP(0.7, 1e9), L1(0.7)),
        (SCAD(0.7, 1e9), L1(0.7)),
        (GroupL2(0.7, [0, 1, 0, 1, 2, 2]), GroupL2(0.7, [[0, 2], [1, 3], [4, 5]])),
    ]
    for a, b in same:
        w, g = 2.0 * rng.normal(size=(2, P)) * [1, 1, 0, 1, 0, 1]
        name = f"{a} {b}"
        assert a.value(w) == pytest.approx(b.value(w), rel=1e-6), name
        np.testing.assert_allclose(a.prox(w, 0.6), b.prox(w, 0.6), rtol=1e-6, err_msg=name)
        if type(a) is not Slope:
            np.testing.assert_allclose(
                a.violation(w, g), b.violation(w, g), atol=1e-6, err_msg=name
            )


def test_adaptive_weights():
    made = adaptive_l1([2.0, -0.5, 0.0], 0.1, power=2.0)
    np.testing.assert_allclose(made.weights, [0.25, 4.0, 2.5e11])
    assert adaptive_l1(np.zeros(2)).weights.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: L1(-1.0), "L1: alpha is -1.0; it must not be negative"),
        (lambda: L1(np.nan), "alpha is nan"),
        (lambda: ElasticNet(1.0, 1.5), "l1_ratio is 1.5; it must lie between 0 and 1"),
        (lambda: MCP(1.0, 0.0), "gamma is 0.0; it must be positive"),
        (lambda: SCAD(1.0, 1.0), "gamma is 1.0; it must be above 1"),
        (lambda: Lp(1.0, 0.0), "p is 0.0; it must be positive"),
        (lambda: Box(1.0, 0.0), "high is 0.0; it must not be below low = 1.0"),
        (lambda: penalties.L2Ball(0.0), "radius is 0.0; it must be positive"),
        (lambda: WeightedL1(1.0, [1.0, 2.0]), "weights has 2 numbers for 6 coefficients"),
        (lambda: WeightedL1(1.0, [1, 2, 3, -4, 5, 6]), r"weights\[3\] is -4.0"),
        (lambda: GroupL2(1.0, 4), "6 coefficients cannot be cut into groups of 4"),
        (lambda: GroupL2(1.0, [0, 1]), "groups labels 2 coefficients, and there are 6"),
        (lambda: GroupL2(1.0, 2, [1.0, 2.0]), "weights has 2 numbers for 3 groups"),
        (lambda: groups_of([[0, 1], [1]]), "coefficient 1 is in 2 groups"),
        (lambda: groups_of([[0], [2]]), "coefficient 1 is in 0 groups"),
        (lambda: groups_of([[0], []]), "a group is empty"),
        (lambda: Slope(weights=[1, 2, 3, 4, 5, 6]), "weights must not increase"),
        (lambda: Slope(rate=0.0), "rate is 0.0"),
        (lambda: WeightedL1(1.0, [[1.0]]), "one dimension"),
    ],
)
def test_wrong_parameters_are_named(make, says):
    with pytest.raises(ValueError, match=says):
        check_penalty(make(), P)
