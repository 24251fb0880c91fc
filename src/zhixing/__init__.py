"""zhixing (知行): machine learning that can be read, that is fast, and that proves what it says.

Packages carry scikit-learn's names: ``from zhixing.linear_model import LogisticRegression``.
The workbench is one call: ``zhixing.fit("table.csv", target="y")``.

Everything here is resolved on first use, so that ``import zhixing`` loads neither numba, nor
scikit-learn, nor polars.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .core.parallel import threads as threads
    from .workbench.fit import fit as fit
    from .workbench.run import Run as Run
    from .workbench.run import load as load

_PACKAGES = (
    "calibration",
    "core",
    "criteria",
    "data",
    "datasets",
    "densities",
    "diagnosis",
    "ensemble",
    "impute",
    "linear_model",
    "losses",
    "metrics",
    "model_comparison",
    "model_selection",
    "naive_bayes",
    "penalties",
    "persist",
    "preprocessing",
    "recipes",
    "tree",
)
_NAMES = {
    "Run": "workbench.run",
    "fit": "workbench.fit",
    "load": "workbench.run",
    "threads": "core.parallel",
}

__all__ = sorted([*_NAMES, *_PACKAGES, "__version__"])


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        return getattr(import_module(f".{_NAMES[name]}", __name__), name)
    if name in _PACKAGES:
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
