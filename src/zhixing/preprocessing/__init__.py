"""Scaling, encoding, binning and expanding of columns."""

from .binarizer import Binarizer
from .date_parts import DateParts
from .feature_cross import FeatureCross
from .frequency_encoder import FrequencyEncoder
from .hashing_encoder import HashingEncoder
from .k_bins_discretizer import KBinsDiscretizer
from .label_binarizer import LabelBinarizer
from .label_encoder import LabelEncoder
from .log_transformer import LogTransformer
from .max_abs_scaler import MaxAbsScaler
from .min_max_scaler import MinMaxScaler
from .multi_label_binarizer import MultiLabelBinarizer
from .normalizer import Normalizer
from .one_hot_encoder import OneHotEncoder
from .ordinal_encoder import OrdinalEncoder
from .outlier_clipper import OutlierClipper
from .polynomial_features import PolynomialFeatures
from .power_transformer import PowerTransformer
from .quantile_transformer import QuantileTransformer
from .robust_scaler import RobustScaler
from .sample_rows import sample_rows
from .standard_scaler import StandardScaler
from .suggest_scaler import suggest_scaler
from .target_encoder import TargetEncoder
from .text_vectorizer import TextVectorizer
from .variable_transformer import VariableTransformer

__all__ = [
    "Binarizer",
    "DateParts",
    "FeatureCross",
    "FrequencyEncoder",
    "HashingEncoder",
    "KBinsDiscretizer",
    "LabelBinarizer",
    "LabelEncoder",
    "LogTransformer",
    "MaxAbsScaler",
    "MinMaxScaler",
    "MultiLabelBinarizer",
    "Normalizer",
    "OneHotEncoder",
    "OrdinalEncoder",
    "OutlierClipper",
    "PolynomialFeatures",
    "PowerTransformer",
    "QuantileTransformer",
    "RobustScaler",
    "StandardScaler",
    "TargetEncoder",
    "TextVectorizer",
    "VariableTransformer",
    "sample_rows",
    "suggest_scaler",
]
