"""The JavaScript that draws the plots, bundled for use without a network."""

from __future__ import annotations

import contextlib
import os
import tempfile
from importlib.metadata import version
from pathlib import Path


def javascript() -> str:
    """Vega, Vega-Lite and vega-embed in one script of 0.9 MB; bundled once, then cached."""
    base = os.environ.get("ZHIXING_CACHE") or os.environ.get("XDG_CACHE_HOME")
    folder = (Path(base) if base else Path.home() / ".cache") / "zhixing"
    file = folder / f"vega-{version('vl-convert-python')}.js"
    with contextlib.suppress(OSError):
        text = file.read_text(encoding="utf-8")
        if text.rstrip().endswith(";"):
            return text
    import vl_convert

    text = vl_convert.javascript_bundle().rstrip() + "\n;"  # pyright: ignore[reportCallIssue]  (its stub wants text)
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as part:
            part.write(text)
        os.replace(part.name, file)
    return text
