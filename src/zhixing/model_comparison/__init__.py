"""Is one model better than another?  Tests that keep their level, intervals, and plain verdicts."""

from .bayesian_ttest import bayesian_ttest
from .bootstrap import paired_bootstrap
from .classifiers import ClassifierTable, compare_classifiers
from .compare import compare
from .compare_many import Ranking, compare_many
from .comparison import Comparison
from .corrected_ttest import corrected_ttest
from .cv5x2 import cv5x2_test
from .delong import delong
from .friedman import Friedman, friedman
from .mcnemar import mcnemar
from .measures import MEASURES
from .multiplicity import benjamini_hochberg, bonferroni, holm
from .permutation import permutation_test
from .signed_ranks import sign_test, wilcoxon

__all__ = [
    "MEASURES",
    "ClassifierTable",
    "Comparison",
    "Friedman",
    "Ranking",
    "bayesian_ttest",
    "benjamini_hochberg",
    "bonferroni",
    "compare",
    "compare_classifiers",
    "compare_many",
    "corrected_ttest",
    "cv5x2_test",
    "delong",
    "friedman",
    "holm",
    "mcnemar",
    "paired_bootstrap",
    "permutation_test",
    "sign_test",
    "wilcoxon",
]
