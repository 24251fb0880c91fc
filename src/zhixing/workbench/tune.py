"""The search: every candidate's best settings, on a budget of fits and one seed."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.parallel import each
from ..core.quiet import quiet
from ..model_selection.search import Trial, search
from ..model_selection.stopping import Hopeless
from .folds import Folds, Forms
from .plan import Entry, Plan
from .predicted import fit, predicted
from .progress import Progress
from .writing import settings as spell


@dataclass
class Tuned:
    """A candidate with the settings found for it."""

    entry: Entry
    params: dict[str, Any]
    score: float
    trials: list[Trial]
    seconds: float
    #: Whether what it fits has coefficients.
    linear: bool = False
    #: Why settings failed, where some did.
    errors: list[str] = field(default_factory=list)


@dataclass
class Tuning:
    """What the search found.  `failed`: candidates that could not be fitted at all, and why."""

    tuned: list[Tuned] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)
    fits: int = 0
    interrupted: str = ""

    def facts(self) -> dict[str, Any]:
        trials, fits = [], 0
        for found in self.tuned:
            for trial in found.trials:
                fits += len(trial.scores)
                trials.append(
                    {
                        "candidate": found.entry.label,
                        "name": found.entry.name,
                        "number": trial.number,
                        "fits": fits,
                        "score": trial.value if trial.state != "failed" else None,
                        "state": trial.state,
                        "settings": spell(trial.params),
                        "params": trial.params,
                        "scores": list(trial.scores),
                    }
                )
        pruned = sum(t["state"] == "pruned" for t in trials)
        words = f"{len(trials):,} settings of {len(self.tuned)} candidates, {self.fits:,} fits"
        if pruned:
            words += f"; {pruned} given up after their first folds"
        failed = sum(t["state"] == "failed" for t in trials)
        if failed:
            first = next((e for found in self.tuned for e in found.errors), "no score")
            words += f"; {failed} could not be fitted ({first})"
        return {"trials": trials, "fits": self.fits, "words": words + "."}


def tune(
    plan: Plan,
    forms: Forms,
    seed: int,
    k: int | None,
    progress: Progress,
) -> Tuning:
    """Settings for every candidate, and last for the best linear one with splines.

    An interrupt ends the search: what was found so far is kept, and said.  Before any candidate has
    a result it is passed on.
    """
    result = Tuning()
    total = (sum(entry.trials for entry in plan.entries) + plan.spline_trials) * len(forms)
    done = 0
    for form in {entry.form: None for entry in plan.entries}:
        forms[form].prepare()
    with quiet(), progress.bar("tuning", total) as advance:
        try:
            for entry in plan.entries:
                _tune(entry, plan, forms[entry.form], seed, k, advance, result)
                done += entry.trials * len(forms)
                advance(to=done)
            linear = [found for found in result.tuned if found.linear]
            if "splines" in forms and plan.spline_trials and linear:
                best = max(linear, key=lambda found: plan.measure.sign * found.score)
                entry = best.entry.with_splines(plan.spline_trials, best.params)
                forms["splines"].prepare()
                _tune(entry, plan, forms["splines"], seed, k, advance, result, start=best.params)
        except KeyboardInterrupt:
            if not result.tuned:
                raise
            left = [e.label for e in plan.entries if e.name not in _names(result)]
            result.interrupted = (
                f"The search was interrupted after {result.fits} fits"
                + (f"; not tried: {', '.join(left)}" if left else "")
                + ". What follows rests on what had been found by then."
            )
    if not result.tuned:
        why = "; ".join(f"{f['label']}: {f['why']}" for f in result.failed[:3])
        raise InputError(f"no candidate could be fitted ({why})", do="see the findings")
    return result


def _names(result: Tuning) -> set[str]:
    return {t.entry.name for t in result.tuned} | {f["name"] for f in result.failed}


def _tune(
    entry: Entry,
    plan: Plan,
    folds: Folds,
    seed: int,
    k: int | None,
    advance: Any,
    result: Tuning,
    start: dict[str, Any] | None = None,
) -> None:
    errors: list[str] = []
    done: list[Trial] = []
    made: list[Any] = []
    begun = time.perf_counter()

    def objective(params: dict[str, Any]) -> Iterator[float]:
        def on(i: int) -> float:
            return score_on(folds[i], entry, params, plan, seed, k, errors, made)

        # Hopeless settings are given up after the first fold; the others take all threads.
        yield on(0)
        advance(entry.label)
        for value in each(on, range(1, len(folds))):
            yield value
            advance(entry.label)

    try:
        if not entry.space:
            scores = tuple(objective({}))
            value = float(np.mean(scores))
            done.append(Trial(0, {}, scores, value, "complete" if np.isfinite(value) else "failed"))
            return
        search(
            objective,
            entry.space,
            n_trials=entry.trials,
            # What is drawn for one candidate does not depend on which others run.
            seed=zlib.crc32(f"{seed} {entry.name}".encode()),
            start=[start or entry.defaults],
            greater_is_better=plan.measure.greater_is_better,
            prune=Hopeless(after=1, z=4.0) if len(folds) > 2 else None,
            on_trial=lambda trial, _: done.append(trial),
        )
    finally:
        result.fits += sum(len(trial.scores) for trial in done)
        good = [trial for trial in done if trial.state == "complete"]
        if good:
            best = max(good, key=lambda trial: plan.measure.sign * trial.value)
            linear = bool(made) and hasattr(made[0], "coef_")
            spent = time.perf_counter() - begun
            result.tuned.append(Tuned(entry, best.params, best.value, done, spent, linear, errors))
        elif done:
            why = errors[0] if errors else "its score is not a number"
            result.failed.append({"name": entry.name, "label": entry.label, "why": why})


def score_on(
    fold: Any,
    entry: Entry,
    params: dict[str, Any],
    plan: Plan,
    seed: int,
    k: int | None,
    errors: list[str],
    made: list[Any],
) -> float:
    """The measure of one fit on one fold; NaN where the fit fails, and why in `errors`."""
    try:
        with np.errstate(all="ignore"):
            new = entry.make(params, seed, categorical=fold.categorical)
            fitted = fit(new, fold.X, fold.y, fold.weight)
            made[:] = [fitted]
            said = predicted(fitted, fold.X_test, k)
            return plan.measure(fold.y_test, said, fold.weight_test)
    except MemoryError:
        raise
    except (
        Exception
    ) as error:  # one candidate's failure is told in the report, and is not the run's
        errors.append(f"{type(error).__name__}: {' '.join(str(error).split())}"[:200])
        return float("nan")
