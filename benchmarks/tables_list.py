"""The real tables of the study: which file, which options a person must give, and the judgement.

Options are given only where the table cannot be read without them (a doubtful target) or where a
person who knows it would (time, groups, a column that gives the target away).  `note` is what was
seen in the report by reading it.
"""

from __future__ import annotations

from dataclasses import dataclass

from .tables_notes import NOTES


@dataclass(frozen=True)
class Case:
    """A table; `kind` says why it is in the list."""

    name: str
    kind: str = ""
    options: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        return NOTES.get(self.name, "")


def _case(name: str, kind: str = "", *options: str) -> Case:
    return Case(name, kind, options)


CASES = (
    # two classes
    _case("adult", "official split", "--split", "split"),
    _case("titanic", "text and words", "--split", "split"),
    _case("bank_marketing", "imbalanced, leak"),
    _case("telco_churn"),
    _case("german_credit"),
    _case("credit_default_taiwan"),
    _case("mammography", "imbalanced 2 %"),
    _case("spambase"),
    _case("breast_cancer"),
    _case("pima_diabetes", "hidden missing"),
    _case("phoneme"),
    _case("banknote"),
    _case("ionosphere", "351 rows"),
    _case("sonar", "208 rows"),
    _case("haberman", "306 rows"),
    _case("mushroom", "all categorical"),
    _case("higgs_7k", "official split", "--split", "split"),
    _case("kdd_http", "567,498 rows, 0.4 %"),
    _case("skin_seg", "245,057 rows"),
    _case("celeba_bald", "202,599 rows, 2 %"),
    _case("creditcard_fraud_sample"),
    # several classes
    _case("covertype_15k", "one-hot columns"),
    _case("letter", "26 classes"),
    _case("pendigits", "10 classes"),
    _case("wine_quality", "doubtful target", "--task", "multiclass"),
    _case("car", "all categorical"),
    _case("iris", "150 rows"),
    _case("wine", "178 rows"),
    _case("digits8x8", "10 classes"),
    _case("satimage"),
    _case("optdigits", "10 classes"),
    _case("vowel", "11 classes, groups", "--group", "speaker_number"),
    _case("vehicle"),
    _case("glass", "214 rows"),
    _case("ecoli", "classes of 2 rows"),
    # numbers
    _case("california_housing"),
    _case("boston"),
    _case("abalone", "doubtful target", "--task", "regression"),
    _case("concrete"),
    _case("insurance"),
    _case("diamonds", "53,940 rows"),
    _case("power_plant"),
    _case("protein_casp"),
    _case("yacht", "308 rows"),
    _case("naval_propulsion"),
    _case("elevators"),
    _case("pol", "doubtful target", "--task", "regression"),
    _case("puma32_h"),
    _case("motorcycle_claims", "count, weights", "--drop", "claim_cost", "--task", "count"),
    _case("flights_200k", "200,000 rows", "--task", "regression"),
    # missing values
    _case("sick", "missing, imbalanced"),
    _case("credit_approval", "missing"),
    _case("penguins", "missing"),
    _case("mice_protein", "missing, groups", "--group", "mouse_group"),
    _case("ames", "79 columns, missing"),
    _case("auto_mpg", "missing"),
    _case("horse_colic", "30 % missing, 300 rows"),
    _case("credit_data", "missing"),
    _case("air_quality", "missing, time", "--time", "timestamp"),
    _case("loans", "55 columns, leak", "--drop", "grade", "--drop", "sub_grade"),
    _case("automobile", "202 rows, missing"),
    _case("arrhythmia", "279 columns, 452 rows", "--task", "multiclass"),
    _case("hepatitis", "154 rows, missing"),
    _case("eucalyptus", "missing"),
    # drift
    _case("bike_sharing", "drift", "--time", "dteday"),
    _case("electricity", "drift"),
    _case("weather_noaa", "drift"),
    _case("nycflights", "leak", "--task", "regression"),
    _case("beijing_pm25", "time", "--time", "timestamp"),
    _case("chicago_ridership", "lags"),
    # text
    _case("sms_spam", "text"),
    _case("newsgroups20", "text, 20 classes", "--split", "split"),
    _case("imdb_16k", "text", "--split", "split", "--drop", "rating"),
    _case("thucnews_titles", "Chinese text", "--split", "split"),
    _case("chnsenticorp_hotel", "Chinese text"),
)
