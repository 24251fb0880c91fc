"""Read a model file."""

from __future__ import annotations

import contextlib
import os
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..core.errors import InputError
from . import container, manifest, tensors
from .decode import Decoder
from .errors import ModelFileError
from .limits import Limits
from .view import summary


class ModelFile(NamedTuple):
    """What a model file holds."""

    model: Any
    schema: Any
    metadata: dict[str, Any]
    versions: dict[str, str]


@contextlib.contextmanager
def _errors(path: str | os.PathLike[str]) -> Iterator[None]:
    """Every failure to read as one line that names the file."""
    try:
        yield
    except InputError as error:
        raise ModelFileError(error.what, where=os.fspath(path), do=error.do) from error
    except MemoryError as error:
        raise ModelFileError("does not fit into memory", where=os.fspath(path)) from error
    except Exception as error:
        # What the checks let through and NumPy, zlib or zipfile then found wrong.
        raise ModelFileError(
            f"cannot be read ({type(error).__name__}: {str(error)[:200]})",
            where=os.fspath(path),
            do="it is damaged or was not written by zhixing.persist.save",
        ) from error


def _manifest(archive: zipfile.ZipFile, limits: Limits) -> dict[str, Any]:
    # `archive.read` would inflate all there is, whatever size the records claim.
    size = archive.getinfo(container.MANIFEST).file_size
    with archive.open(container.MANIFEST) as member:
        text = member.read(size + 1)
    if len(text) != size:
        raise ModelFileError("the manifest is not as long as the archive says")
    return manifest.parse(text, limits)


def read(path: str | os.PathLike[str], *, limits: Limits | None = None) -> ModelFile:
    """The model with its schema, its metadata and the versions that wrote it.

    Builds only classes of the registry, by filling their attributes; never imports, unpickles or
    calls anything that the file names.  Sizes and shapes are checked before memory is taken, and
    damage anywhere in the file is noticed.  An older format is brought up to date.

    Raises
    ------
    ModelFileError
        In one line: what is wrong with the file and what to do.
    """
    limits = limits or Limits()
    with _errors(path), container.opened(path, limits) as archive:
        content = _manifest(archive, limits)
        with archive.open(container.ARRAYS) as member:
            size = archive.getinfo(container.ARRAYS).file_size
            arrays = tensors.read(member, tensors.check_table(content["arrays"], size))
        decoder = Decoder(arrays, limits)
        return ModelFile(
            decoder(content["model"]),
            decoder(content["schema"]),
            _facts(content, limits),
            content["versions"],
        )


def load(path: str | os.PathLike[str], *, limits: Limits | None = None) -> Any:
    """The model that `save` wrote; see `read` for what is checked.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from zhixing.persist import load, save
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save([1, 2.5, "three"], Path(folder, "m.zhixing"))
    ...     load(Path(folder, "m.zhixing"))
    [1, 2.5, 'three']
    """
    return read(path, limits=limits).model


def inspect(path: str | os.PathLike[str], *, limits: Limits | None = None) -> dict[str, Any]:
    """What a model file says about itself, without building any of it.

    Returns the format, the versions that wrote it, the class and parameters of the model, the
    classes inside, the number and bytes of its arrays, the schema as plain data, and the metadata.
    """
    limits = limits or Limits()
    with _errors(path), container.opened(path, limits) as archive:
        content = _manifest(archive, limits)
        size = archive.getinfo(container.ARRAYS).file_size
        tensors.check_table(content["arrays"], size)
        return summary(content, size) | {"metadata": _facts(content, limits)}


def _facts(content: dict[str, Any], limits: Limits) -> dict[str, Any]:
    facts = Decoder([], limits)(content["metadata"])
    if type(facts) is not dict:
        raise ModelFileError("the metadata is not a dictionary")
    return facts
