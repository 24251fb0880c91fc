"""Generalised, robust and stochastic linear models compile nothing after warm-up."""

from __future__ import annotations

import subprocess
import sys

from zhixing.workbench import warmup

FITS = """
import warnings; warnings.simplefilter("ignore")
import numpy as np, scipy.sparse as sp
from zhixing.kernels import _jit
from zhixing import linear_model as lm
rng = np.random.default_rng(0)
X = rng.normal(size=(300, 5)); z = X[:, 0] + rng.normal(size=300)
two = (z > 0).astype(int); three = np.digitize(z, [-.5, .5]); count = rng.poisson(np.exp(z))
for dtype in (np.float64, np.float32):
    for matrix in (X.astype(dtype), sp.csr_matrix(X.astype(dtype))):
        lm.PoissonRegressor().fit(matrix, count)
        lm.GammaRegressor().fit(matrix, np.exp(z))
        lm.TweedieRegressor(power=1.5, link="log").fit(matrix, count)
        lm.GeneralizedLinearModel("bernoulli", "probit").fit(matrix, two)
        lm.HuberRegressor().fit(matrix, z)
        lm.QuantileRegressor(alpha=0.01).fit(matrix, z)
        lm.HeteroscedasticRegression().fit(matrix, z)
        for loss in ("hinge", "log_loss", "modified_huber", "squared_hinge", "perceptron", "huber",
                     "squared_error", "epsilon_insensitive", "squared_epsilon_insensitive"):
            for penalty in ("l2", "l1"):
                lm.SGDClassifier(loss=loss, penalty=penalty, max_iter=2).fit(matrix, three)
        lm.SGDRegressor(average=True).fit(matrix, z)
        lm.Perceptron(nonneg=True).fit(matrix, two)
        lm.PassiveAggressiveRegressor().fit(matrix, z)
        for solver in ("gd", "sgd", "minibatch", "bfgs", "dfp"):
            lm.LogisticRegression(solver=solver).fit(matrix, two)
            lm.LogisticRegression(solver=solver, max_iter=3).fit(matrix, three)
        lm.LogisticRegression(C=np.inf).fit(matrix, two).summary(matrix, two)
frozen = X.copy(); frozen.flags.writeable = False
lm.SGDClassifier().fit(frozen, two)
lm.BayesianRidge().fit(X, z); lm.ARDRegression().fit(X, z)
print(sorted(n for n, k in _jit.KERNELS.items() if sum(k.compiled.stats.cache_misses.values())))
"""


def test_fits_after_warmup_compile_nothing() -> None:
    warmup.warmup()
    done = subprocess.run([sys.executable, "-c", FITS], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
