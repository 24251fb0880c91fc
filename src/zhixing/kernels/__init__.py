"""Compiled loops, one per file.  They know arrays and the methods of parts, nothing else."""
