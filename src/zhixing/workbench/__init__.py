"""The workbench: from a table to a model a person may trust, in one call."""

from .fit import fit
from .model import TableModel
from .run import Report, Run, load, load_model

__all__ = [
    "Report",
    "Run",
    "TableModel",
    "fit",
    "load",
    "load_model",
]
