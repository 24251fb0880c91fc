"""Classes of very different size."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...core.finding import Finding
from .view import View

#: The rarest class relative to an even share: below the first a tip, below the second a warning.
UNEVEN, RARE = 0.5, 0.1


def check(view: View) -> Iterator[Finding]:
    classes = view.table.classes
    if classes is None:
        return
    counts = np.bincount(view.table.codes, minlength=len(classes))
    least, most = int(np.argmin(counts)), int(np.argmax(counts))
    even = view.n / len(classes)
    if counts[least] >= UNEVEN * even:
        return
    share = counts[least] / view.n
    yield Finding(
        "class-imbalance",
        "warning" if counts[least] < RARE * even else "tip",
        f"class {classes[least]!r} has {counts[least]:,} of {view.n:,} rows ({share:.2%}), "
        f"{classes[most]!r} {counts[most] / counts[least]:.0f} times as many",
        where=view.table.target.name if view.table.target else "",
        evidence={
            "counts": {str(c): int(k) for c, k in zip(classes, counts)},
            "always_the_commonest": float(counts[most] / view.n),
        },
        cause="the class is rare by nature, or rows were chosen by class",
        remedy=f"accuracy misleads ({counts[most] / view.n:.1%} by always saying {classes[most]!r}): "
        "judge by AUC or average precision, set the threshold by cost, weigh the classes",
    )
