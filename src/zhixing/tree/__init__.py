"""Trees, and what a model of trees looks like: in text, as a picture, as rules."""

from ..growth.explained import export_svg, export_text, rules
from .c45 import C45Classifier
from .chaid import CHAIDClassifier
from .decision_tree import DecisionTreeClassifier, DecisionTreeRegressor
from .extra_tree import ExtraTreeClassifier, ExtraTreeRegressor
from .id3 import ID3Classifier
from .measures import entropy, gain_ratio, gini, gini_gain, information_gain, variance_reduction
from .pruning import prune_pessimistic, prune_reduced_error

__all__ = [
    "C45Classifier",
    "CHAIDClassifier",
    "DecisionTreeClassifier",
    "DecisionTreeRegressor",
    "ExtraTreeClassifier",
    "ExtraTreeRegressor",
    "ID3Classifier",
    "entropy",
    "export_svg",
    "export_text",
    "gain_ratio",
    "gini",
    "gini_gain",
    "information_gain",
    "prune_pessimistic",
    "prune_reduced_error",
    "rules",
    "variance_reduction",
]
