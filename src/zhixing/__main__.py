"""``python -m zhixing``: the command line."""

from .cli.main import main

main()
