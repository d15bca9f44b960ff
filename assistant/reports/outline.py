"""The interview outline: what an assessor takes along for one role or one domain. Pure: guide in, outline out."""

from __future__ import annotations

from assistant.errors import InputError, NotFoundError
from knowledge.guide import Guide
from knowledge.model import Frozen, Standard


class Topic(Frozen):
    """One sub-item on the sheet. `probes` are (question, follow-up) pairs, each question once."""

    code: str
    name: str
    domain: str
    item: str
    opening: str
    probes: tuple[tuple[str, str], ...]
    terms: tuple[str, ...]
    records: tuple[str, ...]
    mistakes: tuple[str, ...]
    not_counted: tuple[str, ...]


class Outline(Frozen):
    """An interview sheet: for whom, and the topics in the standard's order."""

    title: str
    standard: str
    audience: str
    topics: tuple[Topic, ...]


def outline(standard: Standard, guide: Guide, *, role: str = "", domain: str = "") -> Outline:
    """The sheet for a role (a job title will do), a domain, or both; everything when neither is given.

    Raises NotFoundError for an unknown domain, InputError for a title that names no role of the guide.
    """
    names = [d.name for d in standard.domains]
    if domain and domain not in names:
        raise NotFoundError(f"没有能力域“{domain}”。可选：{'、'.join(names)}。")
    if role and not guide.roles_of(role):
        raise InputError(f"提纲里没有与“{role}”对应的岗位。可选：{'、'.join(guide.roles)}。")
    allowed = guide.answerable(role)
    codes = [c for c in standard.subitems if c in allowed and domain in ("", standard.places[c][0].name)]
    if not codes:
        raise InputError(f"“{role}”在能力域“{domain}”里没有可以回答的话题。")
    audience = "、".join(part for part in (role, domain) if part) or "全部岗位"
    topics = tuple(_topic(standard, guide, code) for code in codes)
    return Outline(
        title="访谈提纲", standard=f"{standard.title}（{standard.number}）", audience=audience, topics=topics
    )


def _topic(standard: Standard, guide: Guide, code: str) -> Topic:
    entry = guide.subitems[code]
    domain, item = standard.places[code]
    probes: dict[str, str] = {}
    for requirement in entry.requirements.values():
        probes.setdefault(requirement.probe, requirement.follow)
    left_out = dict.fromkeys(text for r in entry.requirements.values() for text in r.not_counted)
    return Topic(
        code=code,
        name=standard.subitems[code].name,
        domain=domain.name,
        item=item.name,
        opening=entry.opening,
        probes=tuple(probes.items()),
        terms=tuple(f"{t.term}：{t.plain}。{t.example}" for t in entry.terms),
        records=entry.records,
        mistakes=entry.mistakes,
        not_counted=tuple(left_out),
    )


def to_markdown(sheet: Outline) -> str:
    """The sheet as Markdown, with room for notes."""
    lines = [
        f"# {sheet.title}：{sheet.audience}",
        "",
        sheet.standard,
        "",
        "企业：　　　　　　受访人：　　　　　　岗位：　　　　　　日期：　　　　",
        "",
    ]
    domain = ""
    for topic in sheet.topics:
        if topic.domain != domain:
            domain = topic.domain
            lines += [f"## {domain}", ""]
        lines += [f"### {topic.code} {topic.name}（{topic.item}）", "", f"**开场：** {topic.opening}", ""]
        lines += [f"- {probe}（{follow}）" for probe, follow in topic.probes]
        lines += [""]
        for label, texts in labelled(topic):
            lines += [f"**{label}：** {'；'.join(texts)}", ""]
        lines += ["记录：", "", "---", ""]
    return "\n".join(lines)


def labelled(topic: Topic) -> list[tuple[str, tuple[str, ...]]]:
    """The parts below the questions that have something in them."""
    parts = [
        ("可要的材料", topic.records),
        ("用语", topic.terms),
        ("不算数的", topic.not_counted),
        ("易错", topic.mistakes),
    ]
    return [(label, texts) for label, texts in parts if texts]
