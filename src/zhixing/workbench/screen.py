"""The end of a run on a terminal: one screen that a person can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .writing import (
    interval,
    listing,
    number,
    p_value,
    percent,
    plural,
    score,
    seconds,
    shorten,
    signed,
)

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

#: Findings and candidates shown; the report has all.
FINDINGS, CANDIDATES = 5, 7
TONES = {"error": "bold red", "warning": "yellow", "tip": "cyan", "info": "dim"}


def show(facts: dict[str, Any], console: Console) -> None:
    """Print the screen."""
    for part in parts(facts, console.width):
        console.print(part)


def text(facts: dict[str, Any], width: int = 100) -> str:
    """The screen as plain text."""
    import io

    from rich.console import Console

    console = Console(file=io.StringIO(), width=width, no_color=True)
    show(facts, console)
    return console.file.getvalue()  # type: ignore[attr-defined]


def parts(facts: dict[str, Any], width: int) -> list[RenderableType]:
    """What is printed, from top to bottom.

    Text from the data is wrapped in `rich.text.Text`, never parsed as markup.
    """
    shown: list[RenderableType] = [_title(facts)]
    shown += [_head("Data"), *_data(facts)]
    shown += [_head("Findings"), *_findings(facts, width)]
    shown += [_head("Models"), _models(facts, width), *_why(facts)]
    shown += [_head("On rows it has never seen"), *_holdout(facts)]
    shown += [_head("What limits it"), *_limits(facts)]
    shown += [_head("What to do next"), *_next(facts), *_files(facts)]
    return shown


class _Line:
    """A text that is wrapped under its own indent; `hang` more from the second line on."""

    def __init__(self, pieces: tuple[Any, ...], indent: int, hang: int) -> None:
        self.pieces, self.indent, self.hang = pieces, indent, hang

    def __rich_console__(self, console: Any, options: Any) -> Any:
        from rich.text import Text

        made = Text()
        for piece in self.pieces:
            made.append(*((piece,) if isinstance(piece, str) else piece))
        width = max(options.max_width - self.indent - self.hang, 20)
        for i, line in enumerate(made.wrap(console, width)):
            line.rstrip()
            yield Text(" " * (self.indent + (self.hang if i else 0))) + line


def _line(*pieces: tuple[str, str] | str, indent: int = 2, hang: int = 0) -> RenderableType:
    return _Line(pieces, indent, hang)  # type: ignore[return-value]


def _head(title: str) -> RenderableType:
    from rich.text import Text

    return Text(title, style="bold")


def _title(facts: dict[str, Any]) -> RenderableType:
    from rich.text import Text

    return Text(f"\n{facts['headline']}\n", style="bold green")


def _data(facts: dict[str, Any]) -> list[RenderableType]:
    data = facts["data"]
    kinds = ", ".join(f"{n:,} {kind}" for kind, n in data["kinds"].items())
    lines = [
        _line(
            f"{shorten(data['name'], 50)}: {plural(data['rows'], 'row')}; {kinds}. Target ",
            (shorten(data["target"], 40), "bold"),
            f": {data['task_words']}.",
        ),
        _line((data["split_words"], "dim")),
    ]
    if facts["run"]["interrupted"]:
        lines.append(_line((facts["run"]["interrupted"], "yellow")))
    return lines


def _findings(facts: dict[str, Any], width: int) -> list[RenderableType]:
    findings = facts["findings"]
    matter = [f for f in findings if f["severity"] in ("error", "warning")]
    matter += [f for f in findings if f["severity"] == "tip"]
    if not matter:
        return [_line(facts["findings_words"])]
    lines: list[RenderableType] = []
    for found in matter[:FINDINGS]:
        tone = TONES[found["severity"]]
        room = 2 * max(width - 12, 40)
        lines.append(
            _line((f"{found['severity']:<7} ", tone), shorten(found["title"], room), hang=8)
        )
        if found["remedy"] and found["severity"] != "tip":
            lines.append(_line((shorten(f"→ {found['remedy']}", room), "dim"), indent=10, hang=2))
    rest = len(findings) - len(matter[:FINDINGS])
    if rest > 0:
        lines.append(
            _line((f"and {plural(rest, 'more')} in the report".replace("mores", "more"), "dim"))
        )
    return lines


def _models(facts: dict[str, Any], width: int) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    wide = width >= 116
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("  Model", no_wrap=True, overflow="ellipsis", max_width=36)
    if wide:
        table.add_column("Settings", no_wrap=True, overflow="ellipsis", max_width=26, style="dim")
    table.add_column(shorten(facts["plan"]["metric"]["label"], 24), justify="right", no_wrap=True)
    table.add_column("95 % interval", no_wrap=True, style="dim")
    table.add_column("To the best", justify="right", no_wrap=True)
    table.add_column("p", justify="right", no_wrap=True)
    table.add_column("Verdict", no_wrap=True, overflow="ellipsis")
    rows = facts["comparison"]["rows"]
    hidden = max(0, len(rows) - CANDIDATES)
    keep = [r for r in rows if r["chosen"] or r["baseline"]]
    keep += [r for r in rows if r not in keep][: CANDIDATES - len(keep)]
    for row in (r for r in rows if r in keep):
        style = "bold green" if row["chosen"] else "dim" if row["baseline"] else ""
        mark = "▸ " if row["chosen"] else "  "
        cells = [Text(mark + row["label"])]
        if wide:
            cells.append(Text(row["settings"]))
        cells += [
            Text(score(row["score"])),
            Text(interval(row["low"], row["high"])),
            Text(signed(row["difference"])),
        ]
        cells += [Text(p_value(row["p"])), Text(_short(row))]
        table.add_row(*cells, style=style)
    behind = len(facts["comparison"]["behind"]) + hidden
    if behind:
        table.caption = f"  and {plural(behind, 'more candidate')} that the search left behind"
        table.caption_justify = "left"
    return table


def _short(row: dict[str, Any]) -> str:
    verdict: str = row["verdict"].partition(":")[0]
    return {"no detectable difference": "no difference found"}.get(verdict, verdict)


def _why(facts: dict[str, Any]) -> list[RenderableType]:
    chosen = next(row for row in facts["comparison"]["rows"] if row["chosen"])
    lines = [_line(facts["comparison"]["why"])]
    if chosen["settings"]:
        lines.append(_line((f"{chosen['label']}: {chosen['settings']}", "dim")))
    return lines


def _holdout(facts: dict[str, Any]) -> list[RenderableType]:
    holdout = facts["holdout"]
    lines = []
    for i, m in enumerate(holdout["metrics"][:3]):
        lines.append(
            _line(
                (f"{shorten(m['label'], 26):<27}", "bold" if i == 0 else ""),
                (f"{score(m['value']):>9} ", "bold" if i == 0 else ""),
                (f"{interval(m['low'], m['high']):<20} ", "dim"),
                (f"baseline {score(m['baseline'])}", "dim"),
            )
        )
    threshold = holdout["threshold"]
    at = threshold["in_use"] if threshold else {}
    if threshold and at["precision"] is not None and at["recall"] is not None:
        lines.append(
            _line(
                (
                    f"At threshold {number(threshold['value'])} it flags {percent(at['flagged'])} of the "
                    f"rows, finds {percent(at['recall'])} of {facts['data']['positive']}, and is right "
                    f"in {percent(at['precision'])} of what it flags.",
                    "dim",
                )
            )
        )
    elif holdout["residuals"]:
        lines.append(_line((holdout["residuals"]["words"], "dim")))
    elif holdout["confusion"]:
        lines.append(_line((holdout["confusion"]["words"], "dim")))
    return lines


def _limits(facts: dict[str, Any]) -> list[RenderableType]:
    verdict = facts["explanation"]["verdict"]
    word = verdict["word"][0].upper() + verdict["word"][1:]
    return [
        _line((f"{word}. ", "bold"), verdict["sentence"]),
        _line((facts["explanation"]["importance_words"], "dim")),
    ]


def _next(facts: dict[str, Any]) -> list[RenderableType]:
    return [_line((f"{i}. ", "bold"), step, hang=3) for i, step in enumerate(facts["next"], 1)]


def _files(facts: dict[str, Any]) -> list[RenderableType]:
    if not facts["files"]:
        return []
    lines: list[RenderableType] = [_head("Written")]
    for name in ("report", "facts", "model"):
        lines.append(_line((f"{name:<8}", "dim"), facts["files"][name]))
    run = facts["run"]
    lines.append(_line((f"{plural(run['fits'], 'fit')} in {seconds(run['seconds'])}", "dim")))
    return lines


def show_card(card: dict[str, Any], columns: list[dict[str, Any]], console: Console) -> None:
    """What ``zhixing inspect`` prints of a model."""
    title = f"{card['label']} of {card['target']} ({card['task']})"
    console.print(_head(title))
    if card["settings"]:
        console.print(_line((card["settings"], "dim")))
    console.print(
        _line(
            f"{card['metric']} {score(card['value'])} {interval(card['low'], card['high'])} on "
            f"{plural(card['holdout_rows'], 'held-out row')}; baseline {score(card['baseline'])}; "
            f"{card['verdict']}"
        )
    )
    console.print(
        _line(
            f"learned from {plural(card['rows'], 'row')} of {shorten(card['data'], 60)} by "
            f"{card['made_by']}, seed {card['seed']}"
        )
    )
    if card["classes"]:
        console.print(_line(f"classes: {listing(card['classes'], 12)}"))
    console.print(_head("Columns it wants"))
    by_kind: dict[str, list[str]] = {}
    for column in columns:
        by_kind.setdefault(column["kind"], []).append(column["name"])
    for kind, names in by_kind.items():
        console.print(_line((f"{kind:<12}", "dim"), listing(names, 12)))
