"""Errors that a person can act on: what is wrong, where, and what to do, in one line."""

from __future__ import annotations


class InputError(ValueError):
    """The data or the options are wrong.  The command line prints it and exits with code 1.

    >>> print(InputError("column 'age' is all missing", where="people.csv", do="drop it"))
    people.csv: column 'age' is all missing; drop it
    """

    def __init__(self, what: str, *, where: str = "", do: str = "") -> None:
        self.what, self.where, self.do = what, where, do
        super().__init__((f"{where}: " if where else "") + what + (f"; {do}" if do else ""))
