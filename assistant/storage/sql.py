"""The record in a database: an SQLite file by default, PostgreSQL by its URL.

Importing this module is cheap; SQLAlchemy is loaded when a store is opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from threading import Lock

from pydantic import ValidationError

from assistant.assessment.record import GENESIS, Row
from assistant.errors import ConflictError, StorageError
from assistant.ports import Tail
from assistant.storage.order import check_continues

WAIT_SECONDS = 5.0


class SqlEventStore:
    """An EventStore in a database. Safe for several threads and several processes.

    What `append` has returned from is on the disk: SQLite runs in WAL with synchronous=FULL, PostgreSQL never with
    synchronous_commit=off (DESIGN, promise 4).
    """

    def __init__(self, place: str | Path, wait: float = WAIT_SECONDS) -> None:
        """Open, and create when there is nothing yet, the database at a path or URL.

        `wait`: seconds to wait for another writer. Raises StorageError when the place cannot be used.
        """
        from assistant.storage.opening import open_engine

        self.engine = open_engine(place, wait)
        # SQLite lets whoever asks at the right moment write next; of fifty threads some would wait until they give up.
        self._turn: AbstractContextManager[object] = Lock() if self.engine.dialect.name == "sqlite" else nullcontext()

    def append(self, rows: Sequence[Row]) -> None:
        """Add rows of one assessment, all or none; ConflictError when they do not continue its record."""
        from sqlalchemy import insert, select
        from sqlalchemy.exc import IntegrityError

        from assistant.storage.opening import EVENTS, begin_writing

        if not rows:
            return
        name = rows[0].assessment
        last = select(EVENTS.c.seq, EVENTS.c.hash).where(EVENTS.c.assessment == name).order_by(EVENTS.c.seq.desc())
        try:
            with self._turn, begin_writing(self.engine) as connection:
                tail = connection.execute(last.limit(1)).first()
                check_continues(rows, *(tail or (0, GENESIS)))
                connection.execute(insert(EVENTS), [row.model_dump() for row in rows])
        except IntegrityError as error:
            # A server lets two writers see the same last row; the primary key lets one of them through.
            raise ConflictError(
                f"评估 {name} 的第 {rows[0].seq} 行刚被另一个窗口写入。这次没有写入任何内容，请重新载入这份评估后再试。"
            ) from error

    def read(self, assessment: str, after: int = 0) -> list[Row]:
        """Rows with a sequence above `after`, in order; empty for an unknown assessment."""
        from sqlalchemy import select

        from assistant.storage.opening import EVENTS, begin_reading

        if "\0" in assessment:  # in no record; PostgreSQL would take the question itself for an error
            return []
        wanted = select(EVENTS).where(EVENTS.c.assessment == assessment, EVENTS.c.seq > after).order_by(EVENTS.c.seq)
        with begin_reading(self.engine) as connection:
            found = connection.execute(wanted).mappings().all()
        rows: list[Row] = []
        for row in found:
            try:
                rows.append(Row.model_validate(dict(row), strict=True))
            except ValidationError as error:
                raise StorageError(
                    f"评估 {assessment} 记录的第 {row['seq']} 行读不出来，数据库可能被改动或损坏，程序没有改动它。"
                    "请先备份数据库文件，再从备份或 iiam export 导出的文件恢复。"
                ) from error
        return rows

    def assessments(self) -> list[str]:
        """All assessment ids, in order of their first row's time, then of the id."""
        from sqlalchemy import func, select

        from assistant.storage.opening import EVENTS, begin_reading

        # Not `seq == 1`: a record whose first row was removed must still be listed, so that it can be looked into.
        lowest = func.min(EVENTS.c.seq).label("seq")
        first = select(EVENTS.c.assessment, lowest).group_by(EVENTS.c.assessment).subquery()
        joined = first.join(EVENTS, (EVENTS.c.assessment == first.c.assessment) & (EVENTS.c.seq == first.c.seq))
        with begin_reading(self.engine) as connection:
            found = connection.execute(select(EVENTS.c.at, EVENTS.c.assessment).select_from(joined)).all()
        # Sorted here because servers order text by their own collations.
        return [name for _, name in sorted((str(at), str(name)) for at, name in found)]

    def tails(self) -> dict[str, Tail]:
        """The last row of every assessment."""
        from sqlalchemy import func, select

        from assistant.storage.opening import EVENTS, begin_reading

        highest = func.max(EVENTS.c.seq).label("seq")
        last = select(EVENTS.c.assessment, highest).group_by(EVENTS.c.assessment).subquery()
        joined = last.join(EVENTS, (EVENTS.c.assessment == last.c.assessment) & (EVENTS.c.seq == last.c.seq))
        wanted = select(EVENTS.c.assessment, EVENTS.c.seq, EVENTS.c.at, EVENTS.c.hash).select_from(joined)
        with begin_reading(self.engine) as connection:
            found = connection.execute(wanted).all()
        return {str(name): Tail(int(seq), str(at), str(digest)) for name, seq, at, digest in found}

    def close(self) -> None:
        """Close all connections; the last one to an SQLite file also folds its -wal file into it."""
        self.engine.dispose()
