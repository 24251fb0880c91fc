"""The command line: parse, call, print.  Everything it does is one call in Python."""
