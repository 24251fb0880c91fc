"""The comparison: the candidates' settings on the same fresh folds, and what can be told from it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.parallel import each
from ..core.quiet import quiet
from ..model_comparison import Ranking, compare_many
from .folds import Fold, Forms
from .measure import Measure
from .plan import Plan
from .predicted import Predicted, fit, predicted
from .progress import Progress
from .tune import Tuned, Tuning
from .writing import interval, p_value, score, signed
from .writing import settings as spell

#: Candidates that are compared; the others were left behind by the search.
FINALISTS = 6
#: Differences below this share of the best candidate's gain over the baseline count as none, and so do
#: those below this share of what the best lacks to a perfect score: the lesser of the two.
ROPE, LACK = 0.01, 0.1
#: A simpler candidate is proposed only where its mean loses less than this share of that gain: that
#: few rows cannot tell two candidates apart does not make them equal.
LOSS = 0.05


@dataclass(frozen=True)
class Compared:
    """Scores of every finalist on every fold, and the proposal."""

    ranking: Ranking
    scores: dict[str, list[float]]
    finalists: dict[str, Tuned]
    baseline: list[float]
    out_of_fold: dict[str, Predicted]
    rows: np.ndarray
    forms: Forms
    rope: float
    proposed: str
    facts: dict[str, Any]


def compare(
    plan: Plan,
    tuning: Tuning,
    forms: Forms,
    seed: int,
    k: int | None,
    progress: Progress,
) -> Compared:
    """Cross-validated scores on folds that the search did not use, with intervals and verdicts.

    The proposal is the simplest finalist that is not detectably worse than the best and whose mean
    is within one standard error of the paired difference (Breiman, Friedman, Olshen and Stone 1984,
    section 3.4.3) and within 5 % of the gain over the baseline.  Predictions on the
    rows of the first round of folds are kept: what is chosen later (a threshold) is chosen on them,
    never on the hold-out.
    """
    finalists, behind = _finalists(plan, tuning)
    scores: dict[str, list[float]] = {found.entry.name: [] for found in finalists}
    baseline: list[float] = []
    once = _first_round(forms)
    kept: dict[str, list[Predicted]] = {name: [] for name in scores}
    seen: list[np.ndarray] = []
    everyone = [Tuned(plan.baseline, {}, 0.0, [], 0.0), *finalists]
    with quiet(), progress.bar("comparing", len(forms) * len(everyone)) as advance:
        for i in range(len(forms)):
            made = {form: forms[form][i] for form in {f.entry.form: None for f in finalists}}
            made.setdefault("straight", next(iter(made.values())))  # the baseline looks at none

            def one(found: Tuned, made: dict[str, Fold] = made) -> tuple[Predicted, float]:
                return _one(found, made[found.entry.form], plan, seed, k)

            for found, (said, value) in zip(everyone, each(one, everyone)):
                advance(found.entry.label)
                if found.entry.is_baseline:
                    baseline.append(value)
                    continue
                scores[found.entry.name].append(value)
                if i < once:
                    kept[found.entry.name].append(said)
            if i < once:
                seen.append(made["straight"].rows)
    defined = [i for i, v in enumerate(baseline) if math.isfinite(v)]
    defined = [i for i in defined if all(math.isfinite(s[i]) for s in scores.values())]
    if len(defined) < 2:
        raise InputError(
            f"{plan.measure.label} is not defined on the folds: they hold one class only",
            do="choose another --metric, or give more rows of the rarer class",
        )
    scores = {name: [s[i] for i in defined] for name, s in scores.items()}
    baseline = [baseline[i] for i in defined]
    n_train, n_test = (np.array(sizes)[defined] for sizes in forms.sizes)
    means = {name: float(np.mean(s)) for name, s in scores.items()}
    best = max(means, key=lambda name: plan.measure.sign * means[name])
    gain = abs(means[best] - float(np.mean(baseline)))
    lack = abs(means[best] - plan.measure.perfect)
    rope = max(min(ROPE * gain, LACK * lack), 1e-12)
    simplicity = {f.entry.name: _simplicity(f) for f in finalists}
    ranking = compare_many(
        scores,
        n_train,
        n_test,
        rope=rope,
        greater_is_better=plan.measure.greater_is_better,
        simplicity=simplicity,
    )
    by_name = {f.entry.name: f for f in finalists}
    joined = {name: _joined(parts) for name, parts in kept.items()}
    compared = Compared(
        ranking,
        scores,
        by_name,
        baseline,
        joined,
        np.concatenate(seen),
        forms,
        rope,
        _proposed(ranking, rope / ROPE),
        {},
    )
    facts = _facts(compared, plan, behind, n_train, n_test)
    return Compared(**{**compared.__dict__, "facts": facts})


def _proposed(ranking: Ranking, gain: float) -> str:
    """The simplest of those that are as good as the best for all that can be told."""

    def close(name: str) -> bool:
        versus = ranking.against_best.get(name)
        if versus is None or versus.verdict == "practically equivalent":
            return True
        loss = abs(versus.difference.value)
        return loss <= min(versus.difference.std_error, LOSS * gain)

    kept = [name for name in ranking.not_worse if close(name)]
    return min(kept, key=lambda name: (ranking.simplicity[name], ranking.order.index(name)))


def _finalists(plan: Plan, tuning: Tuning) -> tuple[list[Tuned], list[Tuned]]:
    order = sorted(tuning.tuned, key=lambda found: -plan.measure.sign * found.score)
    return order[:FINALISTS], order[FINALISTS:]


def _first_round(folds: Forms) -> int:
    """How many folds it takes to score every row once."""
    rows = 0
    for i, (_, test) in enumerate(folds.splits):
        rows += len(test)
        if rows >= len(folds.table):
            return i + 1
    return len(folds.splits)


def _one(found: Tuned, fold: Fold, plan: Plan, seed: int, k: int | None) -> tuple[Predicted, float]:
    with np.errstate(all="ignore"):
        new = found.entry.make(found.params, seed, categorical=fold.categorical)
        made = fit(new, fold.X, fold.y, fold.weight)
        said = predicted(made, fold.X_test, k)
        return said, plan.measure(fold.y_test, said, fold.weight_test)


def _joined(parts: list[Predicted]) -> Predicted:
    def stack(pieces: list[np.ndarray | None]) -> np.ndarray | None:
        return None if any(p is None for p in pieces) else np.concatenate(pieces)  # type: ignore[arg-type]

    value = stack([p.value for p in parts])
    assert value is not None
    return Predicted(value, stack([p.proba for p in parts]), stack([p.score for p in parts]))


def _simplicity(found: Tuned) -> float:
    """The candidate's place; of equally simple ones the one that was fitted faster comes first."""
    return found.entry.simplicity + 0.01 * min(found.entry.cost, 50.0)


