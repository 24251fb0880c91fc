"""What is wrong with data, a fit or a training run, in findings with evidence and remedies."""

from .check_data import check_data
from .check_ols import check_ols
from .check_probability import check_probability
from .influence import Influence, influence
from .multicollinearity import multicollinearity
from .residual_tests import (
    TestResult,
    breusch_pagan,
    durbin_watson,
    jarque_bera,
    reset,
    white,
)
from .vif import vif

__all__ = [
    "Influence",
    "TestResult",
    "breusch_pagan",
    "check_data",
    "check_ols",
    "check_probability",
    "durbin_watson",
    "influence",
    "jarque_bera",
    "multicollinearity",
    "reset",
    "vif",
    "white",
]
