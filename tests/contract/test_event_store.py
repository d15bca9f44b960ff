"""What every EventStore does: one suite, run over memory, an SQLite file, PostgreSQL, and both reopened at each call."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest

from assistant.assessment.events import AnswerGiven, Event, Opened
from assistant.assessment.record import Row, chain, export_rows, first_broken
from assistant.errors import ConflictError
from assistant.ports import EventStore, Tail
from assistant.storage.memory import MemoryEventStore
from assistant.storage.sql import SqlEventStore

AT = "2025-03-01T08:00:00+00:00"
OPENED = Opened(
    enterprise="齐鲁轴承", standard="s", standard_digest="sd", policy="p", policy_version="1", policy_digest="pd"
)
ROUNDS = 20


class Reopened:
    """An EventStore that opens its database for each call and closes it after, as separate commands do."""

    def __init__(self, place: str) -> None:
        self._place = place

    def append(self, rows: Sequence[Row]) -> None:
        with closing(SqlEventStore(self._place)) as store:
            store.append(rows)

    def read(self, assessment: str, after: int = 0) -> list[Row]:
        with closing(SqlEventStore(self._place)) as store:
            return store.read(assessment, after)

    def assessments(self) -> list[str]:
        with closing(SqlEventStore(self._place)) as store:
            return store.assessments()

    def tails(self) -> dict[str, Tail]:
        with closing(SqlEventStore(self._place)) as store:
            return store.tails()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a database of each kind is made when it is first opened."""
    if request.param == "sqlite":
        return str(tmp_path / "iiam.db")
    return str(request.getfixturevalue("pg_url"))


@pytest.fixture(params=["memory", "sqlite", "sqlite reopened", "postgresql", "postgresql reopened"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventStore]:
    """One store of each kind."""
    if request.param == "memory":
        yield MemoryEventStore()
        return
    in_file = request.param.startswith("sqlite")
    place = str(tmp_path / "iiam.db") if in_file else request.getfixturevalue("pg_url")
    if request.param.endswith("reopened"):
        yield Reopened(place)
    else:
        with closing(SqlEventStore(place)) as sql:
            yield sql


def answer(text: str) -> AnswerGiven:
    """An answer with that text."""
    return AnswerGiven(question=None, subitem="1.1", respondent="r1", text=text)


def opening(assessment: str = "a", at: str = AT) -> list[Row]:
    """The first row of an assessment."""
    return chain(assessment, None, [OPENED], at, "顾问")


def following(rows: Sequence[Row], *events: Event) -> list[Row]:
    """Rows for events after those rows."""
    return chain(rows[-1].assessment, rows[-1], events, AT, "顾问")


def refused(store: EventStore, rows: Sequence[Row]) -> None:
    """Appending those rows is a conflict and leaves the record as it was."""
    before = store.read(rows[0].assessment)
    with pytest.raises(ConflictError, match="没有写入任何内容，请重新载入"):
        store.append(rows)
    assert store.read(rows[0].assessment) == before


def test_an_empty_store_knows_nothing(store: EventStore) -> None:
    assert store.assessments() == []
    assert store.read("a") == []
    assert store.read("a", after=3) == []


def test_what_is_appended_is_read_back(store: EventStore) -> None:
    first = opening()
    rest = following(first, answer("有"), answer("没有"))
    store.append(first)
    store.append(rest)
    assert store.read("a") == first + rest
    assert store.read("b") == []


def test_a_name_that_no_database_can_hold_is_unknown(store: EventStore) -> None:
    assert store.read("a\0b") == []


def test_read_after_a_sequence(store: EventStore) -> None:
    rows = opening()
    rows += following(rows, *(answer(str(n)) for n in range(4)))
    store.append(rows)
    assert [[row.seq for row in store.read("a", after)] for after in (0, 1, 4, 5, 6)] == [
        [1, 2, 3, 4, 5],
        [2, 3, 4, 5],
        [5],
        [],
        [],
    ]


def test_appending_nothing_does_nothing(store: EventStore) -> None:
    store.append([])
    assert store.assessments() == []


def test_the_list_read_is_the_readers_own(store: EventStore) -> None:
    rows = opening()
    store.append(rows)
    store.read("a").clear()
    rows.clear()
    assert store.read("a") == opening()


def test_the_same_sequence_again_is_a_conflict(store: EventStore) -> None:
    first = opening()
    store.append(first)
    refused(store, first)
    store.append(following(first, answer("一")))
    refused(store, following(first, answer("二")))


def test_a_wrong_previous_hash_is_a_conflict(store: EventStore) -> None:
    first = opening()
    other = chain("a", None, [OPENED], AT, "别人")
    store.append(first)
    refused(store, following(other, answer("一")))


def test_a_first_row_that_does_not_start_the_chain_is_a_conflict(store: EventStore) -> None:
    refused(store, [opening()[0].model_copy(update={"prev": "f" * 64})])


def test_a_gap_is_a_conflict(store: EventStore) -> None:
    first = opening()
    second = following(first, answer("一"))
    third = following(second, answer("二"))
    refused(store, second)
    store.append(first)
    refused(store, third)
    store.append(second)
    store.append(third)
    assert store.read("a") == first + second + third


def test_a_batch_is_all_or_none(store: EventStore) -> None:
    first = opening()
    second = following(first, answer("一"))
    store.append(first + second)
    refused(store, following(first, answer("二"), answer("三")))
    refused(store, first + second)


@pytest.mark.parametrize("mistake", ["other assessment", "gap", "hash"])
def test_a_batch_that_does_not_hang_together_is_the_callers_mistake(store: EventStore, mistake: str) -> None:
    rows = opening()
    rows += following(rows, answer("一"), answer("二"))
    wrong = {
        "other assessment": [*rows[:2], rows[2].model_copy(update={"assessment": "b"})],
        "gap": [rows[0], rows[2]],
        "hash": [rows[0], rows[1].model_copy(update={"prev": "0" * 64})],
    }[mistake]
    with pytest.raises(ValueError, match="does not continue"):
        store.append(wrong)
    assert store.assessments() == []


def test_assessments_do_not_mix(store: EventStore) -> None:
    one, two = opening("a"), opening("b")
    store.append(one)
    store.append(two)
    store.append(following(one, answer("一")))
    store.append(following(two, answer("二")))
    assert store.read("a") == one + following(one, answer("一"))
    assert store.read("b") == two + following(two, answer("二"))


def test_assessments_are_listed_by_the_time_of_their_first_row(store: EventStore) -> None:
    late = opening("a", "2025-03-01T08:00:00.5+00:00")
    store.append(late)
    store.append(opening("z", "2025-02-28T23:59:59+00:00"))
    store.append(opening("é", AT))
    store.append(opening("b", AT))
    store.append(chain("a", late[-1], [answer("一")], "2025-01-01T00:00:00+00:00", "顾问"))
    assert store.assessments() == ["z", "b", "é", "a"]


def test_the_last_row_of_each_is_known_without_reading_it(store: EventStore) -> None:
    assert store.tails() == {}
    one, two = opening("a"), opening("é")
    store.append(one)
    store.append(two)
    more = chain("é", two[0], [answer("一"), answer("二")], "2025-03-02T08:00:00+00:00", "顾问")
    store.append(more)
    assert store.tails() == {
        "a": Tail(1, AT, one[0].hash),
        "é": Tail(3, "2025-03-02T08:00:00+00:00", more[-1].hash),
    }


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("设备" * 25_000, id="50,000 characters"),
        pytest.param("𠮷野家\U0001f600é\u2028\u2029\x85\r\n\t\"'\\;--%_?:x", id="unusual characters"),
        pytest.param("".join(map(chr, range(1, 0x20))) + "\x7f\ufeff\ufffe", id="control characters"),
        pytest.param("", id="empty"),
    ],
)
def test_rows_come_back_byte_for_byte(store: EventStore, text: str) -> None:
    rows = opening("齐鲁-2025 #1?%20")
    rows += chain(rows[0].assessment, rows[0], [answer(text)], AT, text[:50])
    store.append(rows)
    back = store.read(rows[0].assessment)
    assert export_rows(back).encode() == export_rows(rows).encode()
    assert first_broken(back) is None
    assert back[1].event == answer(text)
    assert store.assessments() == ["齐鲁-2025 #1?%20"]


