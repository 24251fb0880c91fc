"""The commands, and what their ends mean.

Exit codes: 0 done; 1 the data or the options are wrong, the disk is full, or the run was interrupted
(Ctrl-C, SIGTERM), one line on standard error; 2 the command was typed wrongly; 3 an error of ours,
whose traceback was written to a file that the last line names.
"""

from __future__ import annotations

import errno
import signal
import sys
from typing import Annotated, Any

import typer

from . import compare, fit, inspect, predict, warmup

#: What writing to a full disk, beyond a quota or a limit ends with.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

app = typer.Typer(
    name="zhixing",
    help="From a table to a model you may trust: fit, compare, explain, predict.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("fit")(fit.fit)
app.command("predict")(predict.predict)
app.command("compare")(compare.compare)
app.command("inspect")(inspect.inspect)
app.command("warmup")(warmup.warmup)


def _version(asked: bool) -> None:
    if asked:
        from .. import __version__

        typer.echo(f"zhixing {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """From a table to a model you may trust: fit, compare, explain, predict."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    # As Ctrl-C: folders that are half-written are removed on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated; nothing was written"))
    code = run(sys.argv[1:] if arguments is None else arguments)
    # Threads end their fit before the process does; an impatient second Ctrl-C changes nothing.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run the command line; returns the exit code and never raises."""
    try:
        code = app(arguments, prog_name="zhixing", standalone_mode=False)
        if code == 130:  # what Typer makes of Ctrl-C
            return _say("interrupted; nothing was written", 1)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except KeyboardInterrupt:
        return _say("interrupted; nothing was written", 1)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        _silence()
        return 0
    except SystemExit as end:  # what Typer makes of it
        if isinstance(end.__context__, BrokenPipeError):
            _silence()
            return 0
        return end.code if isinstance(end.code, int) else _say(str(end.code), 1)
    except Exception as error:
        return _failed(error)


def _failed(error: Any) -> int:
    # Typer's own errors carry `exit_code` and `show`; its classes have moved between releases.
    if hasattr(error, "exit_code"):
        if hasattr(error, "show"):
            error.show()
        elif type(error).__name__ == "Abort":
            return _say("interrupted; nothing was written", 1)
        return int(error.exit_code)
    if type(error).__name__ == "Abort":
        return _say("interrupted; nothing was written", 1)
    from ..core.errors import InputError

    if isinstance(error, InputError):
        return _say(" ".join(str(error).split()), 1)
    if isinstance(error, MemoryError):
        return _say("the data do not fit into memory; give fewer rows or columns", 1)
    if isinstance(error, OSError) and error.errno in FULL:
        _silence()
        return _say(f"output cannot be written: {error.strerror}; free space", 1)
    return _ours(error)


def _ours(error: Exception) -> int:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="zhixing-error-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write(f"zhixing {' '.join(sys.argv[1:])}\n\n")
        file.write("".join(traceback.format_exception(error)))
    return _say(
        f"this should not happen ({type(error).__name__}: {' '.join(str(error).split())[:150]}); "
        f"please report it with {file.name}",
        3,
    )


def _say(what: str, code: int) -> int:
    print(f"zhixing: {what}", file=sys.stderr)
    return code


def _silence() -> None:
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
