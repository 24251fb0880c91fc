"""Trees, and what a model of trees looks like: in text, as a picture, as rules."""

from ..growth.explained import export_svg, export_text, rules

__all__ = ["export_svg", "export_text", "rules"]