def compete(store: EventStore, name: str, ready: Callable[[], object]) -> list[int]:
    """Write the same sequences as another writer, round by round; the rounds that were won."""
    won: list[int] = []
    for turn in range(ROUNDS):
        tail = store.read("race")
        ready()
        try:
            store.append(following(tail, answer(f"{name}-1"), answer(f"{name}-2")))
        except ConflictError:
            continue
        else:
            won.append(turn)
        finally:
            ready()
    return won


def assert_one_winner_a_round(rows: Sequence[Row], won: Sequence[list[int]]) -> None:
    assert sorted(turn for turns in won for turn in turns) == list(range(ROUNDS))
    assert first_broken(rows) is None
    texts = [row.event.text for row in rows if isinstance(row.event, AnswerGiven)]
    names = {turn: name for name, turns in zip("甲乙", won, strict=True) for turn in turns}
    assert texts == [f"{names[turn]}-{part}" for turn in range(ROUNDS) for part in (1, 2)]


def test_of_two_threads_exactly_one_wins(store: EventStore) -> None:
    store.append(opening("race"))
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        runs: list[Future[list[int]]] = [
            pool.submit(compete, store, name, lambda: barrier.wait(timeout=60)) for name in "甲乙"
        ]
        won = [run.result() for run in runs]
    assert_one_winner_a_round(store.read("race"), won)


def compete_in_process(
    place: str, name: str, ready: Callable[[], object], out: multiprocessing.Queue[list[int]]
) -> None:
    """`compete` on the database, in a process of its own."""
    with closing(SqlEventStore(place)) as store:
        out.put(compete(store, name, ready))


def test_of_two_processes_exactly_one_wins(place: str) -> None:
    context = multiprocessing.get_context("spawn")
    with closing(SqlEventStore(place)) as store:
        store.append(opening("race"))
        barrier = context.Barrier(2, timeout=60)
        queues: list[multiprocessing.Queue[list[int]]] = [context.Queue(), context.Queue()]
        writers = [
            context.Process(target=compete_in_process, args=(place, name, barrier.wait, queue))
            for name, queue in zip("甲乙", queues, strict=True)
        ]
        for writer in writers:
            writer.start()
        won = [queue.get(timeout=60) for queue in queues]
        for writer in writers:
            writer.join(timeout=60)
        assert_one_winner_a_round(store.read("race"), won)
