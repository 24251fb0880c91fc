"""Scaling, encoding, binning and expanding of columns."""

from .one_hot_encoder import OneHotEncoder
from .ordinal_encoder import OrdinalEncoder
from .standard_scaler import StandardScaler
from .target_encoder import TargetEncoder

__all__ = [
    "OneHotEncoder",
    "OrdinalEncoder",
    "StandardScaler",
    "TargetEncoder",
]
