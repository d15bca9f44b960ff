"""What both stores ask of new rows: that they continue the record of one assessment."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from assistant.assessment.record import GENESIS, Row
from assistant.errors import ConflictError


def check_continues(rows: Sequence[Row], last_seq: int, last_hash: str = GENESIS) -> None:
    """Raise ConflictError unless the rows, which must not be empty, continue a record of `last_seq` rows (0: none).

    Rows that do not continue each other are a mistake of the caller: ValueError.
    """
    first = rows[0]
    for before, row in pairwise(rows):
        if (row.assessment, row.seq, row.prev) != (first.assessment, before.seq + 1, before.hash):
            raise ValueError(f"row {row.seq} of {row.assessment} does not continue row {before.seq} of the same batch")
    if (first.seq, first.prev) == (last_seq + 1, last_hash):
        return
    raise ConflictError(
        f"评估 {first.assessment} 的记录现有 {last_seq} 行，要写入的第 {first.seq} 行接不上，"
        "多半是另一个窗口刚写过。这次没有写入任何内容，请重新载入这份评估后再试。"
    )
