"""A Chinese font on this machine, for what is drawn or typeset here. Word and Excel files bring none: they name one."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.font_manager import FontEntry

FAMILIES = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Droid Sans Fallback",
)
"""In order of preference; the first ones print simplified forms and have a bold."""

FIX = (
    "本机没有中文字体，图和 PDF 里的汉字会变成方框，所以没有生成。请先安装一种中文字体再试："
    "Debian/Ubuntu 运行 sudo apt-get install fonts-noto-cjk；Windows 与 macOS 自带的雅黑、苹方即可；不能安装时，"
    "把字体文件（如思源黑体）放进一个文件夹，并把环境变量 IIAM_FONT_FOLDER 设为该文件夹。Word、Excel 和 JSON 报告不受影响。"
)
FOLDER = "IIAM_FONT_FOLDER"
"""The environment variable that names a folder whose fonts are used instead of the machine's."""


@dataclass(frozen=True)
class ChineseFont:
    """A family by name, and the folders that hold its files."""

    family: str
    folders: tuple[Path, ...]


def chinese_font() -> ChineseFont:
    """The preferred Chinese font of this machine, or of the folder that the environment names.

    Raises InputError naming the fix when there is none.
    """
    found = _found(os.environ.get(FOLDER, ""))
    if found is None:
        raise InputError(FIX)
    return found


@cache
def _found(folder: str) -> ChineseFont | None:
    from matplotlib.font_manager import findSystemFonts, fontManager

    if not folder:
        return choose(fontManager.ttflist)
    files = {str(Path(file)) for file in findSystemFonts([folder])}
    for file in files - {font.fname for font in fontManager.ttflist}:
        with suppress(OSError, RuntimeError):  # a file that is no font
            fontManager.addfont(file)
    return choose(font for font in fontManager.ttflist if font.fname in files)


def choose(fonts: Iterable[FontEntry]) -> ChineseFont | None:
    """The best of some fonts; None when none of them is a known Chinese one."""
    by_family: dict[str, set[Path]] = {}
    for font in fonts:
        by_family.setdefault(font.name, set()).add(Path(font.fname).parent)
    for family in FAMILIES:
        if family in by_family:
            return ChineseFont(family, tuple(sorted(by_family[family])))
    return None
