"""Trees, and what a model of trees looks like: in text, as a picture, as rules."""

from ..growth.explained import export_svg, export_text, rules
from .c45 import C45Classifier
from .chaid import CHAIDClassifier
from .decision_tree import DecisionTreeClassifier, DecisionTreeRegressor
from .extra_tree import ExtraTreeClassifier, ExtraTreeRegressor
from .id3 import ID3Classifier

__all__ = [
    "C45Classifier",
    "CHAIDClassifier",
    "DecisionTreeClassifier",
    "DecisionTreeRegressor",
    "ExtraTreeClassifier",
    "ExtraTreeRegressor",
    "ID3Classifier",
    "export_svg",
    "export_text",
    "rules",
]
