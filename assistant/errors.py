"""Errors that a user may meet. The text is Chinese and says what to do; no traceback reaches a user."""

from __future__ import annotations

import errno

CAUSES = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EEXIST: "那里是一个文件，不是文件夹",
    errno.ENOTDIR: "那里是一个文件，不是文件夹",
    errno.EISDIR: "那里是一个文件夹，不是文件",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.ENAMETOOLONG: "名称太长",
}


def cause(error: OSError) -> str:
    """Why the system refused a file or a folder, in Chinese where the case is a usual one."""
    return CAUSES.get(error.errno or 0) or error.strerror or str(error)


class IiamError(Exception):
    """Base of every error with a message for the user."""


class NotFoundError(IiamError):
    """Something named by the user does not exist: an assessment, a sub-item, a file."""


class InputError(IiamError):
    """What the user gave cannot be used as it stands. `field`: which of several things it is, where that is known."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


class ScoringError(IiamError):
    """Levels, rates or weights from which no grade can be computed."""


class ConflictError(IiamError):
    """Another writer was first; reload and try again."""


class RecordError(IiamError):
    """A record is damaged: its chain does not verify or its rows cannot be read."""


class StorageError(IiamError):
    """The data folder or the database cannot be used."""
