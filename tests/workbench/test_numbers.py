"""Every number in a report, computed again by scikit-learn from the stored held-out rows."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy import stats
from sklearn import metrics

from zhixing.workbench import Run


def held_out(run: Run) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Truth, predicted value, weight."""
    frame = pl.read_parquet(run.path / "holdout.parquet")
    weight = frame["weight"].to_numpy() if "weight" in frame.columns else None
    return frame["truth"].to_numpy(), frame["predicted"].to_numpy(), weight


def probabilities(run: Run) -> np.ndarray:
    frame = pl.read_parquet(run.path / "holdout.parquet")
    return frame.select([f"P({c})" for c in run.facts["data"]["classes"]]).to_numpy()


def shown(run: Run) -> dict[str, float]:
    return {m["name"]: m["value"] for m in run.facts["holdout"]["metrics"]}


def test_binary_measures(binary: Run) -> None:
    truth, said, _ = held_out(binary)
    negative, positive = binary.facts["data"]["classes"]
    y, p, said = (truth == positive).astype(int), probabilities(binary)[:, 1], said == positive
    expected = {
        "roc_auc": metrics.roc_auc_score(y, p),
        "average_precision": metrics.average_precision_score(y, p),
        "log_loss": metrics.log_loss(y, p),
        "brier_score": metrics.brier_score_loss(y, p),
        "accuracy": metrics.accuracy_score(y, said),
        "balanced_accuracy": metrics.balanced_accuracy_score(y, said),
        "f1": metrics.f1_score(y, said),
        "precision": metrics.precision_score(y, said),
        "recall": metrics.recall_score(y, said),
    }
    assert shown(binary) == pytest.approx(expected, rel=1e-12)
    for m in binary.facts["holdout"]["metrics"]:
        assert m["low"] <= m["value"] <= m["high"]
        assert m["method"]


def test_binary_curves(binary: Run) -> None:
    truth, said, _ = held_out(binary)
    negative, positive = binary.facts["data"]["classes"]
    y, p = (truth == positive).astype(int), probabilities(binary)[:, 1]
    facts = binary.facts["holdout"]
    fpr, tpr, _ = metrics.roc_curve(y, p, drop_intermediate=False)
    points = set(zip(fpr.round(12), tpr.round(12)))
    assert all((round(q["fpr"], 12), round(q["tpr"], 12)) in points for q in facts["roc"])
    for q in facts["pr"][:: max(1, len(facts["pr"]) // 20)]:
        flagged = p >= q["threshold"]
        assert q["precision"] == pytest.approx(y[flagged].mean())
        assert q["recall"] == pytest.approx(flagged[y == 1].mean())
    expected = metrics.confusion_matrix(truth, said, labels=[negative, positive])
    assert facts["confusion"]["counts"] == expected.tolist()
    assert facts["prior"] == pytest.approx(y.mean())
    for q in facts["threshold"]["curve"][::7]:
        flagged = p >= q["threshold"]
        cost = np.mean(flagged & (y == 0)) + np.mean(~flagged & (y == 1))
        assert q["cost"] == pytest.approx(cost)
        assert q["recall"] == pytest.approx(flagged[y == 1].mean())
        assert q["flagged"] == pytest.approx(flagged.mean())
    counts = [sum(group["counts"]) for group in facts["scores"]["by_class"]]
    assert counts == [np.sum(y == 0), np.sum(y == 1)]
    bins = facts["calibration"]["bins"]
    assert sum(b["count"] for b in bins) == len(y)
    total = sum(b["count"] * b["observed"] for b in bins)
    assert total == pytest.approx(y.sum())


def test_multiclass_measures(multiclass: Run) -> None:
    truth, said, _ = held_out(multiclass)
    classes = multiclass.facts["data"]["classes"]
    p = probabilities(multiclass)
    expected = {
        "log_loss": metrics.log_loss(truth, p, labels=classes),
        "accuracy": metrics.accuracy_score(truth, said),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, said),
        "f1_macro": metrics.f1_score(truth, said, average="macro"),
        "roc_auc_ovr": metrics.roc_auc_score(truth, p, multi_class="ovr", labels=classes),
        "brier_score": metrics.brier_score_loss(truth, p, labels=classes, scale_by_half=False),
    }
    assert shown(multiclass) == pytest.approx(expected, rel=1e-9)
    facts = multiclass.facts["holdout"]
    expected = metrics.confusion_matrix(truth, said, labels=classes)
    assert facts["confusion"]["counts"] == expected.tolist()
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        truth, said, labels=classes
    )
    for i, row in enumerate(facts["per_class"]):
        assert row["precision"] == pytest.approx(precision[i])
        assert row["recall"] == pytest.approx(recall[i])
        assert row["f1"] == pytest.approx(f1[i])
        assert row["support"] == support[i]
        assert row["auc"] == pytest.approx(metrics.roc_auc_score(truth == classes[i], p[:, i]))


def test_regression_measures(regression: Run) -> None:
    y, z, _ = held_out(regression)
    expected = {
        "r2": metrics.r2_score(y, z),
        "root_mean_squared_error": metrics.root_mean_squared_error(y, z),
        "mean_absolute_error": metrics.mean_absolute_error(y, z),
        "median_absolute_error": metrics.median_absolute_error(y, z),
    }
    assert shown(regression) == pytest.approx(expected, rel=1e-12)
    facts = regression.facts["holdout"]
    error = y - z
    for q in facts["quantiles"]:
        assert q["error"] == pytest.approx(np.quantile(np.abs(error), q["share"]))
    residuals = facts["residuals"]
    assert residuals["mean"] == pytest.approx(error.mean())
    assert residuals["median"] == pytest.approx(np.median(error))
    assert sum(residuals["histogram"]["counts"]) == len(y)
    assert sum(cell[4] for cell in residuals["grid"]["cells"]) == len(y)
    for row in residuals["by_size"]:
        own = (y >= row["low"]) & (y <= row["high"])
        assert row["count"] == own.sum()
        assert row["mae"] == pytest.approx(np.abs(error[own]).mean())
        assert row["bias"] == pytest.approx(error[own].mean())