def _facts(
    compared: Compared, plan: Plan, behind: list[Tuned], n_train: np.ndarray, n_test: np.ndarray
) -> dict[str, Any]:
    ranking, measure = compared.ranking, plan.measure
    best, proposed = ranking.best, compared.proposed
    rows = []
    for name in ranking.order:
        found, mean = compared.finalists[name], ranking.scores[name]
        versus = ranking.against_best.get(name)
        if name == proposed:
            verdict = "proposed"
        elif versus is None:
            verdict = "best mean"
        elif versus.winner is not None:
            verdict = "worse"
        else:
            verdict = versus.verdict
        if name == proposed and name != best:
            verdict = "proposed: simplest of those as good as the best"
        difference = None if versus is None else versus.difference
        rows.append(
            {
                "name": name,
                "label": found.entry.label,
                "settings": spell(found.params),
                "params": found.params,
                "score": mean.value,
                "low": mean.low,
                "high": mean.high,
                "scores": compared.scores[name],
                # The best minus the other, turned so that worse is negative for every measure.
                "difference": None if difference is None else -measure.sign * difference.value,
                "difference_low": None
                if difference is None
                else min(-measure.sign * difference.low, -measure.sign * difference.high),
                "difference_high": None
                if difference is None
                else max(-measure.sign * difference.low, -measure.sign * difference.high),
                "p": None if versus is None else versus.p_value,
                "p_equivalence": None if versus is None else versus.p_equivalence,
                "verdict": verdict,
                "simplicity": found.entry.simplicity,
                "chosen": name == proposed,
                "best": name == best,
                "baseline": False,
                "fit_seconds": found.seconds,
            }
        )
    mean = _interval(compared.baseline, n_train, n_test)
    rows.append(
        {
            "name": "baseline",
            "label": "Baseline",
            "settings": spell(plan.baseline.settings),
            "params": plan.baseline.settings,
            "score": mean.value,
            "low": mean.low,
            "high": mean.high,
            "scores": compared.baseline,
            "difference": measure.sign * (mean.value - ranking.scores[best].value),
            "difference_low": None,
            "difference_high": None,
            "p": None,
            "p_equivalence": None,
            "verdict": "baseline",
            "simplicity": 0,
            "chosen": False,
            "best": False,
            "baseline": True,
            "fit_seconds": 0.0,
        }
    )
    pairs = len(ranking.pairwise)
    return {
        "rows": rows,
        "behind": [
            {"name": t.entry.name, "label": t.entry.label, "score": t.score} for t in behind
        ],
        "chosen": proposed,
        "best": best,
        "why": _why(compared, plan),
        "rope": compared.rope,
        "n_train": n_train.tolist(),
        "n_test": n_test.tolist(),
        "method": (
            "Corrected resampled t-test on the same folds"
            + (f", p-values adjusted over {pairs} pairs (Holm)" if pairs > 1 else "")
            + f"; differences under {score(compared.rope)} ({_rope_words(compared, measure)}) count as "
            "none"
        ),
        "beats_baseline": _beats_baseline(compared, n_train, n_test, measure.greater_is_better),
    }


