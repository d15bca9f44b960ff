"""A changed character in either file, or text in the wrong place, is caught and located in both."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from knowledge.errors import Problem
from knowledge.loader import SHIPPED, check_standard
from knowledge.proof import Source

STRANGE = "〇"
TEXT = (SHIPPED / "structure.yaml").read_text(encoding="utf-8")
SOURCE = (SHIPPED / "source.txt").read_text(encoding="utf-8")
PLACE = re.compile(r"source\.txt 第 (\d+)(?:—(\d+))? 行")


def write(folder: Path, name: str, text: str) -> list[Problem]:
    (folder / name).write_text(text, encoding="utf-8")
    return check_standard(folder)


def line_of(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def changed(text: str, at: int, kind: str) -> str:
    return text[:at] + {"delete": "", "replace": STRANGE, "insert": STRANGE + text[at]}[kind] + text[at + 1 :]


def clause_texts() -> list[int]:
    """Positions of every character of the clauses' texts in structure.yaml."""
    lines = re.finditer(r"^      - code: \S+-L\S+\n        text: '?(.*?)'?$", TEXT, re.MULTILINE)
    return [at for line in lines for at in range(line.start(1), line.end(1))]


@pytest.mark.parametrize("kind", ["delete", "replace", "insert"])
@pytest.mark.parametrize("seed", range(8))
def test_a_changed_character_of_a_clause_is_named_with_both_lines(folder: Path, kind: str, seed: int) -> None:
    at = random.Random(f"{kind} {seed}").choice(clause_texts())
    problems = write(folder, "structure.yaml", changed(TEXT, at, kind))
    named = [p for p in problems if PLACE.search(p.message)]
    assert [p.line for p in named] == [line_of(TEXT, at)]
    code = re.findall(r"- code: (\S+)", TEXT[:at])[-1]
    assert [p.code for p in named] == [code]


@pytest.mark.parametrize("kind", ["delete", "replace", "insert"])
@pytest.mark.parametrize("seed", range(8))
def test_a_changed_character_of_the_source_is_named_with_its_line(folder: Path, kind: str, seed: int) -> None:
    places = [at for at, char in enumerate(SOURCE) if not char.isspace()]
    at = random.Random(f"{kind} {seed}").choice(places)
    [message] = [p.message for p in write(folder, "source.txt", changed(SOURCE, at, kind)) if PLACE.search(p.message)]
    first, last = PLACE.findall(message)[0]
    assert int(first) <= line_of(SOURCE, at) <= int(last or first)


def test_the_message_shows_what_should_stand_there_and_what_does(folder: Path) -> None:
    at = TEXT.index("一些辅助生产设备也开始接入网络")
    [problem] = [p for p in write(folder, "structure.yaml", changed(TEXT, at, "delete")) if "不一致" in p.message]
    source_line = line_of(SOURCE, SOURCE.index("备外，一些辅助生产设备"))
    assert problem == Problem(
        "structure.yaml",
        line_of(TEXT, at),
        "1.1-L2",
        f"与 source.txt 第 {source_line} 行不一致：此处应为“…40%。除了关键设备外，【一】些辅助生产设备也开始接入…”，"
        "实为“…40%。除了关键设备外，【】些辅助生产设备也开始接入…”（【】内为差异）",
    )


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("caption: 数据管理层的成熟度要求", "caption: 数据管理的成熟度要求", "表6"),
        ("  - 卓越级", "  - 卓绝级", "表5"),
        ("name: 泛在连接", "name: 泛在互联", "4.2"),
        ("marker: b)", "marker: b）", "11.1-L4b"),
        ("english: industrial internet application maturity\n", "english: industrial internet maturity\n", "3.1"),
        ("其价值。", "价值。", "L1"),
        ("title: 4.1 评估框架", "title: 4.1 评价框架", "4.1"),
        ("text: 下列术语", "text: 以下术语", "3"),
    ],
)
def test_everything_else_of_the_document_is_proven_too(folder: Path, old: str, new: str, code: str) -> None:
    assert TEXT.count(old) == 1
    problems = write(folder, "structure.yaml", TEXT.replace(old, new))
    assert [p.code for p in problems if PLACE.search(p.message)] == [code]


