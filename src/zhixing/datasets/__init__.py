"""Real tables that come with the package, read from the command line as ``zhixing:adult``.

Licences and sources stand in ``files/LICENCES.md``.  Generators of synthetic data are
scikit-learn's (``sklearn.datasets.make_blobs``).
"""

from .load import load
from .loaders import (
    load_adult,
    load_auto_mpg,
    load_bike_sharing,
    load_breast_cancer,
    load_california_housing,
    load_concrete,
    load_horse_colic,
    load_iris,
    load_penguins,
    load_sms_spam,
    load_telco_churn,
    load_titanic,
    load_wine,
)
from .shipped import names, path

__all__ = [
    "load",
    "load_adult",
    "load_auto_mpg",
    "load_bike_sharing",
    "load_breast_cancer",
    "load_california_housing",
    "load_concrete",
    "load_horse_colic",
    "load_iris",
    "load_penguins",
    "load_sms_spam",
    "load_telco_churn",
    "load_titanic",
    "load_wine",
    "names",
    "path",
]