def _rope_words(compared: Compared, measure: Measure) -> str:
    mean = compared.ranking.scores[compared.ranking.best].value
    if compared.rope < 0.999 * ROPE * abs(mean - float(np.mean(compared.baseline))):
        return f"a tenth of what the best lacks to {measure.perfect:g}"
    return "1 % of the gain over the baseline"


def _interval(values: list[float], n_train: np.ndarray, n_test: np.ndarray) -> Any:
    only = compare_many({"baseline": values}, n_train, n_test)
    return only.scores["baseline"]


def _beats_baseline(
    compared: Compared, n_train: np.ndarray, n_test: np.ndarray, greater_is_better: bool
) -> dict[str, Any]:
    """Whether the proposal is detectably better than the baseline."""
    from ..model_comparison import corrected_ttest

    versus = corrected_ttest(
        compared.scores[compared.proposed],
        compared.baseline,
        n_train,
        n_test,
        greater_is_better=greater_is_better,
    )
    return {
        "p": versus.p_value,
        "detectable": versus.winner == "A",
        "difference": versus.difference.value,
        "low": versus.difference.low,
        "high": versus.difference.high,
    }


def _why(compared: Compared, plan: Plan) -> str:
    ranking = compared.ranking
    best, proposed = ranking.best, compared.proposed
    label = {name: found.entry.label for name, found in compared.finalists.items()}
    others = [name for name in ranking.order if name != proposed]
    if not others:
        return f"{label[proposed]} is the only candidate."
    if best != proposed:
        return (
            f"{label[best]} has the best mean; {label[proposed]} {_told(ranking, proposed, plan)} and "
            "is simpler: no detectable difference that would be worth the more complicated model."
        )
    equal = [name for name in others if name in ranking.not_worse]
    if not equal:
        return f"{label[proposed]} is detectably better than every other candidate."
    simpler = [n for n in equal if ranking.simplicity[n] < ranking.simplicity[proposed]]
    said = f"{label[proposed]} has the best mean; "
    if not simpler:
        return (
            f"{said}{_some([label[n] for n in equal])} cannot be told from it and "
            f"{'is' if len(equal) == 1 else 'are'} no simpler."
        )
    return (
        f"{said}{label[simpler[0]]} is simpler and {_told(ranking, simpler[0], plan)}, but what it "
        "would give away is more than being simple is worth."
    )


def _told(ranking: Ranking, name: str, plan: Plan) -> str:
    versus = ranking.against_best[name]
    gap, sign = versus.difference, plan.measure.sign
    low, high = sorted((-sign * gap.low, -sign * gap.high))
    seen = f"{signed(-sign * gap.value)} {interval(low, high)}"
    if versus.verdict == "practically equivalent":
        return f"differs too little to matter ({seen})"
    return f"is not detectably worse ({seen}, p {p_value(versus.p_value)} adjusted)"


def _some(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return ", ".join(names[:-1]) + " and " + names[-1]