def test_a_table_left_out_is_caught_before_and_with_all_it_holds(folder: Path) -> None:
    missing, difference = write(folder, "structure.yaml", TEXT.replace("- table: 9\n", ""))
    assert missing.message == "document 没有引用表9"
    assert difference.code == "5.4.1"
    assert re.findall("【(.*?)】", difference.message) == [
        "表9产品创新成熟度要求能……同推进产品技术的不断进步（共516字）",
        "",
        "",
    ]


def test_text_pushed_into_the_next_cell_is_named_though_the_row_reads_the_same(folder: Path) -> None:
    end, start = "仅有少量孤立的关键设备实现简单联网，设备联网率低于20%", "部分重要设备实现联网"
    pushed = TEXT.replace(end, end[:-3]).replace(start, end[-3:] + start)
    [problem] = [p for p in write(folder, "structure.yaml", pushed) if "连在一起" in p.message]
    line = line_of(SOURCE, SOURCE.index("网率低于20%"))
    assert (problem.code, problem.line) == ("1.1-L2", line_of(TEXT, TEXT.index(f"text: {start}")))
    assert problem.message == (
        f"这里以“20%部分重要设备实现联”开头，但在 source.txt 第 {line} 行它与前面的“简单联网，设备联网率低于”"
        "连在一起，请检查与前一段、前一格的分界"
    )


def test_two_clauses_in_each_others_place_are_caught(folder: Path) -> None:
    first, second = "成为行业数据治理的标杆", "具备智能化的数据采集能力"
    swapped = TEXT.replace(first, STRANGE).replace(second, first).replace(STRANGE, second)
    assert {p.code for p in write(folder, "structure.yaml", swapped)} == {"6.1-L5"}


def test_a_clause_left_out_is_caught_at_its_neighbour(folder: Path) -> None:
    clause = re.search(r"      - code: 13\.1-L5d\n(?:        .*\n?)+", TEXT)
    assert clause
    [problem] = write(folder, "structure.yaml", TEXT.replace(clause[0], ""))
    assert (problem.code, "d）服务创新成果得到广泛认可" in problem.message) == ("13.1-L5c", True)


def test_a_wrong_page_break_is_named_with_its_line(folder: Path) -> None:
    old = "page_break: [4, 29, 28, 28, 29, 29]"
    [problem] = write(folder, "structure.yaml", TEXT.replace(old, old.replace("28, 28", "28, 27")))
    line = line_of(TEXT, TEXT.index(old))
    assert problem.code == "4.5-L3"
    assert problem.message.endswith(f"；这一行被分页切开，也请检查第 {line} 行的 page_break")


@pytest.mark.parametrize("tail", ["服务创新服务创新服务创新", ""])
def test_more_or_less_at_the_end_of_the_source_is_caught(folder: Path, tail: str) -> None:
    text = SOURCE.rstrip() + tail if tail else SOURCE.rstrip()[:-4]
    [problem] = [p for p in write(folder, "source.txt", text) if "不一致" in p.message]
    assert problem.code == "C"


def test_an_empty_source_is_caught_at_the_beginning(folder: Path) -> None:
    [problem] = [p for p in write(folder, "source.txt", "\n") if "不一致" in p.message]
    assert (problem.code, PLACE.findall(problem.message)) == ("front", [("1", "")])


def test_white_space_and_page_breaks_of_the_source_do_not_matter(folder: Path) -> None:
    reflowed = "\f\n".join(SOURCE.replace("\n\n", " \u3000\r\n").split("\f"))
    assert write(folder, "source.txt", "\n\f" + reflowed) == []


def test_the_source_knows_lines_and_what_follows_white_space() -> None:
    source = Source.of("一 二\n\n三四\f五")
    assert source == Source("一二三四五", (1, 1, 3, 3, 3), (True, True, True, False, True))
