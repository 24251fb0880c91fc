"""Whatever arrays a model file holds, compiled loops are never led outside their memory.

Every array of every fitted estimator is cut short or filled with wrong numbers, the file is signed
again and loaded, and the model asked for answers.  The loops run as plain Python here, where reading
outside an array raises an error instead of crashing.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from zhixing.catalogue import estimators
from zhixing.persist import container, save, tensors

from . import forge
from .fitted import fitted

ASK = """
import os, pickle, sys, traceback, warnings
os.environ["NUMBA_DISABLE_JIT"] = "1"
warnings.simplefilter("ignore")
from pathlib import Path
from tests.persist.fitted import answers
from zhixing.core.parallel import threads
from zhixing.persist import load
outside, asked = [], 0
with threads(1):
    for file in sorted(Path(sys.argv[1]).glob("*.zhixing")):
        rows = pickle.loads((file.parent / (file.name.split("__")[0] + ".rows")).read_bytes())
        try:
            model = load(file)
        except ValueError:
            continue
        asked += 1
        try:
            for _ in answers(model, rows): pass
        except IndexError as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            if "/kernels/" in frame.filename:
                outside.append(f"{file.name}: {frame.filename}:{frame.lineno}")
        except Exception: pass
print(asked, outside)
sys.exit(bool(outside))
"""


def wrong(tensor: np.ndarray) -> list[np.ndarray]:
    """The same tensor too short by one, along its first and its last axis, or with wrong indices."""
    out = []
    if tensor.ndim and tensor.shape[0]:
        out.append(tensor[:-1].copy())
    if tensor.ndim > 1 and tensor.shape[-1]:
        out.append(np.ascontiguousarray(tensor[..., :-1]))
    if tensor.dtype.kind == "i" and tensor.size:
        out += [np.full_like(tensor, 100), np.full_like(tensor, -100)]
    return out


def test_no_loop_reads_outside_its_arrays(tmp_path: Path) -> None:
    import pickle

    made = 0
    for name in sorted(estimators()):
        model, X = fitted(name)
        (tmp_path / f"{name}.rows").write_bytes(pickle.dumps(X[:4]))
        save(model, tmp_path / "honest")
        content, arrays = forge.opened(tmp_path / "honest")
        # Of many arrays (an imputer holds a model for every column and round) some will do.
        for i, tensor in list(enumerate(arrays))[:: 1 + len(arrays) // 20]:
            for j, other in enumerate(wrong(tensor)):
                changed = [*arrays[:i], other, *arrays[i + 1 :]]
                text = forge.text(content | {"arrays": tensors.table_of(changed)})
                with open(tmp_path / f"{name}__{i}_{j}.zhixing", "w+b") as file:
                    container.write(file, text, changed)
                made += 1
    assert made > 300
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert int(done.stdout.split()[0]) > 50, "most files still load, and answer or refuse"
