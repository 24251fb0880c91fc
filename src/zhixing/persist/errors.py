"""What goes wrong with a model file, in one line."""

from __future__ import annotations

from ..core.errors import InputError


class ModelFileError(InputError):
    """A model file cannot be written or read: what is wrong, where, and what to do."""
