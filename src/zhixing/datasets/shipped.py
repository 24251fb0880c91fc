"""The data sets that come with the package: where each lies, its target, source and licence."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ..core.errors import InputError

FOLDER = Path(__file__).parent / "files"


class Facts(NamedTuple):
    """What is known of a set; the first `n_train` rows are the official training part, if any."""

    target: str
    task: str
    about: str
    source: str
    licence: str
    n_train: int | None = None


_UCI = "CC BY 4.0 (UCI Machine Learning Repository)"
_SKLEARN = "BSD-3-Clause (scikit-learn); UCI original CC BY 4.0"

SHIPPED: dict[str, Facts] = {
    "adult": Facts(
        "income",
        "binary",
        "Whether a person of the 1994 US census earns more than 50,000 dollars a year.",
        "Becker & Kohavi (1996), Adult, https://doi.org/10.24432/C5XW20",
        _UCI,
        32_561,
    ),
    "auto_mpg": Facts(
        "mpg",
        "regression",
        "Fuel consumption of 398 cars of 1970 to 1982, in miles per gallon.",
        "Quinlan (1993), Auto MPG, https://doi.org/10.24432/C5859H",
        _UCI,
    ),
    "bike_sharing": Facts(
        "count",
        "count",
        "Bicycles hired in each hour of 2011 and 2012 in Washington, in time order.",
        "Fanaee-T & Gama (2013), Bike Sharing, https://doi.org/10.24432/C5W894",
        _UCI,
    ),
    "breast_cancer": Facts(
        "diagnosis",
        "binary",
        "Malignant or benign, from 30 measures of cell nuclei.",
        "Wolberg, Mangasarian, Street & Street (1995), https://doi.org/10.24432/C5DW2B",
        _SKLEARN,
    ),
    "california_housing": Facts(
        "median_house_value",
        "regression",
        "Median house value of California's block groups in 1990, in dollars, capped at 500,001.",
        "Pace & Barry (1997); as prepared by A. Geron, with 207 missing cells",
        "Apache-2.0 (ageron/handson-ml)",
    ),
    "concrete": Facts(
        "strength",
        "regression",
        "Compressive strength of concrete from its mixture and age, in MPa.",
        "Yeh (2007), Concrete Compressive Strength, https://doi.org/10.24432/C5PK67",
        _UCI,
    ),
    "horse_colic": Facts(
        "surgical_lesion",
        "binary",
        "Whether the lesion of a horse with colic was surgical; 30 % of the cells are missing.",
        "McLeish & Cecile (1989), Horse Colic, https://doi.org/10.24432/C58W23",
        _UCI,
    ),
    "iris": Facts(
        "species",
        "multiclass",
        "Three species of iris from four measures of their flowers, in cm.",
        "Fisher (1936); Anderson (1935)",
        _SKLEARN,
    ),
    "penguins": Facts(
        "species",
        "multiclass",
        "Three species of penguin from the Palmer Archipelago, with missing cells.",
        "Gorman, Williams & Fraser (2014); palmerpenguins, Horst, Hill & Gorman (2020)",
        "CC0 1.0",
    ),
    "sms_spam": Facts(
        "label",
        "binary",
        "5,574 English text messages, ham or spam.",
        "Almeida & Hidalgo (2011), SMS Spam Collection, https://doi.org/10.24432/C5CC84",
        _UCI,
    ),
    "telco_churn": Facts(
        "churn",
        "binary",
        "Customers of a fictional telephone company, and who left.",
        "IBM sample data, IBM/telco-customer-churn-on-icp4d",
        "Apache-2.0",
    ),
    "titanic": Facts(
        "survived",
        "binary",
        "Passengers of the Titanic, and who survived.",
        "Encyclopedia Titanica, by way of Kaggle and mljar/mljar-supervised",
        "MIT (mljar/mljar-supervised)",
        891,
    ),
    "wine": Facts(
        "cultivar",
        "multiclass",
        "Three cultivars of wine from 13 chemical measures.",
        "Aeberhard & Forina (1991), https://doi.org/10.24432/C5PC7J",
        _SKLEARN,
    ),
}


def names() -> list[str]:
    """The shipped data sets.

    >>> "adult" in names()
    True
    """
    return sorted(SHIPPED)


def path(name: str) -> Path:
    """The Parquet file of a shipped data set; an unknown name is an `InputError`.

    >>> path("iris").name
    'iris.parquet'
    """
    if name not in SHIPPED:
        raise InputError(f"no shipped data set {name!r}", do=f"there are: {', '.join(names())}")
    return FOLDER / f"{name}.parquet"
