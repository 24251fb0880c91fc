"""Preparation: a table to a matrix, fitted on the rows learned from alone."""

from .preparation import Preparation

__all__ = ["Preparation"]
