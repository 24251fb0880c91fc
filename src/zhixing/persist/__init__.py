"""The model file: a zip of JSON and safetensors that can run nothing and still loads next year."""

from .atomic import atomic_file
from .errors import ModelFileError
from .limits import Limits
from .load import ModelFile, inspect, load, read
from .registry import register
from .save import save

__all__ = [
    "Limits",
    "ModelFile",
    "ModelFileError",
    "atomic_file",
    "inspect",
    "load",
    "read",
    "register",
    "save",
]
