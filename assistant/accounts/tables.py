"""The tables of accounts, beside the record's own. Made on first use, so that a database without accounts has none."""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()
USERS = sa.Table(
    "users",
    METADATA,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("made", sa.Text, nullable=False),
)
SESSIONS = sa.Table(
    "sessions",
    METADATA,
    # SHA-256 of the session's id: who reads the database cannot sign in with what stands there.
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("user", sa.Text, nullable=False),
    sa.Column("expires", sa.Float, nullable=False),
)
FAILURES = sa.Table(
    "sign_in_failures",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("last", sa.Float, nullable=False),
)
SIGN_INS = sa.Table(
    "sign_ins",
    METADATA,
    sa.Column("user", sa.Text, primary_key=True),
    sa.Column("last", sa.Text, nullable=False),
)
"""When each account was last signed in to; a table of its own, so that databases from before it need no change."""
