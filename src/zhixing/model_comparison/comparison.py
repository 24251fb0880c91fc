"""What every comparison answers: the difference with its interval, the evidence, a verdict."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Literal

from ..core.estimate import Estimate
from ..core.finding import Finding

Verdict = Literal["A better", "B better", "no detectable difference", "practically equivalent"]


@dataclass(frozen=True)
class Comparison:
    """Two models, A and B, compared by one valid test.

    Attributes
    ----------
    difference : Estimate
        Score of A minus score of B in the units of the metric, with its interval.
    p_value : float
        Two-sided, for "no difference".  NaN for a Bayesian answer, which has `probabilities`.
    test : str
        The test that was used, in words.
    effect_size, effect_name : float, str
        The size of the difference free of units, and which measure that is.
    statistic, df : float
        Of the test; NaN where there is none.
    n : int
        Rows, folds or data sets that were compared.
    scores : tuple of float
        The two scores, NaN where the test does not see them.
    rope : float or None
        Half the width of the region of practical equivalence, in the units of the metric.
    p_equivalence : float
        Of two one-sided tests (TOST) for "the difference is at least `rope`"; NaN without `rope`.
    probabilities : tuple of float or None
        Of "A worse by more than rope", "within rope", "A better by more than rope".
    notes : tuple of str
        What a careful reader must know (few discordant pairs, zero variance, ...).

    The verdict, at level `alpha`: with `rope` first "practically equivalent" (TOST, Schuirmann
    1987, or a posterior probability of at least ``1 - alpha``), then the better model if the
    difference is detectable, else "no detectable difference", which never means "equal".
    """

    difference: Estimate
    p_value: float
    test: str
    effect_size: float
    effect_name: str
    statistic: float = float("nan")
    df: float = float("nan")
    n: int = 0
    scores: tuple[float, float] = (float("nan"), float("nan"))
    alpha: float = 0.05
    rope: float | None = None
    p_equivalence: float = float("nan")
    probabilities: tuple[float, float, float] | None = None
    greater_is_better: bool = True
    names: tuple[str, str] = ("A", "B")
    notes: tuple[str, ...] = field(default=())

    @property
    def winner(self) -> Literal["A", "B"] | None:
        """The better model if the data can tell, else None."""
        if self.verdict == "A better":
            return "A"
        return "B" if self.verdict == "B better" else None

    @property
    def verdict(self) -> Verdict:
        """The answer in words; the class says how it is reached."""
        if self.probabilities is not None:
            worse, equivalent, better = self.probabilities
            if self.rope and equivalent >= 1 - self.alpha:
                return "practically equivalent"
            if max(worse, better) < 1 - self.alpha:
                return "no detectable difference"
            return "A better" if better > worse else "B better"
        if self.rope is not None and self.p_equivalence <= self.alpha:
            return "practically equivalent"
        if not self.p_value <= self.alpha:
            return "no detectable difference"
        return "A better" if (self.difference.value > 0) == self.greater_is_better else "B better"

    def as_dict(self) -> dict[str, Any]:
        """All of it as JSON holds it: what a test does not have is None."""
        return as_json(
            {
                "verdict": self.verdict,
                "test": self.test,
                "difference": dict(zip(Estimate._fields, self.difference)),
                "p_value": self.p_value,
                "effect_size": self.effect_size,
                "effect_name": self.effect_name,
                "statistic": self.statistic,
                "df": self.df,
                "n": self.n,
                "scores": list(self.scores),
                "alpha": self.alpha,
                "rope": self.rope,
                "p_equivalence": self.p_equivalence,
                "probabilities": None if self.probabilities is None else list(self.probabilities),
                "names": list(self.names),
                "notes": list(self.notes),
            }
        )

    def finding(self) -> Finding:
        """The comparison as a finding for the report."""
        return Finding(
            "model-comparison",
            "info",
            self._sentence(),
            where=f"{self.names[0]} and {self.names[1]}",
            evidence=self.as_dict(),
            remedy="; ".join(self.notes),
        )

    def _sentence(self) -> str:
        a, b = self.names
        if self.winner is None:
            return f"{a} and {b}: {self.verdict}"
        better, worse = (a, b) if self.winner == "A" else (b, a)
        return f"{better} is better than {worse}"

    def __str__(self) -> str:
        lines = [self._sentence(), f"  difference {self.difference}"]
        if self.probabilities is None:
            lines.append(f"  {self.test}: p = {self.p_value:.4g}")
        else:
            worse, equivalent, better = self.probabilities
            lines.append(
                f"  {self.test}: P(A worse) = {worse:.3f}, P(equivalent) = {equivalent:.3f}, "
                f"P(A better) = {better:.3f}"
            )
        lines.append(f"  {self.effect_name} = {self.effect_size:.3g}")
        if self.rope is not None and self.probabilities is None:
            lines.append(f"  equivalent within {self.rope:g}: p = {self.p_equivalence:.4g}")
        return "\n".join(lines + [f"  note: {note}" for note in self.notes])


def as_json(value: Any) -> Any:
    """The value with what JSON cannot hold (NaN, infinity) as None."""
    if isinstance(value, dict):
        return {name: as_json(held) for name, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(held) for held in value]
    if isinstance(value, float):  # NumPy's too
        return float(value) if math.isfinite(value) else None
    return value


def check_levels(alpha: float, rope: float | None) -> None:
    """Refuse an impossible level or region before any work is done."""
    if not 0 < alpha < 1:
        raise ValueError(f"alpha is a probability between 0 and 1, not {alpha!r}")
    if rope is not None and not rope > 0:
        raise ValueError(f"rope is a positive half-width in units of the metric, not {rope!r}")
