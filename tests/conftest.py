"""Fixtures every test may use."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real tables beside the repository; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the shared data sets are not beside the repository")
    return SHARED


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20240601)
