"""Files that people hand in, read into statements with place and speaker."""

from __future__ import annotations

import pytest

from assistant.assessment.document import Statement
from assistant.documents.parse import parse
from evals.performance.samples import docx, pdf, xlsx


def said(content: bytes | str, suffix: str = ".txt") -> list[tuple[str, str, str]]:
    """(place, speaker, text) of every statement."""
    data = content.encode() if isinstance(content, str) else content
    return [(s.place, s.speaker, s.text) for s in parse(data, suffix).statements]


def test_names_before_a_colon_and_in_brackets_are_speakers():
    text = "李工：网关装了七个。\n【王主任】规程都有。\n张建国（设备科长）：没有探头。\n设备联网率：46%"
    assert said(text) == [
        ("第1段", "李工", "网关装了七个。"),
        ("第2段", "王主任", "规程都有。"),
        ("第3段", "张建国", "没有探头。"),
        ("第4段", "张建国", "设备联网率：46%"),
    ]


def test_a_list_of_people_gives_roles_by_name_and_by_surname():
    text = "参会人员：刘建国（设备主任）、孙伟（IT专员）\n刘工：有九十七台。\n孙伟：没有死角。\n"
    statements = parse(text.encode(), ".txt").statements
    assert [(s.speaker, s.role) for s in statements] == [("刘工", "设备主任"), ("孙伟", "IT专员")]


def test_who_reports_is_the_speaker_and_the_words_stay_whole():
    assert said("本次座谈的要点如下。\n赵部长介绍，计划在U8里跑。\n会后看了车间。") == [
        ("第1段", "", "本次座谈的要点如下。"),
        ("第2段", "赵部长", "赵部长介绍，计划在U8里跑。"),
        ("第3段", "", "会后看了车间。"),
    ]


def test_time_stamps_are_places_and_twins_are_told_apart():
    text = "[00:12:31] 说话人2：有。\n[00:12:31] 说话人1：多少？\n说话人 2 00:13:01\n九十七台。\n李总(01:02:03)：行。"
    assert said(text) == [
        ("00:12:31", "说话人2", "有。"),
        ("00:12:31（2）", "说话人1", "多少？"),
        ("00:13:01", "说话人 2", "九十七台。"),
        ("01:02:03", "李总", "行。"),
    ]


def test_captions_that_go_on_are_one_statement():
    text = "1\n00:00:01,000 --> 00:00:03,000\n台账上二百一十二台套，\n\n2\n00:00:03,000 --> 00:00:05,000\n上网的九十七台。\n"
    assert said(text, ".srt") == [("00:00:01,000", "", "台账上二百一十二台套，上网的九十七台。")]


def test_remarks_of_the_minute_taker_are_nobodys_words():
    assert said("李工：有。\n（茶歇十分钟。）\n李工：没有。")[1] == ("第2段", "", "（茶歇十分钟。）")


def test_lines_about_the_talk_and_titles_are_left_out_but_counted():
    text = "# 访谈纪要\n- 时间：三月\n- 顾问：王敏\n\n## 一、设备\n\n- 机器**九十七台**上了网。\n"
    (statement,) = parse(text.encode(), ".md").statements
    assert statement == Statement(number=1, place="第5段", text="机器九十七台上了网。", heading="一、设备")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_any_usual_encoding(encoding):
    assert said("李工：机器都联网了。".encode(encoding)) == [("第1段", "李工", "机器都联网了。")]


def test_word_paragraphs_and_tables_in_order():
    content = docx(["李工：有防火墙。"], [["问题", "回答"], ["有没有备份？", "每晚备两份。"], ["设备联网率", "46%"]])
    statements = parse(content, ".docx").statements
    assert [(s.place, s.text, s.heading) for s in statements] == [
        ("第2段", "有防火墙。", "设备与网络"),
        ("表1第2行第2列", "每晚备两份。", "设备与网络 回答 有没有备份？"),
        ("表1第3行第1列:第2列", "设备联网率：46%", "设备与网络 回答 设备联网率"),
    ]


def test_sheets_by_cell_and_hidden_ones_not_at_all():
    contents = parse(
        xlsx([("指标", "数值"), ("设备联网率", 0.46), ("说明", "包括冷藏车，四月盘点。")], hidden="草稿"), ".xlsx"
    )
    assert [(s.place, s.text) for s in contents.statements] == [
        ("工作表“台账”A2:B2", "设备联网率：46%"),
        ("工作表“台账”B3", "包括冷藏车，四月盘点。"),
    ]
    assert contents.notes == ("工作表“草稿”是隐藏的，没有读。",)


def test_a_pdf_by_page_with_a_word_on_empty_pages():
    contents = parse(pdf([["李工：有九十七台。"], [], ["王工：没有。"]]), ".pdf")
    assert [(s.place, s.speaker, s.text) for s in contents.statements] == [
        ("第1页第1段", "李工", "有九十七台。"),
        ("第3页第1段", "王工", "没有。"),
    ]
    assert contents.notes == ("第 2 页没有文字（可能是扫描页或图片），没有读。",)


def test_lines_that_the_page_broke_are_joined():
    (first, second) = said(
        pdf([["设备台账上一共有二百一十二台套，真正连上网的", "九十七台。", "王工：其余没有。"]]), ".pdf"
    )
    assert first[2] == "设备台账上一共有二百一十二台套，真正连上网的九十七台。"
    assert second == ("第1页第2段", "王工", "其余没有。")


def test_a_name_that_comes_with_its_post_is_a_speaker_from_the_first_line():
    text = "周长河（设备主任）：联网的九十七台。"
    (statement,) = parse(text.encode(), ".txt").statements
    assert (statement.speaker, statement.role, statement.text) == ("周长河", "设备主任", "联网的九十七台。")
    assert said("金额（单位万元）：三百。") == [("第1段", "", "金额（单位万元）：三百。")]


def test_however_the_list_of_people_is_called():
    text = "参加人：刘经理（生产经理）、周工（信息化主管）\n刘经理：用ERP排。\n周工：都上了。"
    statements = parse(text.encode(), ".txt").statements
    assert [(s.speaker, s.role) for s in statements] == [("刘经理", "生产经理"), ("周工", "信息化主管")]


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("时间：2026年3月5日  地点：二楼会议室", "2026-03-05"),
        ("访谈日期: 2026-03-05 下午", "2026-03-05"),
        ("会议时间：2026.3.5", "2026-03-05"),
        ("时间：2026年13月5日", ""),
        ("时间：下午两点", ""),
        ("", ""),
    ],
)
def test_the_day_that_a_file_gives_for_itself(head, day):
    assert parse(f"访谈纪要\n{head}\n李工：有。".encode(), ".txt").dated == day
