"""One row through a whole fitted pipeline."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import zhixing
from zhixing import linear_model as ours_linear
from zhixing import preprocessing as ours_preprocessing
from zhixing.impute import SimpleImputer as OurImputer

from .registry import Contest, benchmark

CALLS = 50


def fitted(frame: pd.DataFrame, y: np.ndarray, imputer, scaler, encoder, model):
    numbers = [c for c in frame if pd.api.types.is_numeric_dtype(frame[c])]
    words = [c for c in frame if c not in numbers]
    prepare = ColumnTransformer(
        [
            ("numbers", make_pipeline(imputer(strategy="median"), scaler()), numbers),
            ("words", encoder(handle_unknown="ignore"), words),
        ]
    )
    return make_pipeline(prepare, model(max_iter=1000)).fit(frame, y)


@benchmark("predict_proba of one row through a whole fitted pipeline (50 calls)", target=3.0)
def one_row() -> Contest:
    table = zhixing.data.read("zhixing:adult", target="income").frame.to_pandas()
    y = (table.pop("income") == ">50K").to_numpy()
    row = table.iloc[[7]]
    as_dict = [row.iloc[0].to_dict()]
    run = zhixing.fit("zhixing:adult", "income", candidates=["LogisticRegression"], budget=12)
    peer = fitted(table, y, SimpleImputer, StandardScaler, OneHotEncoder, LogisticRegression)
    parts = fitted(
        table,
        y,
        OurImputer,
        ours_preprocessing.StandardScaler,
        ours_preprocessing.OneHotEncoder,
        ours_linear.LogisticRegression,
    )

    def calls(predict, given):
        return lambda: [predict(given) for _ in range(CALLS)]

    return Contest(
        {
            "zhixing model, row as a dict": calls(run.model.predict_proba, as_dict),
            "zhixing model, row as a frame": calls(run.model.predict_proba, row),
            "zhixing parts in scikit-learn's Pipeline": calls(parts.predict_proba, row),
            "scikit-learn": calls(peer.predict_proba, row),
        },
        quality="classes",
        evaluate=lambda found: float(found[0].shape[1]),
    )
