"""LibreOffice, headless, for tests that look at what a document comes to in an office program."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

CALC = Path("/usr/lib/libreoffice/program/libsclo.so")


def needs_office(*, calc: bool = False) -> None:
    """Skip where LibreOffice (with Calc) is not installed."""
    if shutil.which("soffice") is None or (calc and not CALC.exists()):
        pytest.skip("LibreOffice is not installed (apt-get install libreoffice-writer libreoffice-calc)")


def converted(file: Path, form: str, folder: Path) -> Path:
    """The file in another form, made by LibreOffice with a profile of its own."""
    (made,) = all_converted([file], form, folder)
    return made


def all_converted(files: Sequence[Path], form: str, folder: Path) -> list[Path]:
    """The files in another form, all made by one LibreOffice: it takes two seconds to start."""
    folder.mkdir(parents=True, exist_ok=True)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(folder), *map(str, files)]
    subprocess.run(command, capture_output=True, check=True, timeout=180)
    return [folder / f"{file.stem}.{form}" for file in files]
