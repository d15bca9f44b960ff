"""The list of assessments: what a line says, search and order, and that only what changed is read again."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assessment.events import Archived
from assistant.assessment.opening import Opening
from assistant.assessment.record import Row, chain
from assistant.web.summaries import Summaries
from assistant.web.views.listing import SORTS, Query, Summary, listing, others_of, summarise
from tests.web_app import parts_at

CODE, OTHER = "91370200163562681G", "91110000802100433B"


def line(name: str, **known: object) -> Summary:
    return Summary.model_validate(
        {"id": name, "enterprise": name, "at": "2026-01-01T00:00:00+00:00", "total": 36} | known
    )


LINES = (
    line(
        "a", enterprise="齐鲁轴承", industry="机械加工", at="2026-03-01", covered=36, decided=36, level=3, shown="45.00"
    ),
    line("b", enterprise="泰山ABC食品", industry="食品", at="2026-03-03", covered=10, level=2, shown="9.50"),
    line("c", enterprise="黄河纺织", credit_code=CODE, at="2026-03-02", level=2, shown="30.00"),
    line("d", enterprise="旧厂", archived=True, at="2026-02-01"),
)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, "bca"),
        ({"turned": "1"}, "acb"),
        ({"q": "abc"}, "b"),
        ({"q": "ＡＢＣ"}, "b"),
        ({"q": "轴承 机械"}, "a"),
        ({"q": CODE.lower()}, "c"),
        ({"q": "没有的"}, ""),
        ({"sort": "grade"}, "acb"),
        ({"sort": "open"}, "bca"),
        ({"sort": "progress"}, "abc"),
        ({"sort": "bogus"}, "bca"),
        ({"archived": "1"}, "d"),
    ],
)
def test_the_list_as_asked_for(asked: dict[str, str], shown: str) -> None:
    found = listing(LINES, Query.of(asked))
    assert "".join(one.id for one in found.shown) == shown
    assert (found.current, found.archived) == (3, 1)


@given(st.dictionaries(st.sampled_from(["q", "sort", "turned", "archived"]), st.text(max_size=20)))
def test_any_address_gives_a_list_and_comes_back_the_same(asked: dict[str, str]) -> None:
    from urllib.parse import parse_qsl

    query = Query.of(asked)
    assert listing(LINES, query).current == 3
    assert Query.of(dict(parse_qsl(query.text.removeprefix("?")))) == query
    assert query.sort in SORTS


def test_the_same_enterprise_is_known_by_code_or_by_name() -> None:
    lines = (
        line("1", enterprise="甲厂", credit_code=CODE, at="2026-01-01"),
        line("2", enterprise="甲厂（新名）", credit_code=CODE, at="2026-01-02"),
        line("3", enterprise="甲厂", credit_code=OTHER, at="2026-01-03"),
        line("4", enterprise=" 甲厂", at="2026-01-04"),
    )
    assert [one.id for one in others_of("1", lines)] == ["4", "2"]
    assert others_of("unknown", lines) == ()


def test_a_line_says_how_far_the_example_is(tmp_path) -> None:
    parts = parts_at(tmp_path)
    state = parts.assessment(parts.load_example())
    one = summarise(state, parts.standard, parts.policy)
    assert (one.covered, one.decided, one.total, one.open_items) == (36, 34, 36, 2)
    assert (one.finality, one.level, one.level_name, one.low, one.high) == (
        "provisional",
        2,
        "发展级",
        "30.49",
        "37.15",
    )


def test_a_line_gives_no_level_that_what_is_open_can_change(tmp_path) -> None:
    parts = parts_at(tmp_path)
    name = parts.open_assessment("新厂")
    parts.review(name, "周敏").decide("1.1", 3, "现场看过")
    one = summarise(parts.assessment(name), parts.standard, parts.policy)
    assert (one.finality, one.level, one.level_name, one.shown) == ("provisional", 0, "", "")
    assert float(one.low) < float(one.high)


class Watched:
    """A store that notes what is read; everything else is the real one's."""

    def __init__(self, store) -> None:
        self._store, self.read_from = store, []

    def read(self, assessment: str, after: int = 0) -> list[Row]:
        self.read_from.append((assessment, after))
        return self._store.read(assessment, after)

    def append(self, rows: Sequence[Row]) -> None:
        self._store.append(rows)

    def assessments(self) -> list[str]:
        return self._store.assessments()

    def tails(self):
        return self._store.tails()


def test_only_new_rows_are_read_and_nothing_when_nothing_is_new(tmp_path) -> None:
    parts = parts_at(tmp_path)
    one, two = parts.begin(Opening.of("甲")), parts.begin(Opening.of("乙"))
    watched = Watched(parts.store)
    object.__setattr__(parts, "_database", watched)
    kept = Summaries(parts)
    assert {s.enterprise for s in kept.all(60)} == {"甲", "乙"}
    watched.read_from.clear()
    kept.all(60)
    assert watched.read_from == []
    tail = parts.store.read(one)[-1]
    watched.append(chain(one, tail, [Archived()], "2026-11-23T08:00:00+00:00", "顾问"))
    watched.read_from.clear()
    assert {s.id: s.archived for s in kept.all(60)} == {one: True, two: False}
    assert watched.read_from == [(one, 1)]


def test_a_restart_begins_with_what_was_kept_and_a_damaged_file_is_made_anew(tmp_path) -> None:
    parts = parts_at(tmp_path)
    name = parts.load_example()
    first = Summaries(parts).all(60)
    watched = Watched(parts.store)
    object.__setattr__(parts, "_database", watched)
    assert Summaries(parts).all(60) == first
    assert watched.read_from == []
    (tmp_path / "index" / "list.json").write_text("{oops", encoding="utf-8")
    assert Summaries(parts).all(60) == first
    assert [assessment for assessment, _ in watched.read_from] == [name]


def test_what_does_not_fit_into_a_visit_comes_later(tmp_path) -> None:
    parts = parts_at(tmp_path)
    name = parts.load_example()
    kept = Summaries(parts)
    assert [(s.id, s.pending) for s in kept.all(0)] == [(name, True)]
    kept.catch_up()
    assert [(s.id, s.pending) for s in kept.all(60)] == [(name, False)]


def test_a_broken_record_does_not_hide_the_others(tmp_path) -> None:
    parts = parts_at(tmp_path)
    parts.begin(Opening.of("甲"))
    row = chain("broken", None, [Archived()], "2026-11-23T08:00:00+00:00", "顾问")
    parts.store.append(row)
    lines = {s.id: s for s in Summaries(parts).all(60)}
    assert len(lines) == 2
    assert "不是从建立评估开始" in lines["broken"].broken
