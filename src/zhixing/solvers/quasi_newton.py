"""BFGS and DFP: a dense inverse Hessian learned from gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..rounds import Where, here
from .descent import descend
from .solution import Problem, Solution


@dataclass(frozen=True)
class Secant:
    """d = -H g with H the inverse Hessian estimate; a pair with s'y <= 0 teaches nothing.

    BFGS: H <- (I - r s y') H (I - r y s') + r s s',  r = 1 / s'y     (Nocedal and Wright 2006, 6.17)
    DFP:  H <- H - H y y' H / y'H y + s s' / s'y                      (the same, 6.15)
    The first H is (s'y / y'y) I (their 6.20).
    """

    bfgs: bool

    def direction(
        self, memory: Any, g: np.ndarray, s: np.ndarray | None, y: np.ndarray | None
    ) -> tuple[Any, np.ndarray]:
        H = memory
        if s is not None and y is not None and (sy := float(s @ y)) > 1e-14 * float(y @ y):
            if H is None:
                H = sy / float(y @ y) * np.eye(len(g))
            Hy = H @ y
            if self.bfgs:
                cross = np.outer(s, Hy) / sy
                H = H - cross - cross.T + (1.0 + float(y @ Hy) / sy) / sy * np.outer(s, s)
            else:
                H = H - np.outer(Hy, Hy) / float(y @ Hy) + np.outer(s, s) / sy
        if H is None:
            return None, -g / max(float(np.sqrt(g @ g)), 1.0)
        d = -H @ g
        return (H, d) if float(d @ g) < 0.0 else (None, -g)


def bfgs(
    problem: Problem,
    *,
    start: tuple[np.ndarray, Any] | None = None,
    max_iter: int = 1000,
    tol: float = 1e-6,
    where: Where = here,
) -> Solution:
    """Broyden, Fletcher, Goldfarb, Shanno (1970): O(n p) and O(p^2) a round, p^2 memory."""
    return descend(problem, Secant(bfgs=True), "bfgs", start, max_iter, tol, where)


def dfp(
    problem: Problem,
    *,
    start: tuple[np.ndarray, Any] | None = None,
    max_iter: int = 1000,
    tol: float = 1e-6,
    where: Where = here,
) -> Solution:
    """Davidon (1959), Fletcher and Powell (1963): the older formula, more easily led astray."""
    return descend(problem, Secant(bfgs=False), "dfp", start, max_iter, tol, where)
