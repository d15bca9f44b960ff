"""Errors that a user may meet. The text is Chinese and says what to do; no traceback reaches a user."""

from __future__ import annotations


class IiamError(Exception):
    """Base of every error with a message for the user."""


class NotFoundError(IiamError):
    """Something named by the user does not exist: an assessment, a sub-item, a file."""


class InputError(IiamError):
    """What the user gave cannot be used as it stands."""


class ScoringError(IiamError):
    """Levels, rates or weights from which no grade can be computed."""


class ConflictError(IiamError):
    """Another writer was first; reload and try again."""


class RecordError(IiamError):
    """A record is damaged: its chain does not verify or its rows cannot be read."""


class StorageError(IiamError):
    """The data folder or the database cannot be used."""
