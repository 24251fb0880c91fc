"""Tree ensembles with their defaults on real tables: five folds, mean ranks, and what differs detectably.

    python -m benchmarks.trees_study [--again] [TABLE ...]

Every model sees the same matrix: numbers with their gaps, categories as codes that are announced as
categories to those that take them (as one-hot columns to the random forest of scikit-learn).  At most
ROWS rows of a table.  The measure is AUC for two classes, log loss for more, R2 for numbers.  What is
done is kept in `trees_study.json`; ends with STUDY_TREES.md.  The tables lie in `shared/data` beside
the repository; without them the study cannot run.
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from sklearn import ensemble as sk
from sklearn.metrics import log_loss, r2_score, roc_auc_score
from sklearn.model_selection import KFold, StratifiedKFold

from zhixing import ensemble as ours
from zhixing.core.estimator import Task
from zhixing.data import read
from zhixing.model_comparison import friedman
from zhixing.workbench.prepare import Preparation

from .data import SHARED

ROWS, FOLDS = 6_000, 5
STORE = Path(__file__).parent / "trees_study.json"
PAGE = Path(__file__).parent / "STUDY_TREES.md"
TABLES = {
    "classifier": (
        "adult", "bank_marketing", "telco_churn", "german_credit", "credit_default_taiwan", "spambase",
        "breast_cancer", "pima_diabetes", "phoneme", "ionosphere", "sonar", "mammography",
        "covertype_15k", "car", "satimage", "vehicle", "sick", "credit_approval", "higgs_7k",
        "eucalyptus", "horse_colic",
    ),
    "regressor": (
        "california_housing", "boston", "concrete", "insurance", "diamonds", "power_plant",
        "protein_casp", "elevators", "puma32_h", "ames", "auto_mpg", "yacht",
    ),
}  # fmt: skip


def models(kind: str, cat: list[int]) -> dict[str, Callable[[], Any]]:
    """Makers of every contestant with its defaults; those of peers only where installed."""
    word = kind.capitalize()
    mask = cat or None
    own = {
        "HistGradientBoosting": {"categorical_features": mask},
        "CatBoost": {"cat_features": mask},
        "RandomForest": {},
    }
    made: dict[str, Callable[[], Any]] = {
        f"zhixing {name}": partial(getattr(ours, name + word), random_state=0, **options)
        for name, options in own.items()
        if hasattr(ours, name + word)
    } | {
        "scikit-learn HistGradientBoosting": lambda: getattr(sk, f"HistGradientBoosting{word}")(
            categorical_features=mask, random_state=0
        ),
        "scikit-learn RandomForest": lambda: getattr(sk, f"RandomForest{word}")(
            random_state=0, n_jobs=2
        ),
    }
    try:
        import lightgbm

        made["LightGBM"] = lambda: getattr(lightgbm, f"LGBM{word}")(n_jobs=2, verbose=-1)
    except ImportError:
        pass
    try:
        import xgboost

        made["XGBoost"] = lambda: getattr(xgboost, f"XGB{word}")(n_jobs=2, enable_categorical=True)
    except ImportError:
        pass
    try:
        import catboost

        made["CatBoost"] = lambda: getattr(catboost, f"CatBoost{word}")(
            verbose=0, thread_count=2, allow_writing_files=False, cat_features=mask
        )
    except ImportError:
        pass
    return made


def fit(name: str, model: Any, X: np.ndarray, y: np.ndarray, cat: list[int]) -> Callable[..., Any]:
    """Fit; returns a function that brings rows into the model's own form."""

    def form(Z: np.ndarray) -> Any:
        if name == "CatBoost" and cat:
            import pandas as pd

            frame = pd.DataFrame(Z)
            return frame.astype({j: "Int64" for j in cat}).astype({j: str for j in cat})
        if name == "XGBoost" and cat:
            import pandas as pd

            frame = pd.DataFrame(Z)
            for j in cat:
                frame[j] = pd.Categorical(
                    frame[j].astype("Int64"), categories=levels[j].astype(int)
                )
            return frame
        return Z

    levels = {j: np.unique(X[:, j][~np.isnan(X[:, j])]) for j in cat}
    if name == "LightGBM" and cat:
        model.fit(X, y, categorical_feature=cat)
    else:
        model.fit(form(X), y)
    return form


def judge(model: Any, Z: Any, y: np.ndarray, kind: str, k: int) -> float:
    """Larger is better."""
    if kind == "regressor":
        return float(r2_score(y, np.asarray(model.predict(Z)).ravel()))
    p = np.asarray(model.predict_proba(Z), dtype=np.float64)
    if k == 2:
        return float(roc_auc_score(y, p[:, 1]))
    p = np.clip(p, 1e-15, None)
    return -float(log_loss(y, p / p.sum(axis=1, keepdims=True), labels=np.arange(k)))


