"""The explanation: what limits the model, and what its predictions rest on."""

from __future__ import annotations

from typing import Any

import numpy as np

from .coefficients import coefficients
from .compare import Compared
from .folds import goal
from .importance import importance, in_words
from .job import Job
from .keep import Kept
from .learning import learning_curve, verdict
from .partial_dependence import partial_dependence
from .probe import probe
from .tree_shap import trees


def explain(job: Job, compared: Compared, kept: Kept) -> dict[str, Any]:
    """Learning curve with its verdict, importance, partial dependence, coefficients, trees; as facts."""
    folds = compared.forms[kept.chosen.entry.form]
    chosen, measure, seed, k = kept.chosen, job.measure, job.seed, job.k
    curve = learning_curve(folds, chosen.entry, chosen.params, measure, seed, k, job.progress)
    scores = compared.scores[compared.proposed]
    flexible = None
    if chosen.linear:
        rope, progress = compared.rope, job.progress
        flexible = probe(
            folds, chosen.entry, chosen.params, scores, measure, rope, seed, k, progress
        )
    limits = verdict(
        curve,
        measure,
        float(np.mean(compared.baseline)),
        compared.facts["beats_baseline"]["detectable"],
        flexible,
    )
    held = job.held
    ranked = importance(kept.model, kept.X_held, goal(held), held.weight, measure, seed)
    parts, title = partial_dependence(kept.model, held.X, [r["column"] for r in ranked], seed)
    columns = len(kept.preparation.blocks_columns())
    return {
        "learning_curve": curve.facts(),
        "verdict": limits,
        "importance": ranked,
        "importance_words": in_words(ranked, columns, measure),
        "partial_dependence": parts,
        "partial_title": title,
        "coefficients": coefficients(kept.model),
        "trees": trees(job, kept),
    }
