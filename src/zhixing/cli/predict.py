"""``zhixing predict``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def predict(
    model: Annotated[str, typer.Argument(help="A model file, or the folder of a run.")],
    data: Annotated[str, typer.Argument(help="The table to predict, in any format of `fit`.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="CSV or Parquet file to write; CSV on standard output without it."
        ),
    ] = None,
    keep: Annotated[
        list[str] | None, typer.Option(help="A column of DATA to copy (may be repeated).")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Of delimited text; found out by default.")
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option(help="Of delimited text; found out by default.")
    ] = None,
) -> None:
    """Predict the rows of a table; whatever differs from the training table is named."""
    import sys

    from ..workbench.predict import predict_table, write_predictions
    from .consoles import consoles

    _, stderr = consoles()
    frame, findings = predict_table(
        model, data, keep=keep or (), encoding=encoding, delimiter=delimiter
    )
    for finding in findings:
        line = f"{finding.severity}: {finding.title}"
        stderr.print(
            line + (f"; {finding.remedy}" if finding.remedy else ""), markup=False, soft_wrap=True
        )
    if out is None:
        sys.stdout.write(frame.write_csv())
        return
    write_predictions(frame, out)
    stderr.print(f"{frame.height:,} predictions written to {out}", markup=False, soft_wrap=True)
