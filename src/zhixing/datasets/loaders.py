"""``load_adult(...)`` and its like: one name per shipped data set, all `load` underneath."""

from __future__ import annotations

from functools import partial

from .load import load

load_adult = partial(load, "adult")
load_auto_mpg = partial(load, "auto_mpg")
load_bike_sharing = partial(load, "bike_sharing")
load_breast_cancer = partial(load, "breast_cancer")
load_california_housing = partial(load, "california_housing")
load_concrete = partial(load, "concrete")
load_horse_colic = partial(load, "horse_colic")
load_iris = partial(load, "iris")
load_penguins = partial(load, "penguins")
load_sms_spam = partial(load, "sms_spam")
load_telco_churn = partial(load, "telco_churn")
load_titanic = partial(load, "titanic")
load_wine = partial(load, "wine")
