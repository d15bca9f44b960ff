"""A copy of the shipped standard that a test may damage, and search over it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from knowledge.loader import SHIPPED, load_standard
from knowledge.model import Standard


@pytest.fixture(scope="session")
def standard() -> Standard:
    return load_standard()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """source.txt and structure.yaml of the shipped standard, alone in a folder."""
    place = tmp_path / "standard"
    place.mkdir()
    for name in ("source.txt", "structure.yaml"):
        shutil.copy(SHIPPED / name, place / name)
    return place
