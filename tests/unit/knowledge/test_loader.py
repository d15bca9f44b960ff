"""Somebody's own edition: every mistake is named by file, line and code, in Chinese, and all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import InvalidStandardError, Problem
from knowledge.loader import SHIPPED, check_standard, load_standard

FIRST = "- text: 仅有少量孤立的关键设备实现简单联网，设备联网率低于20%"


def edit(folder: Path, old: str, new: str, name: str = "structure.yaml") -> int:
    """Replace the first occurrence of a text; returns its line."""
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text.count("\n", 0, text.index(old)) + 1


def line_of(folder: Path, text: str) -> int:
    """Line of the first occurrence of a text."""
    content = (folder / "structure.yaml").read_text(encoding="utf-8")
    return content.count("\n", 0, content.index(text)) + 1


def found(folder: Path) -> list[tuple[int, str, str]]:
    return [(p.line, p.code, p.message) for p in check_standard(folder)]


def test_a_sound_folder_has_no_problems_and_loads_like_the_shipped_one(folder: Path) -> None:
    assert check_standard(folder) == []
    assert load_standard(folder) == load_standard(SHIPPED) == load_standard()


def test_layout_line_ends_and_byte_order_mark_do_not_change_the_standard(folder: Path) -> None:
    for name in ("source.txt", "structure.yaml"):
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"))
    edit(folder, "name: 设备联网情况", "name:     '设备联网情况'  # a comment")
    assert load_standard(folder).digest == load_standard().digest


@pytest.mark.parametrize("name", ["source.txt", "structure.yaml"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert check_standard(folder) == [Problem(name, 0, "", "文件不存在，请放入标准所在的文件夹")]


def test_both_files_missing_are_named_at_once(tmp_path: Path) -> None:
    assert [p.file for p in check_standard(tmp_path)] == ["source.txt", "structure.yaml"]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    place = tmp_path / "nowhere"
    message = f"文件夹不存在：{place}，请给出含有 structure.yaml 和 source.txt 的文件夹"
    assert check_standard(place) == [Problem("nowhere", 0, "", message)]


def test_a_folder_in_place_of_a_file_is_named(folder: Path) -> None:
    (folder / "structure.yaml").unlink()
    (folder / "structure.yaml").mkdir()
    [problem] = check_standard(folder)
    assert problem.message.startswith("文件无法读取（")


def test_a_file_that_is_not_utf_8_is_named_with_its_line(folder: Path) -> None:
    file = folder / "structure.yaml"
    file.write_bytes(b"id: x\ntitle: " + "标准".encode("gbk"))
    assert check_standard(folder) == [Problem("structure.yaml", 2, "", "不是 UTF-8 编码，请另存为 UTF-8")]


def test_an_empty_structure_is_named(folder: Path) -> None:
    (folder / "structure.yaml").write_text("# nothing yet\n", encoding="utf-8")
    assert check_standard(folder) == [Problem("structure.yaml", 0, "", "文件是空的")]


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("title: 工业", "title 工业", ""),
        ("band: [0, 20]", "band: [0, 20", ""),
        ("code: '3.1'", "code: '3.1", "code: '3.2'"),
        ("  name: 初始级", "\tname: 初始级", ""),
        ("name: 初始级", "name: 初\x07始级", ""),
    ],
)
def test_a_syntax_error_is_named_with_its_line(folder: Path, old: str, new: str, at: str) -> None:
    line = edit(folder, old, new)
    [problem] = check_standard(folder)
    assert (problem.file, problem.message[:9]) == ("structure.yaml", "YAML 写法有误")
    assert problem.line == (line_of(folder, at) if at else line)


FORM = [
    ("id: db37-iiam", "id: DB37", "", "", "“id”只能用小写字母、数字和连字符，例如 db37-iiam"),
    ("edition: 山东省地方标准草案", "edition:", "", "", "“edition”不能为空，应为文字"),
    ("code: '3.2'", "code: 3.2", "", "", "“code”的 3.2 没有加引号，会被读成小数，请写成 '3.2'"),
    ("code: '1.1'", "code: 1.10", "", "", "“code”的 1.10 没有加引号，会被读成小数，请写成 '1.10'"),
    ("name: 初始级", "name: yes", "", "L1", "“name”的 yes 没有加引号，会被读成是/否值，请写成 'yes'"),
    ("name: 初始级", "name: 2024-01-01", "", "L1", "“name”的 2024-01-01 没有加引号，会被读成日期，请写成 '2024-01-01'"),
    ("level: 1", "level: 一", "", "", "“level”应为不小于 0 的整数，且不加引号"),
    ("band: [0, 20]", "band: [0, 二十]", "", "L1", "“band”应为 [下限, 上限] 两个数，且 0 ≤ 下限 < 上限 ≤ 100"),
    ("band: [80, 100]", "band: [80, 101]", "", "L5", "“band”应为 [下限, 上限] 两个数，且 0 ≤ 下限 < 上限 ≤ 100"),
    (
        "name: 设备联网情况",
        "nam: 设备联网情况",
        "",
        "",
        "不认识的键“nam”，可用的键：code、name、clauses、aliases、page_break",
    ),
    ("name: 设备联网情况", "code: '1.1'", "", "", "键“code”重复"),
    ("aliases:\n      - 软件范围", "aliases: 软件范围", "", "3.1", "“aliases”应为列表（每项以“- ”开头）"),
    (
        "of: 设备联网率",
        "of: '设备联网率 '",
        "",
        "1.1-L1#1",
        "“of”为空，或首尾有空白，或含有换行、零宽字符等看不见的字符：'设备联网率 '",
    ),
    (
        "of: 设备联网率",
        "of: 设备\u200b联网率",
        "",
        "1.1-L1#1",
        "“of”为空，或首尾有空白，或含有换行、零宽字符等看不见的字符：'设备\\u200b联网率'",
    ),
    (
        "code: 1.1-L2",
        "code: 1.1-L6",
        "",
        "1.1-L6",
        "条款编码应为“子项-L等级”加可选的小写字母，等级为 1 到 5，例如 2.1-L3b",
    ),
    ("code: '1.2'", "code: '1.b'", "", "1.b", "能力子项编码应为“表号.行号”，例如 '1.1'"),
    (
        "page_break: [4, 29, 28, 28, 29, 29]",
        "page_break: [4, 29]",
        "",
        "4.5",
        "page_break 应有 6 个数：名称和五格在分页处之前各有多少字",
    ),
    ("- term: '3.2'", "- term: '3.9'", "", "", "document 引用的术语 3.9没有定义"),
    ("- table: 13\n", "- table: 14\n", "", "", "document 引用的表14没有定义"),
    ("            band: [0, 20]\n", "", "            of: 设备联网率", "1.1-L1#1", "缺少键“band”"),
]


@pytest.mark.parametrize(("old", "new", "at", "code", "message"), FORM)
def test_a_mistake_of_form_is_named(folder: Path, old: str, new: str, at: str, code: str, message: str) -> None:
    line = edit(folder, old, new)
    assert (line_of(folder, at) if at else line, code, message) in found(folder)


RULES = [
    (
        FIRST,
        f"{FIRST[:-1]}％",
        "",
        "1.1-L1#1",
        "要点不是条款原文中的一段：“仅有少量孤立的关键设备实现简单联网，设备联网率低于20％”",
    ),
    ("- 数据传输速度慢且不稳定", "- 数据传输速度慢", "", "1.3-L1#1", "条款中的“且不稳定”不属于任何要点"),
    ("- 且对协议的应用也只是停留", "- 协议的应用也只是停留", "", "1.4-L1#2", "条款中的“且对”不属于任何要点"),
    (
        "基本的数据读取层面\n        requirements",
        "基本的数据读取层面吗\n        requirements",
        "- 且对协议的应用",
        "1.4-L1#2",
        "条款末尾的“吗”不属于任何要点",
    ),
    (
        "- 且对协议的应用",
        "- 如常见的Modbus协议，且对协议的应用",
        "",
        "1.4-L1#2",
        "要点与前一要点重叠，或次序颠倒：“如常见的Modbus协议，且对协议的应用也只是停留在基本的数据读取层面”",
    ),
    (
        "        requirements:\n        - 网络覆盖范围非常有限，仅在局部的生产区域或特定部门有网络连接，如一个小型车间或设备集中区域\n",
        "        requirements: []\n",
        "code: 1.2-L1\n",
        "1.2-L1",
        "没有要点（requirements），每个条款至少要有一个",
    ),
    ("code: 1.2-L3", "code: 1.3-L3", "", "1.3-L3", "条款写在能力子项 1.2 里，编码却不是它的"),
    ("code: 2.1-L3b", "code: 2.1-L2c", "code: '2.1'", "2.1", "条款应按等级从低到高排列"),
    ("code: 1.2-L3", "code: 1.2-L2b", "code: '1.2'", "1.2", "缺少第 3 级的条款，五个等级都要有"),
    (
        "code: 1.2-L3",
        "code: 1.2-L2b",
        "code: 1.2-L2\n",
        "1.2-L2",
        "一格只有一个条款时不带字母，否则字母从 a 起依次排列",
    ),
    ("code: 2.1-L1b", "code: 2.1-L1c", "", "2.1-L1c", "一格只有一个条款时不带字母，否则字母从 a 起依次排列"),
    (
        "            of: 设备联网率",
        "            of: 联网率",
        "",
        "1.1-L1#1",
        "比率名称“联网率”与同一能力子项的“设备联网率”不同",
    ),
    ("            band: [20, 40]", "            band: [20, 45]", "", "1.1-L2#1", "区间端点 45 在要点原文中没有出现"),
    (
        "            band: [20, 40]",
        "            band: [20, 45]",
        "            band: [40, 60]",
        "1.1-L3#1",
        "比率区间不连续：下限应为 45，实为 40",
    ),
    ("            band: [80, 100]", "            band: [80, 99]", "", "1.1", "比率区间应到 100 为止，实为 99"),
    (
        f"{FIRST}\n          rate:\n            of: 设备联网率\n            band: [0, 20]",
        FIRST,
        "- text: 部分重要设备实现联网",
        "1.1",
        "有比率的能力子项，每个等级应恰有一个带 rate 的要点",
    ),
    ("  band: [20, 40]", "  band: [25, 40]", "", "L2", "分数段不连续：下限应为 20，实为 25"),
    ("  band: [80, 100]", "  band: [80, 90]", "", "L5", "分数段应到 100 为止，实为 90"),
    ("- level: 5\n- code", "- level: 4\n- code", "", "", "document 重复引用等级 4"),
    (
        "- code: '5.2'\n  title: 5.2 数据",
        "- code: '5.2'\n  title: 5.3 数据",
        "",
        "5.2",
        "编号应与标题“5.3 数据管理层”开头的编号相同，其后空一格",
    ),
    (
        "- number: 13\n  section: 5.4.5",
        "- number: 13\n  section: 5.4.6",
        "  section: 5.4.6",
        "表13",
        "没有章节 5.4.6",
    ),
    ("    section: 5.1.2\n", "    section: 5.1.1\n", "", "设备数字化与智能化", "章节 5.1.1 与表2的章节 5.1.2 不同"),
    ("- name: 数据管理层\n", "- name: 数据层\n", "", "数据层", "名称与章节 5.2 及其上级章节的标题都不同"),
    (
        "  - name: 网络互联能力",
        "  - name: 网络能力",
        "",
        "网络能力",
        "名称应同章节 5.1.1 的标题“网络互联能力”或其唯一子项的名称",
    ),
    ("      - 软件范围", "      - 网络覆盖范围", "", "3.1", "别名“网络覆盖范围”与 1.2 的名称或别名相同"),
    ("      - 软件范围", "      - 软件的范围", "", "3.1", "“软件的范围”在 source.txt 中找不到"),
    ("      name: 网络覆盖范围", "      name: 设备联网情况", "", "1.2", "名称“设备联网情况”与 1.1 的名称或别名相同"),
    ("“三个等级”", "“四个等级”", "", "缺陷1", "“四个等级”在 source.txt 中找不到"),
    ("- number: 2\n  where", "- number: 1\n  where", "", "缺陷1", "编号重复"),
    (
        "title: 工业互联网应用成熟度评估模型\n",
        "title: 成熟度评估办法\n",
        "",
        "",
        "“成熟度评估办法”在 source.txt 中找不到",
    ),
]


@pytest.mark.parametrize(("old", "new", "at", "code", "message"), RULES)
def test_a_broken_rule_is_named(folder: Path, old: str, new: str, at: str, code: str, message: str) -> None:
    line = edit(folder, old, new)
    assert (line_of(folder, at) if at else line, code, message) in found(folder)


@pytest.mark.parametrize(
    ("old", "code", "first"), [("code: 1.2-L3", "1.2-L2", "code: 1.2-L2"), ("code: '1.2'", "1.1", "code: '1.1'")]
)
def test_a_code_that_comes_twice_is_named_with_both_lines(folder: Path, old: str, code: str, first: str) -> None:
    line = edit(folder, old, first)
    assert found(folder)[0] == (line, code, f"编码重复，第 {line_of(folder, first)} 行已经有了")


def test_a_subitem_is_numbered_by_table_and_row(folder: Path) -> None:
    line = line_of(folder, "code: '1.2'")
    text = (folder / "structure.yaml").read_text(encoding="utf-8")
    text = text.replace(" 1.2-L", " 1.5-L").replace("[1.2-L", "[1.5-L").replace("code: '1.2'", "code: '1.5'")
    (folder / "structure.yaml").write_text(text, encoding="utf-8")
    assert found(folder) == [(line, "1.5", "按表号和行号，此能力子项的编码应为 '1.2'")]


def test_what_a_requirement_exceeds_is_a_requirement_of_a_lower_level(folder: Path) -> None:
    line = edit(folder, "- 除了关键设备外", "- exceeds: [1.1-L1#1, 1.1-L3#1, 1.2-L1#1]\n          text: 除了关键设备外")
    message = "exceeds 中的 {} 不是本能力子项更低等级的要点"
    assert found(folder) == [(line, "1.1-L2#2", message.format(code)) for code in ("1.1-L3#1", "1.2-L1#1")]


def test_all_mistakes_are_found_at_once_in_the_order_of_lines(folder: Path) -> None:
    edits = [
        ("            band: [20, 40]", "            band: [20, 45]"),
        ("code: '1.2'", "code: 1.2"),
        ("- 数据传输速度慢且不稳定", "- 数据传输速度慢"),
        ("code: 9.1-L1b", "code: 9.1-L6b"),
    ]
    first, second, third, fourth = (edit(folder, old, new) for old, new in edits)
    next_band = line_of(folder, "            band: [40, 60]")
    assert [p.line for p in check_standard(folder)] == [first, next_band, second, third, fourth]


def test_loading_an_unsound_folder_raises_with_every_problem_in_chinese(folder: Path) -> None:
    line = edit(folder, "- 数据传输速度慢且不稳定", "- 数据传输速度慢")
    with pytest.raises(InvalidStandardError) as caught:
        load_standard(folder)
    assert list(caught.value.problems) == check_standard(folder)
    assert str(caught.value) == (
        f"标准数据 {folder} 有 1 处问题：\n- structure.yaml 第 {line} 行（1.3-L1#1）：条款中的“且不稳定”不属于任何要点"
    )


def test_a_long_list_of_problems_is_cut_in_the_message_only() -> None:
    problems = [Problem("structure.yaml", n, "", "错") for n in range(1, 31)]
    error = InvalidStandardError("x", problems)
    assert len(error.problems) == 30
    assert str(error).splitlines()[-1] == "……另有 10 处，改好以上各处后再检查"
