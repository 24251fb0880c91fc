"""What was seen by reading each report: what it got right that matters, and what it got wrong."""

from __future__ import annotations

NOTES: dict[str, str] = {}