def test_weighted_measures(weighted: Run) -> None:
    y, z, w = held_out(weighted)
    got = shown(weighted)
    assert got["mean_poisson_deviance"] == pytest.approx(
        metrics.mean_poisson_deviance(y, np.maximum(z, 1e-6), sample_weight=w)
    )
    assert got["r2"] == pytest.approx(metrics.r2_score(y, z, sample_weight=w))
    assert got["mean_absolute_error"] == pytest.approx(
        metrics.mean_absolute_error(y, z, sample_weight=w)
    )


def test_baseline(binary: Run, regression: Run) -> None:
    by_name = {m["name"]: m["baseline"] for m in binary.facts["holdout"]["metrics"]}
    assert by_name["roc_auc"] == 0.5
    truth, *_ = held_out(binary)
    train = binary.facts["data"]["class_counts"]
    assert by_name["accuracy"] == pytest.approx(
        np.mean(truth == binary.facts["data"]["classes"][int(np.argmax(train))])
    )
    y, *_ = held_out(regression)
    by_name = {m["name"]: m["baseline"] for m in regression.facts["holdout"]["metrics"]}
    assert by_name["r2"] == pytest.approx(0.0, abs=0.05)


def test_comparison_numbers(binary: Run) -> None:
    """Means and intervals by Nadeau and Bengio's formula; p-values adjusted upwards only."""
    facts = binary.facts["comparison"]
    share = float(np.mean(np.array(facts["n_test"]) / np.array(facts["n_train"])))
    for row in facts["rows"]:
        s = np.array(row["scores"])
        half = stats.t.ppf(0.975, len(s) - 1) * np.sqrt(1 / len(s) + share) * s.std(ddof=1)
        assert row["score"] == pytest.approx(s.mean())
        assert row["high"] - row["score"] == pytest.approx(half, abs=1e-12)
    best = next(r for r in facts["rows"] if r["best"])
    for row in facts["rows"]:
        if row["best"] or row["baseline"]:
            continue
        d = np.array(row["scores"]) - np.array(best["scores"])
        assert row["difference"] == pytest.approx(d.mean())
        t = abs(d.mean()) / (np.sqrt(1 / len(d) + share) * d.std(ddof=1))
        assert row["p"] >= 2 * stats.t.sf(t, len(d) - 1) - 1e-12
    chosen = next(r for r in facts["rows"] if r["chosen"])
    assert chosen["name"] == facts["chosen"]
    gain = abs(best["score"] - next(r["score"] for r in facts["rows"] if r["baseline"]))
    for row in facts["rows"]:
        if row["baseline"] or row["verdict"] == "worse" or row["best"]:
            continue
        half = (row["difference_high"] - row["difference_low"]) / 2
        error = half / stats.t.ppf(0.975, len(row["scores"]) - 1)
        close = -row["difference"] <= min(error, 0.05 * gain)
        if close or row["verdict"] == "practically equivalent":
            assert chosen["simplicity"] <= row["simplicity"]


def test_predictions_are_the_models(binary: Run, multiclass: Run, regression: Run) -> None:
    """The stored rows are what the model says of these rows of the table."""
    import zhixing.data as data

    for run, name in ((binary, "titanic"), (multiclass, "penguins"), (regression, "auto_mpg")):
        table = data.read(f"zhixing:{name}", target=run.model.target.name)
        stored = pl.read_parquet(run.path / "holdout.parquet")
        rows = table.frame[stored["row"].to_numpy()]
        said = run.predict(rows)
        if run.model.classes is None:
            assert np.allclose(said, stored["predicted"].to_numpy(), rtol=1e-12)
        else:
            assert [str(v) for v in said] == stored["predicted"].to_list()
            assert np.allclose(run.predict_proba(rows), probabilities(run), rtol=1e-10)


def test_learning_curve_and_importance(binary: Run) -> None:
    explained = binary.facts["explanation"]
    curve = explained["learning_curve"]
    for i, point in enumerate(curve["points"]):
        assert point["validation"] == pytest.approx(np.nanmean(curve["validation"][i]))
        assert point["train"] == pytest.approx(np.nanmean(curve["train"][i]))
    numbers = explained["verdict"]["numbers"]
    assert numbers["gap"] == pytest.approx(
        np.mean(np.array(curve["train"][-1]) - np.array(curve["validation"][-1]))
    )
    names = [row["column"] for row in explained["importance"]]
    assert names[0] in ("sex", "name")  # women and children first
    assert all(row["low"] <= row["value"] <= row["high"] for row in explained["importance"])


def test_coefficients_are_the_models(regression: Run) -> None:
    table = regression.facts["explanation"]["coefficients"]
    model = regression.model
    coef = dict(zip(model.preparation.get_feature_names_out(), np.ravel(model.estimator.coef_)))
    assert table["total"] == len(coef)
    for row in table["rows"][:50]:
        assert row["coefficient"] == coef[row["feature"]]
