"""The secret that cookies and links are signed with: made once, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from assistant.errors import StorageError, cause

FILE = "web-secret"
LENGTH = 64  # hex digits


def load_secret(home: Path) -> str:
    """The secret of a data folder, made when there is none. Raises StorageError."""
    file = home / FILE
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            _make(file)
        found = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = cause(error) if isinstance(error, OSError) else "内容损坏"
        raise StorageError(
            f"登录密钥文件 {file} 用不了（{why}）。请检查它的权限；删除它会让所有人重新登录。"
        ) from error
    if len(found) != LENGTH:
        raise StorageError(f"登录密钥文件 {file} 已损坏。请删除它后重新启动：所有人要重新登录，发出的邀请链接作废。")
    return found


def _make(file: Path) -> None:
    """Complete before it gets its name, so that two processes starting at once agree on one."""
    draft = file.with_name(f"{file.name}-{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
            out.write(secrets.token_hex(LENGTH // 2))
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink(missing_ok=True)
