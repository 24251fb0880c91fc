"""Tables in, as every family of trees takes them."""

from ..growth.rows_in import (
    category_codes,
    columns_of,
    is_category,
    rows_for_fit,
    rows_for_predict,
    which_categorical,
)

__all__ = [
    "category_codes",
    "columns_of",
    "is_category",
    "rows_for_fit",
    "rows_for_predict",
    "which_categorical",
]
