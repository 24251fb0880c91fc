"""Scaling, encoding, binning and expanding of columns."""

from .date_parts import DateParts
from .one_hot_encoder import OneHotEncoder
from .ordinal_encoder import OrdinalEncoder
from .power_transformer import PowerTransformer
from .standard_scaler import StandardScaler
from .target_encoder import TargetEncoder
from .text_vectorizer import TextVectorizer

__all__ = [
    "DateParts",
    "OneHotEncoder",
    "OrdinalEncoder",
    "PowerTransformer",
    "StandardScaler",
    "TargetEncoder",
    "TextVectorizer",
]
