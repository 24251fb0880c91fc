"""Ensembles of any estimator and multiway trees compile nothing after warm-up."""

from __future__ import annotations

import subprocess
import sys

from zhixing.workbench import warmup

FITS = """
import warnings; warnings.simplefilter("ignore")
import numpy as np, scipy.sparse as sp
from zhixing.kernels import _jit
from zhixing import ensemble as en, tree
from zhixing.losses import Huber
from zhixing.linear_model import Ridge
from zhixing.naive_bayes import GaussianNB
rng = np.random.default_rng(0)
X = rng.normal(size=(300, 5)); z = X[:, 0] + rng.normal(size=300); k = np.digitize(z, [-.5, .5])
for dtype in (np.float64, np.float32):
    for order in "CF":
        A = np.asarray(X, dtype, order=order); gaps = A.copy(); gaps[::7, 1] = np.nan
        for algorithm in ("SAMME", "SAMME.R"):
            en.AdaBoostClassifier(algorithm=algorithm, n_estimators=3).fit(gaps, k).predict_proba(gaps)
        for level in (0, 2):
            en.IsolationForest(extension_level=level, n_estimators=3).fit(gaps).predict(gaps)
        en.AdaBoostRegressor(n_estimators=3).fit(A, z).predict(A)
        en.BaggingClassifier(n_estimators=3).fit(A, k).predict(A)
        en.BaggingRegressor(Ridge(), n_estimators=3).fit(sp.csr_array(A), z)
        for model in (tree.ID3Classifier(), tree.C45Classifier(), tree.CHAIDClassifier(),
                      tree.CHAIDClassifier(statistic="likelihood_ratio")):
            model.fit(gaps, k).predict(gaps); model.apply(gaps)
frozen = X.copy(); frozen.flags.writeable = False
en.AdaBoostClassifier(n_estimators=3).fit(frozen, k).predict(frozen)
en.IsolationForest(n_estimators=3).fit(frozen).predict(frozen)
en.AveragingRegressor([("a", Ridge()), ("b", Ridge(5.0))], loss=Huber()).fit(X, z)
mine = [n for n, held in _jit.KERNELS.items() if sum(held.compiled.stats.cache_misses.values())]
print(sorted(mine))
"""


def test_fits_after_warmup_compile_nothing() -> None:
    warmup.warmup()
    done = subprocess.run([sys.executable, "-c", FITS], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
