"""A finding: what is wrong, where, the evidence, the likely cause and the remedy.

Profile, diagnosis, comparison and shift detection all speak in findings; report, terminal and
``report.json`` show them in one way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning", "tip", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "tip", "info")


@dataclass(frozen=True)
class Finding:
    """One thing a person should know, with its evidence.

    `code` is stable and names the check (``"missing-values"``); `where` names columns, rows or a
    step; `evidence` holds the numbers that were measured, for the JSON report; `apply`, where
    present, returns the remedied object.
    """

    code: str
    severity: Severity
    title: str
    where: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)
    cause: str = ""
    remedy: str = ""
    apply: Callable[..., Any] | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.severity not in SEVERITIES:
            raise ValueError(f"severity is one of {SEVERITIES}, not {self.severity!r}")

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON would hold it (without `apply`)."""
        return {
            "code": self.code,
            "severity": self.severity,
            "title": self.title,
            "where": self.where,
            "evidence": self.evidence,
            "cause": self.cause,
            "remedy": self.remedy,
        }
