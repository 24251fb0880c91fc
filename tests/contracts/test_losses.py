"""Every loss keeps the contract of `zhixing.losses`; members are found by themselves."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from zhixing import losses
from zhixing.kernels.pointwise import pointwise
from zhixing.kernels.rowwise import rowwise
from zhixing.losses import check_domain, margin_loss, reduce, zero_one

CLASSES = [
    cls for name in losses.__all__ if getattr(cls := getattr(losses, name), "is_part", False)
]


def changed(loss):
    """The same loss with every float field moved."""
    return type(loss)(*(0.7 * v if isinstance(v, float) else v for v in loss))


MEMBERS = [made for cls in CLASSES for made in (cls(), changed(cls())) if made is not None]
MEMBERS += [losses.Tweedie(p) for p in (-1.0, 0.0, 1.0, 2.0, 3.0)] + [losses.Hinge(0.0)]
MEMBERS = list(dict.fromkeys(MEMBERS))
POINTWISE = [loss for loss in MEMBERS if hasattr(loss, "derivatives")]
ROWWISE = [loss for loss in MEMBERS if hasattr(loss, "derivatives_row")]
DISTRIBUTION = [loss for loss in MEMBERS if loss.domain == "distribution"]


def targets(domain: str, n: int, rng: np.random.Generator, k: int = 3) -> np.ndarray:
    """Targets of a domain, its edges among them."""
    if domain == "real":
        return np.concatenate([[0.0], rng.normal(size=n - 1) * 3.0])
    if domain == "nonnegative":
        return np.concatenate([[0.0, 0.0], rng.gamma(2.0, 2.0, size=n - 2)])
    if domain == "positive":
        return rng.gamma(2.0, 2.0, size=n) + 0.05
    if domain == "binary":
        return np.concatenate([[0.0, 1.0, 0.3], rng.integers(0, 2, n - 3)]).astype(float)
    if domain == "sign":
        return np.concatenate([[0.0, 1.0], rng.integers(0, 2, n - 2)]).astype(float)
    if domain == "classes":
        return np.concatenate([np.arange(k), rng.integers(0, k, n - k)]).astype(float)
    if domain == "distribution":
        y = rng.dirichlet(np.ones(k), size=n)
        y[0] = np.eye(k)[0]
        return y
    raise AssertionError(domain)


def outputs(loss) -> int:
    return getattr(loss, "n_outputs", 3)


def test_members_are_found_and_their_targets_vary(rng):
    assert len(CLASSES) >= 21
    assert set(map(type, POINTWISE + ROWWISE + DISTRIBUTION)) == set(CLASSES)
    for domain in losses.domain.DOMAINS:
        y = targets(domain, 50, rng)
        assert len(np.unique(y)) > 1 and len(y) == 50


@pytest.mark.parametrize("loss", MEMBERS, ids=str)
def test_part(loss):
    assert loss == type(loss)(*loss) and hash(loss) == hash(type(loss)(*loss))
    assert loss != tuple(loss)
    assert all(loss != cls(*loss) for cls in CLASSES if cls is not type(loss) and len(loss) == 1)
    assert pickle.loads(pickle.dumps(loss)) == loss == copy.deepcopy(loss)
    assert loss.curvature in ("exact", "bound", "fisher", "none")
    assert loss.domain in losses.domain.DOMAINS
    assert loss.smoothness > 0
    assert type(loss).__doc__ and ">>>" in type(loss).__doc__


@pytest.mark.parametrize("loss", POINTWISE, ids=str)
def test_first_derivative_is_the_slope_of_the_value(loss, rng):
    y = targets(loss.domain, 200, rng)
    z = rng.normal(size=200) * 2.0
    step = 1e-6
    slope = (loss.value(y, z + step) - loss.value(y, z - step)) / (2 * step)
    g = np.array([loss.derivatives(a, b)[0] for a, b in zip(y, z)])
    # A kink between z - step and z + step is all that may separate them: with these draws, none.
    np.testing.assert_allclose(g, slope, rtol=2e-6, atol=2e-7 * np.abs(g).max())


@pytest.mark.parametrize("loss", POINTWISE, ids=str)
def test_curvature_is_as_declared(loss, rng):
    y = targets(loss.domain, 200, rng)
    z = rng.normal(size=200) * 2.0
    step = 1e-6

    def slope(z):
        return np.array([loss.derivatives(a, b)[0] for a, b in zip(y, z)])

    h = np.array([loss.derivatives(a, b)[1] for a, b in zip(y, z)])
    second = (slope(z + step) - slope(z - step)) / (2 * step)
    slack = 1e-6 * np.abs(second).max() + 1e-7
    if loss.curvature == "exact":
        np.testing.assert_allclose(h, second, rtol=1e-5, atol=slack)
    elif loss.curvature == "bound":
        assert (h >= second - slack).all()
    else:
        assert (h == 0.0).all()
    assert (h >= 0).all()
    assert loss.smoothness >= h.max() - 1e-12


@pytest.mark.parametrize("loss", [m for m in POINTWISE if m.curvature != "bound"], ids=str)
def test_derivative_is_a_subgradient_everywhere(loss, rng):
    y = targets(loss.domain, 40, rng)
    if not (isinstance(loss, losses.Tweedie) and not 1 <= loss.power <= 2):
        scale = [v for v in loss if isinstance(v, float)] + [0.0, 1.0]
        kinks = np.concatenate([y, *(y + s for s in scale), *(y - s for s in scale), scale, [-1.0]])
        for a in y:
            for z in kinks:
                g, _ = loss.derivatives(a, z)
                other = np.concatenate([kinks, rng.normal(size=20) * 5])
                gap = loss.value(a, other) - loss.value(a, z) - g * (other - z)
                assert gap.min() >= -1e-9 * (1 + np.abs(loss.value(a, other)).max())


@pytest.mark.parametrize("loss", MEMBERS, ids=str)
def test_far_tails_are_finite(loss, rng):
    y = targets(loss.domain, 20, rng, outputs(loss))
    for far in (1e3, -1e3, 1e4, -1e4):
        if hasattr(loss, "derivatives"):
            assert np.isfinite(loss.value(y, np.full(20, far))).all()
            assert np.isfinite([loss.derivatives(a, far) for a in y]).all()
            assert np.isfinite(loss.mean(np.clip(far, -700, 700)))
            continue
        for column in range(outputs(loss)):
            z = np.zeros((20, outputs(loss)))
            z[:, column] = far
            assert np.isfinite(loss.value(y, z)).all()
            g, h = np.empty(outputs(loss)), np.empty(outputs(loss))
            if hasattr(loss, "derivatives_row"):
                assert all(np.isfinite(loss.derivatives_row(a, b, g, h)) for a, b in zip(y, z))
                assert np.isfinite(g).all() and np.isfinite(h).all()


@pytest.mark.parametrize("loss", ROWWISE + DISTRIBUTION, ids=str)
def test_rows_gradient(loss, rng):
    k = outputs(loss)
    y = targets(loss.domain, 60, rng, k)
    z = rng.normal(size=(60, k)) * 2.0
    G = np.empty((60, k))
    if hasattr(loss, "derivatives_row"):
        h = np.empty(k)
        value = [loss.derivatives_row(a, b, g, h) for a, b, g in zip(y, z, G)]
        np.testing.assert_allclose(value, loss.value(y, z), rtol=1e-12)
        np.testing.assert_allclose([loss.value_row(a, b) for a, b in zip(y, z)], value, rtol=1e-12)
    else:
        G = loss.gradient(y, z)
    for column in range(k):
        step = np.zeros(k)
        step[column] = 1e-6
        slope = (loss.value(y, z + step) - loss.value(y, z - step)) / 2e-6
        np.testing.assert_allclose(G[:, column], slope, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("loss", POINTWISE, ids=str)
def test_start_is_the_best_constant(loss, rng):
    for n in (1, 2, 31):
        y = targets(loss.domain, max(n, 3), rng)[-n:]
        weight = rng.integers(0, 4, n).astype(float)
        weight[0] = 2.0
        start = loss.start(y, weight)
        assert np.isfinite(start)

        def total(z, y=y, weight=weight):
            return weight @ loss.value(y, z)

        grid = start + np.concatenate([np.linspace(-6, 6, 241), 10.0 ** np.arange(-8, 0, 0.5)])
        best = min(total(z) for z in np.concatenate([grid, 2 * start - grid]))
        # Where all targets are of one class the infimum lies at infinity.
        endless = 1e-7 if y.min() == y.max() else 0.0
        assert total(start) <= best + endless + 1e-12 * (1 + abs(best))
        repeated = np.repeat(y, weight.astype(int))
        np.testing.assert_allclose(
            total(loss.start(repeated, np.ones(len(repeated)))), total(start), rtol=1e-9
        )


@pytest.mark.parametrize("loss", ROWWISE + DISTRIBUTION, ids=str)
def test_rows_start_is_the_best_constant(loss, rng):
    k = outputs(loss)
    y = targets(loss.domain, 31, rng, k)
    weight = rng.integers(1, 4, 31).astype(float)
    start = np.asarray(loss.start(y, weight))
    best = weight @ loss.value(y, np.tile(start, (31, 1)))
    for size in (1e-3, 0.1, 1.0, 3.0):
        for _ in range(200):
            z = start + size * rng.normal(size=k)
            assert weight @ loss.value(y, np.tile(z, (31, 1))) >= best - 1e-10 * abs(best)


@pytest.mark.parametrize("loss", [m for m in POINTWISE if hasattr(m, "conjugate")], ids=str)
def test_conjugate(loss, rng):
    y = targets(loss.domain, 30, rng)
    z = rng.normal(size=30) * 3.0
    for a, b in zip(y, z):
        u, _ = loss.derivatives(a, b)
        attained = u * b - loss.value(a, b)
        assert loss.conjugate(a, u) == pytest.approx(attained, rel=1e-9, abs=1e-9)
        for other in (*rng.normal(size=5) * 2.0, 0.0):
            found = loss.conjugate(a, other)
            if np.isfinite(found):
                assert found >= (other * z - loss.value(a, z)).max() - 1e-9
            else:
                assert max(other * t - loss.value(a, t) for t in (1e7, -1e7)) > 1e2


@pytest.mark.parametrize("loss", MEMBERS, ids=str)
def test_mean_is_in_range_and_increases(loss):
    z = np.linspace(-8, 8, 33)
    if hasattr(loss, "derivatives"):
        mean = loss.mean(z)
        assert (np.diff(mean) >= 0).all() and mean[-1] > mean[0]
        if loss.domain in ("binary", "sign"):
            assert mean[0] >= 0 and mean[-1] <= 1
        elif loss.domain in ("nonnegative", "positive"):
            assert mean[0] >= 0
    elif loss.domain in ("classes", "distribution"):
        rows = np.stack([z, -z, z**2][: outputs(loss)], axis=-1)
        mean = loss.mean(rows)
        np.testing.assert_allclose(mean.sum(-1), 1.0)
        assert (mean >= 0).all()
    else:
        centre, spread = loss.mean(np.stack([z, z], axis=-1))
        assert (spread > 0).all() and (centre == z).all()


@pytest.mark.parametrize("loss", [m for m in POINTWISE if m.domain == "binary"], ids=str)
def test_mean_of_the_best_constant_is_the_share(loss, rng):
    if getattr(loss, "positive", 1.0) == 1.0 or type(loss).__name__ == "Focal":
        y = targets("binary", 50, rng)
        share = float(loss.mean(np.float64(loss.start(y, np.ones(50)))))
        assert share == pytest.approx(y.mean(), abs=1e-12)


@pytest.mark.parametrize("loss", POINTWISE, ids=str)
def test_compiled_equals_plain(loss, rng):
    y, z = targets(loss.domain, 64, rng), rng.normal(size=64) * 4.0
    z[:2] = 1e4, -1e4
    weight, g, h = rng.random(64), np.full(64, np.nan), np.full(64, np.nan)
    total, slope = pointwise(loss, y, z, weight, g, h)
    plain = np.array([loss.derivatives(a, b) for a, b in zip(y, z)]) * weight[:, None]
    np.testing.assert_allclose(np.stack([g, h], axis=1), plain, rtol=1e-13, atol=1e-290)
    assert total == pytest.approx(weight @ loss.value(y, z), rel=1e-13)
    assert slope == pytest.approx(g.sum(), rel=1e-13)


@pytest.mark.parametrize("loss", ROWWISE, ids=str)
def test_rows_compiled_equals_plain(loss, rng):
    k = outputs(loss)
    y, z, weight = targets(loss.domain, 40, rng, k), rng.normal(size=(40, k)), rng.random(40)
    G, H = np.full((40, k), np.nan), np.full((40, k), np.nan)
    total = rowwise(loss, y, z, weight, G, H)
    g, h = np.empty(k), np.empty(k)
    for i in range(40):
        loss.derivatives_row(y[i], z[i], g, h)
        np.testing.assert_allclose(G[i], weight[i] * g, rtol=1e-13)
        np.testing.assert_allclose(H[i], h, rtol=1e-13)
    assert total == pytest.approx(weight @ loss.value(y, z), rel=1e-13)


@pytest.mark.parametrize("loss", MEMBERS, ids=str)
def test_float32_stays_float32(loss, rng):
    y = targets(loss.domain, 12, rng, outputs(loss)).astype(np.float32)
    shape = 12 if hasattr(loss, "derivatives") else (12, outputs(loss))
    z = rng.normal(size=shape).astype(np.float32)
    value = loss.value(y, z)
    assert value.dtype == np.float32 and value.shape == (12,)
    np.testing.assert_allclose(
        value, loss.value(y.astype(float), z.astype(float)), rtol=2e-4, atol=1e-5
    )


@pytest.mark.parametrize("loss", MEMBERS, ids=str)
def test_torch_agrees_and_its_gradient_too(loss, rng):
    torch = pytest.importorskip("torch")
    k = outputs(loss)
    y = targets(loss.domain, 40, rng, k)
    z = rng.normal(size=40 if hasattr(loss, "derivatives") else (40, k)) * 3.0
    t = torch.tensor(z, requires_grad=True)
    value = loss.value(torch.tensor(y), t, torch)
    assert value.dtype == torch.float64
    np.testing.assert_allclose(value.detach().numpy(), loss.value(y, z), rtol=1e-12, atol=1e-14)
    value.sum().backward()
    if hasattr(loss, "derivatives"):
        g = np.array([loss.derivatives(a, b)[0] for a, b in zip(y, z)])
    elif hasattr(loss, "gradient"):
        g = loss.gradient(y, z)
    else:
        g, h = np.empty((40, k)), np.empty(k)
        for i in range(40):
            loss.derivatives_row(y[i], z[i], g[i], h)
    np.testing.assert_allclose(t.grad.numpy(), g, rtol=1e-9, atol=1e-12)
    mean, plain = loss.mean(t.detach(), torch), loss.mean(z)
    for a, b in zip(
        mean if isinstance(mean, tuple) else (mean,),
        plain if isinstance(plain, tuple) else (plain,),
    ):
        np.testing.assert_allclose(a.numpy(), b, rtol=1e-12)


@pytest.mark.parametrize("loss", MEMBERS, ids=str)
def test_domain(loss, rng):
    y = targets(loss.domain, 30, rng, outputs(loss))
    check_domain(loss, y)
    bad = {"real": np.inf, "nonnegative": -1.0, "positive": 0.0, "binary": 1.5, "sign": 0.5}
    bad |= {"classes": 7.0, "distribution": 0.9}
    for value in (np.nan, bad[loss.domain]):
        wrong = y.copy()
        wrong[4] = value
        with pytest.raises(ValueError, match=rf"{type(loss).__name__} takes .*y\[4"):
            check_domain(loss, wrong)


def test_domain_names_what_is_wrong():
    check_domain(losses.Hinge(), np.array([-1, 1, 1]))
    with pytest.raises(ValueError, match="no distribution for power 0.5"):
        check_domain(losses.Tweedie(0.5), np.ones(3))


@pytest.mark.parametrize("kind", sorted(losses.MARGIN_LOSSES))
def test_margin_losses_bound_the_zero_one_loss(kind):
    z = np.linspace(-3, 3, 61)
    loss = margin_loss(kind)
    scale = np.log(2) if kind == "log_loss" else 1.0
    for y in (0.0, 1.0):
        value = loss.value(y, z) / scale
        if kind != "perceptron":
            assert (value >= zero_one(y, z) - 1e-12).all()
        np.testing.assert_allclose(value, loss.value(1.0 - y, -z) / scale)
    with pytest.raises(ValueError, match="choose one of"):
        margin_loss("square")


def test_reduce():
    values, weight = np.array([1.0, 2.0, 5.0]), np.array([1.0, 2.0, 0.0])
    assert reduce(values) == pytest.approx(8 / 3)
    assert reduce(values, weight) == pytest.approx(5 / 3)
    assert reduce(values, weight, "sum") == 5.0
    assert reduce(values, weight, "none").tolist() == [1.0, 4.0, 0.0]
    with pytest.raises(ValueError, match="reduction is"):
        reduce(values, reduction="max")
    with pytest.raises(ValueError, match="one weight for each"):
        reduce(values, weight[:2])


def test_named_relatives_coincide(rng):
    y, z = rng.gamma(2.0, size=50) + 0.1, rng.normal(size=50)
    same = [
        (losses.Tweedie(1.0), losses.Poisson()),
        (losses.Tweedie(2.0), losses.Gamma()),
        (losses.Tweedie(3.0), losses.InverseGaussian()),
        (losses.Expectile(0.5), losses.Squared()),
        (losses.Quantile(0.5), losses.Absolute(0.5)),
        (losses.Huber(1e9), losses.Squared()),
        (losses.LogCosh(1e5), losses.Squared()),
        (losses.EpsilonInsensitive(0.0), losses.Absolute()),
    ]
    for a, b in same:
        difference = a.value(y, z) - b.value(y, z)
        np.testing.assert_allclose(difference, difference[0], atol=1e-6, err_msg=str((a, b)))
    t = (y > 1).astype(float)
    np.testing.assert_allclose(losses.Focal(0.0).value(t, z), losses.Logistic().value(t, z))
    two = np.stack([np.zeros(50), z], axis=1)
    np.testing.assert_allclose(losses.Softmax(2).value(t, two), losses.Logistic().value(t, z))
    np.testing.assert_allclose(losses.CrammerSinger(2).value(t, two), losses.Hinge().value(t, z))
    wide = losses.Gaussian().value(y, np.stack([z, np.zeros(50)], axis=1))
    np.testing.assert_allclose(wide, losses.Squared().value(y, z))
    small = losses.NegativeBinomial(1e-9)
    gap = small.value(y, z) - losses.Poisson().value(y, z)
    np.testing.assert_allclose(gap, 0.0, atol=1e-6)
    codes = np.eye(3)[rng.integers(0, 3, 50)]
    scores = rng.normal(size=(50, 3))
    np.testing.assert_allclose(
        losses.KullbackLeibler().value(codes, scores), losses.Softmax(3).value(codes, scores)
    )
