"""A checkout of its own for tests that build: the sources as they are, without what they build."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("bin", "carnet", "frontend", "locale")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the sources; npm's packages are borrowed from the real checkout if it has them."""
    copy = tmp_path / "checkout"
    copy.mkdir()
    leave_out = shutil.ignore_patterns("__pycache__", "static", "*.mo")
    for name in SOURCES:
        shutil.copytree(ROOT / name, copy / name, ignore=leave_out)
    for file in ROOT.iterdir():
        if file.is_file():
            shutil.copy2(file, copy / file.name)
    if (ROOT / "node_modules").is_dir():
        shutil.copytree(ROOT / "node_modules", copy / "node_modules", symlinks=True)
    return copy
