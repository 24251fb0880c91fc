"""Scores of predictions: scikit-learn's names, weighted, and each with an interval.

Every metric takes ``confidence=0.95`` and then returns an `Estimate` (value, low, high, method) instead of a
float.
"""

from __future__ import annotations

from .absolute_error import (
    max_error,
    mean_absolute_error,
    mean_absolute_percentage_error,
    median_absolute_error,
)
from .accuracy import accuracy_score, zero_one_loss
from .agreement import cohen_kappa_score, matthews_corrcoef
from .auc import auc
from .average_precision import average_precision_score
from .balanced_accuracy import balanced_accuracy_score
from .bootstrap import bootstrap
from .brier import brier_score_loss
from .calibration_error import (
    calibration_curve,
    expected_calibration_error,
    maximum_calibration_error,
    reliability,
)
from .classification_report import classification_report
from .confusion_matrix import confusion_matrix, multilabel_confusion_matrix
from .cost import cost_curve, expected_cost
from .d2 import (
    d2_absolute_error_score,
    d2_brier_score,
    d2_log_loss_score,
    d2_pinball_score,
    d2_tweedie_score,
)
from .delong import auc_covariance
from .gain import dcg_score, ndcg_score
from .hamming import hamming_loss
from .hinge import hinge_loss
from .likelihood_ratios import class_likelihood_ratios
from .log_loss import log_loss
from .pinball import mean_pinball_loss
from .precision_recall import (
    f1_score,
    fbeta_score,
    jaccard_score,
    precision_recall_fscore_support,
    precision_score,
    recall_score,
)
from .r2 import explained_variance_score, r2_score
from .recommend import recommend_metric
from .roc_auc import roc_auc_score
from .roc_curve import (
    confusion_matrix_at_thresholds,
    det_curve,
    precision_recall_curve,
    roc_curve,
)
from .scorer import METRICS, Metric, default_metric, get_scorer, metric, metric_names
from .squared_error import (
    mean_squared_error,
    mean_squared_log_error,
    root_mean_squared_error,
    root_mean_squared_log_error,
)
from .top_k import top_k_accuracy_score
from .tweedie import mean_gamma_deviance, mean_poisson_deviance, mean_tweedie_deviance

__all__ = [
    "METRICS",
    "Metric",
    "accuracy_score",
    "auc",
    "auc_covariance",
    "average_precision_score",
    "balanced_accuracy_score",
    "bootstrap",
    "brier_score_loss",
    "calibration_curve",
    "class_likelihood_ratios",
    "classification_report",
    "cohen_kappa_score",
    "confusion_matrix",
    "confusion_matrix_at_thresholds",
    "cost_curve",
    "d2_absolute_error_score",
    "d2_brier_score",
    "d2_log_loss_score",
    "d2_pinball_score",
    "d2_tweedie_score",
    "dcg_score",
    "default_metric",
    "det_curve",
    "expected_calibration_error",
    "expected_cost",
    "explained_variance_score",
    "f1_score",
    "fbeta_score",
    "get_scorer",
    "hamming_loss",
    "hinge_loss",
    "jaccard_score",
    "log_loss",
    "matthews_corrcoef",
    "max_error",
    "maximum_calibration_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_gamma_deviance",
    "mean_pinball_loss",
    "mean_poisson_deviance",
    "mean_squared_error",
    "mean_squared_log_error",
    "mean_tweedie_deviance",
    "median_absolute_error",
    "metric",
    "metric_names",
    "multilabel_confusion_matrix",
    "ndcg_score",
    "precision_recall_curve",
    "precision_recall_fscore_support",
    "precision_score",
    "r2_score",
    "recall_score",
    "recommend_metric",
    "reliability",
    "roc_auc_score",
    "roc_curve",
    "root_mean_squared_error",
    "root_mean_squared_log_error",
    "top_k_accuracy_score",
    "zero_one_loss",
]
