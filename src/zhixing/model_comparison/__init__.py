"""Is one model better than another?  Tests that keep their level, intervals, and plain verdicts."""

from .bayesian_ttest import bayesian_ttest
from .compare_many import Ranking, compare_many
from .comparison import Comparison
from .corrected_ttest import corrected_ttest
from .multiplicity import benjamini_hochberg, bonferroni, holm

__all__ = [
    "Comparison",
    "Ranking",
    "bayesian_ttest",
    "benjamini_hochberg",
    "bonferroni",
    "compare_many",
    "corrected_ttest",
    "holm",
]
