"""The report: one HTML page and the same facts as JSON."""

from .render import clean, html

__all__ = ["clean", "html"]
