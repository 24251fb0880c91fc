"""Write a model file."""

from __future__ import annotations

import os
from typing import Any

from . import container, manifest, tensors
from .atomic import atomic_file
from .encode import Encoder
from .errors import ModelFileError
from .limits import Limits
from .migrate import FORMAT


def save(
    model: Any,
    path: str | os.PathLike[str],
    *,
    schema: Any = None,
    metadata: dict[str, Any] | None = None,
) -> None:
    """Write `model` to one file that holds data only and can run nothing when it is read.

    The file is a zip of ``manifest.json`` (parameters and attributes as a tree) and
    ``arrays.safetensors``.  Shared and cyclic references survive; a view of an array becomes an
    array of its own.  The same model gives the same bytes.

    Parameters
    ----------
    model : estimator or any value of the registry
        Estimators of this library and the plumbing of scikit-learn, with parameters and attributes
        of plain data: numbers, text, containers, NumPy arrays and scalars, SciPy sparse matrices,
        times, random generators, other registered objects.
    path : path
        Where; an existing file is replaced once the new one is complete.
    schema : value, optional
        What the model expects of a table, read back by `read`.
    metadata : dict of plain facts, optional
        Kept as JSON beside the model, shown by `inspect` without building anything.

    Raises
    ------
    ModelFileError
        A value that cannot be stored, named by its place in the model (functions, lambdas and
        classes outside the registry are refused); or a place that cannot be written.  Nothing is
        left half-written.

    See Also
    --------
    load : read the model back.
    register : let files hold a class of your own.

    Notes
    -----
    Differs from ``pickle`` and ``joblib``: loading never imports or calls what a file names.
    Costs one pass over the arrays and one to hash them.

    Examples
    --------
    >>> import tempfile, numpy as np
    >>> from pathlib import Path
    >>> from zhixing.persist import inspect, load, save
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save({"coef": np.arange(3.0)}, Path(folder, "m.zhixing"), metadata={"rows": 3})
    ...     load(Path(folder, "m.zhixing"))["coef"], inspect(Path(folder, "m.zhixing"))["metadata"]
    (array([0., 1., 2.]), {'rows': 3})
    """
    limits = Limits()
    try:
        encoder = Encoder(limits)
        content: dict[str, Any] = {
            "format": FORMAT,
            "versions": manifest.versions(),
            "arrays": [],
            "model": encoder.tree(model, "model"),
            "schema": encoder.tree(schema, "schema"),
            "metadata": Encoder(limits, tensors=False).tree(metadata or {}, "metadata"),
        }
        arrays = encoder.tensors or []
        content["arrays"] = tensors.table_of(arrays)
        text = manifest.dump(content)
        _check_size(len(text), sum(a.nbytes for a in arrays), limits)
    except ModelFileError as error:
        raise ModelFileError(error.what, where=str(path), do=error.do) from error
    with atomic_file(path, ModelFileError) as file:
        container.write(file, text, arrays)


def _check_size(text: int, numbers: int, limits: Limits) -> None:
    if text > limits.manifest_bytes:
        raise ModelFileError(
            f"the model has {text} bytes of parameters and names beside its arrays, "
            f"more than the {limits.manifest_bytes} a file may hold",
            do="keep large collections as arrays",
        )
    if text + numbers > limits.file_bytes:
        raise ModelFileError(f"the model's arrays take {numbers} bytes; a file holds at most 4 GiB")
