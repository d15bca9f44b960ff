"""The Word template that ships with the product, built by program so that it can be built again and compared.

`iiam report --write-template` hands it out for an agency to change; its fields are those of `ReportView` and the
helpers of `docx.context`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.reports.docx_parts import (
    COVER,
    LABEL,
    NOTE,
    QUOTE,
    element,
    exactly,
    field,
    grid,
    heading,
    hint,
    loop,
    make_styles,
    repeat,
    tinted,
    update_fields,
)

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

TWO = (3.2, 13.3)


def build_template() -> Document:
    """The template as a python-docx document."""
    from docx import Document as new_document
    from docx.shared import Cm

    document = new_document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.25)
    section.top_margin, section.bottom_margin = Cm(2.3), Cm(2.2)
    section.different_first_page_header_footer = True
    document.core_properties.title = "{{ title }}"
    document.core_properties.author = "{{ enterprise }}"
    document.core_properties.subject = "{{ assessment }}"
    document.core_properties.comments = ""
    make_styles(document)
    _head_and_foot(document)
    _cover(document)
    _contents(document)
    _summary(document)
    _method(document)
    _result(document)
    _subitems(document)
    _roadmap(document)
    _annexes(document)
    hint(document)
    update_fields(document)
    return document


def _head_and_foot(document: Document) -> None:
    section = document.sections[0]
    head = section.header.paragraphs[0]
    head.text = "{{ enterprise }}　{{ title }}{% if draft %}\t【待确认】{% endif %}"
    foot = section.footer.paragraphs[0]
    foot.add_run("{{ assessment }}　{{ grade_line }}　记录哈希 {{ seal.hash[:16] }}\t第 ")
    field(foot, "PAGE")
    foot.add_run(" 页，共 ")
    field(foot, "NUMPAGES")
    foot.add_run(" 页")


def _cover(document: Document) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    def centred(text: str, style: str, before: float, size: float = 0, bold: bool = False) -> None:
        paragraph = document.add_paragraph(style=style)
        run = paragraph.add_run(text)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before = Pt(before)
        run.bold = bold or None
        if size:
            run.font.size = Pt(size)

    centred("{{ standard_title }}（{{ standard_number }}）", COVER, 60)
    centred("{{ title }}", "Title", 36)
    centred("{{ enterprise }}", COVER, 18, 18, bold=True)
    loop(document, "if grade.level")
    centred("{{ grade.finality_text }}", COVER, 70, 12)
    loop(document, "endif")
    loop(document, "if grade.placed")
    centred("{{ cover_level }}", COVER, 6, 34, bold=True)
    loop(document, "else")
    centred("{{ cover_level }}", COVER, 6, 24, bold=True)
    loop(document, "endif")
    loop(document, "if score_line")
    centred("{{ score_line }}", COVER, 6, 14)
    loop(document, "endif")
    loop(document, "if draft")
    centred("待确认稿：尚未签发，不作为评估结论", COVER, 14, 12, bold=True)
    loop(document, "endif")
    widths = (3.6, 9.4)
    gap = document.add_paragraph(style=COVER)
    gap.paragraph_format.space_before = Pt(60)
    table = grid(document, widths)
    repeat(table, "for line in cover", ["{{ line.label }}", "{{ line.text }}"], widths, label=True)


def _contents(document: Document) -> None:
    from docx.shared import Pt

    title = document.add_paragraph(style=LABEL)
    title.add_run("目　录").font.size = Pt(16)
    title.paragraph_format.page_break_before = True
    title.paragraph_format.space_after = Pt(10)
    start = document.add_paragraph()
    start.paragraph_format.space_after = Pt(0)
    exactly(start, 1)
    _begin(start)
    loop(document, "for entry in contents")
    for level in (1, 2, 3):
        loop(document, f"if entry.level == {level}")
        line = document.add_paragraph(style=f"TOC {level}")
        link = element("hyperlink", anchor="_Toc{{ entry.mark }}", history="1")
        line.add_run("{{ entry.text }}\t")
        field(line, "PAGEREF _Toc{{ entry.mark }} \\h", "")
        for run in line.runs:
            link.append(run._r)
        line._p.append(link)
        loop(document, "endif")
    loop(document, "endfor")
    end = document.add_paragraph()
    end.paragraph_format.space_after = Pt(0)
    exactly(end, 1)
    end.add_run()._r.append(element("fldChar", fldCharType="end"))


def _begin(paragraph: Paragraph) -> None:
    """The start of the contents field, marked as out of date: only Word knows on which page a heading comes to stand."""
    paragraph.add_run()._r.append(element("fldChar", fldCharType="begin", dirty="true"))
    instruction = element("instrText")
    instruction.text = ' TOC \\o "1-3" \\h \\z \\u '
    paragraph.add_run()._r.append(instruction)
    paragraph.add_run()._r.append(element("fldChar", fldCharType="separate"))


def _summary(document: Document) -> None:
    first = heading(document, "一、摘要", 1, "1")
    first.paragraph_format.page_break_before = True
    document.add_paragraph(
        "{{ enterprise }}{% if industry %}，所属行业：{{ industry }}{% endif %}。{{ grade.sentence }}"
    )
    loop(document, "if estimate")
    document.add_paragraph("{{ estimate.sentence }}")
    loop(document, "endif")
    table = grid(document, TWO)
    repeat(table, "for line in counts", ["{{ line.label }}", "{{ line.text }}"], TWO, label=True)
    loop(document, "for part in highlights")
    document.add_paragraph("{{ part.title }}", style=LABEL)
    loop(document, "for text in part.paragraphs")
    document.add_paragraph("{{ text }}")
    loop(document, "endfor")
    loop(document, "endfor")


def _method(document: Document) -> None:
    heading(document, "二、评估方法与评分政策", 1, "2")
    heading(document, "（一）定级方法", 2, "21")
    loop(document, "for text in method")
    document.add_paragraph("{{ text }}")
    loop(document, "endfor")
    heading(document, "（二）评分政策", 2, "22")
    document.add_paragraph(
        "标准没有规定权重和总分的算法，本次评估采用下表的评分政策，与结果一并存档。"
    ).paragraph_format.keep_with_next = True
    table = grid(document, TWO)
    repeat(table, "for line in policy", ["{{ line.label }}", "{{ line.text }}"], TWO, label=True)
    loop(document, "if defects")
    heading(document, "（三）标准文本的疑点与处理", 2, "23")
    document.add_paragraph(
        "标准原文有以下与定级、计分有关的疑点，原文照录不改，按所列方式处理。"
    ).paragraph_format.keep_with_next = True
    widths = (2.2, 7.0, 7.3)
    table = grid(document, widths, ("位置", "疑点", "处理"))
    repeat(table, "for d in defects", ["{{ d.where }}", "{{ d.text }}", "{{ d.decision }}"], widths)
    loop(document, "endif")


def _result(document: Document) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    heading(document, "三、总体结果", 1, "3")
    for text, caption in (("{{ radar }}", "图 1　各能力项得分"), ("{{ strip }}", "图 2　各能力子项等级")):
        picture = document.add_paragraph(text)
        picture.alignment = WD_ALIGN_PARAGRAPH.CENTER
        picture.paragraph_format.keep_with_next = True
        below = document.add_paragraph(caption, style=NOTE)
        below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("表 1　能力域与能力项", style=LABEL).paragraph_format.page_break_before = True
    widths = (4.0, 5.7, 2.2, 2.2, 2.4)
    table = grid(document, widths, ("能力域", "能力项", "权重", "得分", "所处等级段"))
    row = repeat(
        table,
        "for row in scores",
        ["{{ row.domain }}", "{{ row.item }}", "{{ row.weight }}", "{{ row.score }}", "{{ row.level }}"],
        widths,
    )
    for cell in row.cells[2:]:
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    loop(document, "if estimate")
    document.add_paragraph(
        "图 1、图 2 和表 1 都计入了尚待复核的建议等级，总分按此为 {{ estimate.shown }}。", style=NOTE
    )
    loop(document, "endif")


def _subitems(document: Document) -> None:
    heading(document, "四、分项评估", 1, "4").paragraph_format.page_break_before = True
    loop(document, "for d in domains")
    heading(document, "{{ d.heading }}", 2, "{{ d.mark }}")
    document.add_paragraph("{{ d.note }}", style=NOTE).paragraph_format.keep_with_next = True
    loop(document, "for s in d.subitems")
    heading(document, "{{ s.code }} {{ s.name }}", 3, "{{ s.mark }}")
    chip = document.add_paragraph(style=NOTE)
    chip.paragraph_format.keep_with_next = True
    tinted(chip, " {{ s.outcome }} ", "{{ s.fill }}", "{{ s.ink }}")
    chip.add_run("　{{ s.facts }}")
    loop(document, "for part in s.sections")
    document.add_paragraph("{{ part.title }}", style=LABEL)
    loop(document, "for text in part.paragraphs")
    document.add_paragraph("{{ text }}")
    loop(document, "endfor")
    loop(document, "endfor")
    loop(document, "if s.missing")
    document.add_paragraph("定级还缺", style=LABEL)
    loop(document, "for text in s.missing")
    document.add_paragraph("{{ text }}", style="List Bullet")
    loop(document, "endfor")
    loop(document, "endif")
    _clauses(document)
    loop(document, "if s.quotes")
    document.add_paragraph("原话", style=LABEL)
    loop(document, "for q in s.quotes")
    document.add_paragraph(
        "{{ q.number }}. “{{ q.text }}”——{{ q.who }}，{{ q.kind }}，{{ q.source }}{% if q.question %}（问：{{ q.question }}）{% endif %}",
        style=QUOTE,
    )
    loop(document, "endfor")
    loop(document, "endif")
    loop(document, "for text in s.remarks")
    document.add_paragraph("注：{{ text }}", style=NOTE)
    loop(document, "endfor")
    loop(document, "endfor")
    loop(document, "endfor")


def _clauses(document: Document) -> None:
    loop(document, "if s.clauses")
    document.add_paragraph("条款对照", style=LABEL)
    widths = (2.9, 9.3, 2.2, 2.1)
    table = grid(document, widths, ("条款", "条款原文", "结论", "原话"))
    repeat(table, "for c in s.clauses", ["{{ c.place }}", "{{ c.text }}", "{{ c.stand }}", "{{ c.cited }}"], widths)
    loop(document, "endif")


def _roadmap(document: Document) -> None:
    heading(document, "五、提升路线", 1, "5")
    document.add_paragraph(
        "按各子项提升一级对总分的贡献从大到小排列；贡献相同的，等级低的在前。{{ roadmap_note }}"
    ).paragraph_format.keep_with_next = True
    loop(document, "if steps")
    widths = (1.1, 3.6, 2.6, 1.8, 7.4)
    table = grid(document, widths, ("次序", "能力子项", "由 → 到", "总分增加", "需要做到"))
    repeat(
        table,
        "for step in steps",
        [
            "{{ step.rank }}",
            "{{ step.code }} {{ step.name }}",
            "L{{ step.from_level }} → L{{ step.to_level }}",
            "{{ step.gain }}",
            "{{ step.needs | join('；') }}",
        ],
        widths,
    )
    loop(document, "endif")
    loop(document, "if more_steps")
    document.add_paragraph("其余 {{ more_steps }} 项的贡献不高于以上各项，见各子项的改进建议。", style=NOTE)
    loop(document, "endif")


def _annexes(document: Document) -> None:
    heading(document, "附录 A　得分计算过程", 1, "6").paragraph_format.page_break_before = True
    document.add_paragraph(
        "各层的得分等于下一层得分按实计权重相加。不适用或未定的部分不计，权重由同级其余部分按比例分担，分担之后即为实计权重。"
    )
    widths: tuple[float, ...] = (5.6, 2.0, 2.0, 1.8, 1.2, 3.9)
    table = grid(document, widths, ("名称", "政策权重", "实计权重", "得分", "等级", "计分规则"))
    repeat(
        table,
        "for n in nodes",
        ["{{ n.label }}", "{{ n.given }}", "{{ n.weight }}", "{{ n.score }}", "{{ n.level }}", "{{ n.rule }}"],
        widths,
    )
    loop(document, "if variants")
    document.add_paragraph("换一种取分位置或权重时的得分与等级（不计实测比例和复核人另定的得分）", style=LABEL)
    widths = (5.1, 3.8, 3.8, 3.8)
    table = grid(document, widths, ("权重", "分段下限", "分段中值", "分段上限"))
    variant = ["{{ n.weights }}", "{{ n.floor }}", "{{ n.middle }}", "{{ n.ceiling }}"]
    repeat(table, "for n in variants", variant, widths, together=True)
    document.add_paragraph("{{ sensitive }}", style=NOTE)
    loop(document, "endif")
    heading(document, "附录 B　复核中的改动", 1, "7")
    _or_none(document, "decisions", "复核没有改动任何建议。")
    widths = (4.3, 2.0, 2.8, 5.2, 2.2)
    table = grid(document, widths, ("能力子项", "建议", "复核", "理由", "复核人"))
    repeat(
        table,
        "for d in decisions",
        ["{{ d.code }} {{ d.name }}", "{{ d.proposed }}", "{{ d.decided }}", "{{ d.reason }}", "{{ d.reviewer }}"],
        widths,
    )
    loop(document, "endif")
    heading(document, "附录 C　受访人员", 1, "8")
    _or_none(document, "people", "没有访谈记录。")
    widths = (2.4, 3.0, 1.8, 6.0, 3.3)
    table = grid(document, widths, ("姓名", "岗位", "回答次数", "涉及子项", "日期"))
    repeat(
        table,
        "for p in people",
        [
            "{{ p.name }}",
            "{{ p.role or '未填写' }}",
            "{{ p.answers }}",
            "{{ p.subitems | join('　') }}",
            "{{ p.days }}",
        ],
        widths,
    )
    loop(document, "endif")
    heading(document, "附录 D　查阅的文件", 1, "9")
    _or_none(document, "documents", "没有登记文件，依据全部来自访谈中的口头陈述。")
    widths = (5.4, 2.0, 2.4, 2.3, 1.6, 2.8)
    table = grid(document, widths, ("文件", "类型", "提供人", "日期", "引用处", "校验码"))
    repeat(
        table,
        "for d in documents",
        [
            "{{ d.name }}",
            "{{ d.kind }}",
            "{{ d.owner or '未填写' }}",
            "{{ d.date or '未填写' }}",
            "{{ d.cited }}",
            "{{ d.digest[:12] }}",
        ],
        widths,
    )
    loop(document, "endif")
    _seal(document)


def _or_none(document: Document, name: str, text: str) -> None:
    loop(document, f"if not {name}")
    document.add_paragraph(text)
    loop(document, "else")


def _seal(document: Document) -> None:
    from docx.shared import Cm, Pt

    heading(document, "附录 E　签发", 1, "10")
    loop(document, "if seal.signed")
    document.add_paragraph(
        "本评估由{{ seal.reviewer }}于{{ seal.at }}签发。签发之后记录已封存，任何改动都须写明理由重新打开，并再次签发。"
    )
    loop(document, "else")
    document.add_paragraph("本评估尚未签发，本稿只供核对，不作为评估结论。")
    loop(document, "endif")
    table = grid(document, TWO)
    repeat(table, "for line in seal_rows", ["{{ line.label }}", "{{ line.text }}"], TWO, label=True)
    loop(document, "for text in seal.warnings")
    document.add_paragraph("签发时的提醒：{{ text }}", style=NOTE)
    loop(document, "endfor")
    loop(document, "for text in seal.reopened")
    document.add_paragraph("曾经重新打开：{{ text }}", style=NOTE)
    loop(document, "endfor")
    document.add_paragraph(
        "核验方法：运行 iiam log {{ assessment }} --verify 可以核对记录未被改动；运行 iiam replay 可以由 JSON 报告离线重算等级。",
        style=NOTE,
    )
    loop(document, "if seal.signed")
    sign = document.add_paragraph("复核人签字：＿＿＿＿＿＿＿＿\t单位盖章：　　　　　　　　")
    sign.paragraph_format.space_before = Pt(48)
    sign.paragraph_format.tab_stops.add_tab_stop(Cm(9))
    loop(document, "endif")
