"""The folds of estimators that choose their strength by cross-validation."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn import get_config
from sklearn.model_selection import check_cv
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping, process_routing


class SplitsRows:
    """Gives an estimator with a parameter `cv` its folds, and routes what the splitter asks for."""

    cv: Any

    def _splits(
        self, X: Any, y: Any, params: dict[str, Any], **own: Any
    ) -> list[tuple[np.ndarray, np.ndarray]]:
        """Rows to fit on and rows to judge by, fold by fold; `params` go to the splitter."""
        splitter: Any = check_cv(self.cv)
        given: dict[str, Any] = {}
        if get_config()["enable_metadata_routing"]:
            given = process_routing(self, "fit", **own, **params).splitter.split
        elif params:
            raise ValueError(
                f"{sorted(params)} can reach the splitter only with "
                "sklearn.set_config(enable_metadata_routing=True)"
            )
        n = X.shape[0]
        folds = [(rows(train, n), rows(test, n)) for train, test in splitter.split(X, y, **given)]
        if not folds:
            raise ValueError(f"cv={self.cv!r} gives no folds")
        return folds

    def get_metadata_routing(self) -> MetadataRouter:
        """What `fit` takes itself, and what goes to the splitter."""
        router = MetadataRouter(owner=self).add_self_request(self)
        split = MethodMapping().add(caller="fit", callee="split")
        return router.add(splitter=check_cv(self.cv), method_mapping=split)


def rows(chosen: Any, n: int) -> np.ndarray:
    """Row numbers from numbers or a mask."""
    chosen = np.asarray(chosen)
    return np.flatnonzero(chosen) if chosen.dtype == bool else np.arange(n)[chosen]