def table(name: str, kind: str) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Matrix, target and places of categories; at most ROWS rows, drawn evenly by class."""
    file = SHARED / f"{name}.parquet"
    task: Task = "regression"
    if kind == "classifier":
        several = pl.scan_parquet(file).select(pl.col("target").n_unique()).collect().item() > 2
        task = "multiclass" if several else "binary"
    data = read(file, target="target", task=task)
    kinds = {c.name: c.kind for c in data.schema if c.usable and c.kind != "text"}
    y = data.codes if kind == "classifier" else data.y
    rows = np.random.default_rng(0).permutation(len(y))[:ROWS]
    if kind == "classifier":  # a class must be in every fold
        common = np.flatnonzero(np.bincount(y[rows]) >= FOLDS)
        rows = rows[np.isin(y[rows], common)]
        y = np.searchsorted(common, y)
    preparation = Preparation(kinds, native=True, one_hot=10_000)
    X = preparation.fit_transform(data.X[rows], y[rows])
    return np.ascontiguousarray(X), y[rows], np.flatnonzero(preparation.categorical()).tolist()


def study(name: str, kind: str, before: dict[str, Any]) -> dict[str, Any]:
    X, y, cat = table(name, kind)
    k = int(y.max()) + 1 if kind == "classifier" else 0
    cut = (StratifiedKFold if k else KFold)(FOLDS, shuffle=True, random_state=0)
    found: dict[str, Any] = dict(before.get("scores", {}))
    for model, make in models(kind, cat).items():
        if model in found:
            continue
        scores = []
        for train, test in cut.split(X, y):
            made = make()
            form = fit(model, made, X[train], y[train], cat)
            scores.append(judge(made, form(X[test]), y[test], kind, k))
        found[model] = scores
    return {
        "kind": kind, "rows": len(y), "columns": X.shape[1], "categories": len(cat), "classes": k,
        "scores": found,
    }  # fmt: skip


def page(done: dict[str, Any]) -> str:
    """Mean ranks with the test, and every table's means."""
    names = list({m: None for d in done.values() for m in d["scores"]})
    full = {t: d for t, d in done.items() if set(names) <= set(d["scores"])}
    means = {m: [float(np.mean(d["scores"][m])) for d in full.values()] for m in names}
    tested = friedman(means)
    lines = [
        "# Tree ensembles on real tables",
        "",
        f"Written by `python -m benchmarks.trees_study`; do not edit.  {len(full)} tables of at most "
        f"{ROWS:,} rows, {FOLDS} folds, every model with its own defaults; AUC for two classes, minus log "
        "loss for more, R2 for numbers.  Ranks: 1 is best.",
        "",
        f"Friedman's test (Iman and Davenport): p = {tested.p_value:.2g}; mean ranks further apart than "
        f"{tested.critical_difference:.2f} differ (Nemenyi, familywise 5 %).",
        "",
        "| model | mean rank | first on | not told apart from the best |",
        "|---|---|---|---|",
    ]
    best = tested.names[0]
    scores = np.array([means[m] for m in names])
    first = {m: int(np.sum(scores.argmax(axis=0) == i)) for i, m in enumerate(names)}
    for m in tested.names:
        near = tested.mean_ranks[m] - tested.mean_ranks[best] <= tested.critical_difference
        told = "yes" if near else "no"
        lines.append(f"| {m} | {tested.mean_ranks[m]:.2f} | {first[m]} | {told} |")
    lines += [
        "",
        "| table | rows x columns | " + " | ".join(names) + " |",
        "|---" * (len(names) + 2) + "|",
    ]
    for t, d in full.items():
        row = [float(np.mean(d["scores"][m])) for m in names]
        said = [f"**{v:.4f}**" if v == max(row) else f"{v:.4f}" for v in row]
        lines.append(f"| {t} | {d['rows']:,} x {d['columns']} | " + " | ".join(said) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("names", nargs="*")
    options.add_argument(
        "--again", nargs="*", default=None, help="models to run anew (all if none)"
    )
    asked = options.parse_args()
    done: dict[str, Any] = json.loads(STORE.read_text()) if STORE.exists() else {}
    for kind, names in TABLES.items():
        for name in names:
            if asked.names and name not in asked.names:
                continue
            before = done.get(name, {})
            if asked.again is not None:
                kept = before.get("scores", {}).items()
                before["scores"] = {m: v for m, v in kept if asked.again and m not in asked.again}
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                done[name] = study(name, kind, before)
            STORE.write_text(json.dumps(done, indent=1) + "\n")
            told = {m: round(float(np.mean(v)), 4) for m, v in done[name]["scores"].items()}
            print(name, told, flush=True)
    PAGE.write_text(page(done))


if __name__ == "__main__":
    main()
