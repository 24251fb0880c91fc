"""Trees, and what a model of trees looks like: in text, as a picture, as rules."""

from ..growth.explained import export_svg, export_text, rules
from .decision_tree import DecisionTreeClassifier, DecisionTreeRegressor
from .extra_tree import ExtraTreeClassifier, ExtraTreeRegressor

__all__ = [
    "DecisionTreeClassifier",
    "DecisionTreeRegressor",
    "ExtraTreeClassifier",
    "ExtraTreeRegressor",
    "export_svg",
    "export_text",
    "rules",
]
