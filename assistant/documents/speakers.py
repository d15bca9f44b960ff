"""Who speaks in a line, and when: `张工：…`, `【李主任】…`, `[00:12:31] 说话人2：…`, and what transcribers write. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

TIME = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
NAME = r"[\w·][\w· ]{0,13}?"
ROLE = r"(?:\s*[（(](?P<role>[^（）()：:]{1,30})[）)])?"
OPEN, CLOSE = r"[\[(（【<]", r"[\])）】>]"
CAPTION = re.compile(rf"^(?P<time>{TIME})\s*-->\s*{TIME}")
HEAD_LINE = re.compile(rf"^(?P<name>{NAME}){ROLE}\s*[\[(（【]?(?P<time>{TIME})[\])）】]?\s*[：:]?$")
TIME_HEAD_LINE = re.compile(rf"^{OPEN}?(?P<time>{TIME}){CLOSE}?\s+(?P<name>{NAME}){ROLE}$")
TIMED = re.compile(rf"^{OPEN}?(?P<time>{TIME}){CLOSE}?[\s，,]*(?P<rest>.*)$", re.DOTALL)
NAME_TIME = re.compile(rf"^(?P<name>{NAME}){ROLE}\s*{OPEN}(?P<time>{TIME}){CLOSE}\s*[：:]\s*(?P<text>.+)$", re.DOTALL)
BRACKETED = re.compile(
    rf"^【(?P<name>{NAME})(?:[（(·、\s]+(?P<role>[^】（）()]{{1,30}})[）)]?)?】\s*[：:]?\s*(?P<text>.*)$", re.DOTALL
)
PREFIXED = re.compile(rf"^(?P<name>{NAME}){ROLE}\s*[：:]\s*(?P<text>.*)$", re.DOTALL)
REPORTED = re.compile(
    r"^(?P<name>[\u4e00-\u9fff]{1,4}?(?:工|总|经理|主任|厂长|科长|部长|主管|师傅|班长))"
    r"(?:也|还|又|则|就此|对此)?(?:介绍|表示|反映|提到|谈到|补充|坦言|认为|强调|解释|告诉|讲|说|称)"
)
TITLED = re.compile(
    r"(?:工|总|经理|主任|厂长|科长|处长|部长|主管|班长|组长|队长|师傅|老师|顾问|总监|书记|所长|院长|院助|董事长|专员|工程师|专家|秘书|"
    r"女士|先生|博士|教授|调度长|副总|会计|店长|站长)$"
)
ANONYMOUS = re.compile(r"^(?:说话人|发言人|讲话人|参会人|用户|[Ss]peaker|SPEAKER|Spk)[\s_]*[\w]{1,3}$")
FAMILIAR = re.compile(r"^[老小阿][\u4e00-\u9fff]{1,2}$")
PARTS = re.compile(
    r"^(?:问|答|[QAqa]\d*|顾问|诊断顾问|咨询顾问|评估师|访谈人|访谈者|采访人|提问人|主持人|主持|记录人|受访人|被访人|受访者|被访谈人|客户|企业|企业方|甲方|乙方|众人)\d?$"
)
SURNAMES = frozenset(
    "高方石白王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖金韦贾夏付邹熊孟秦"
    "邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴莫孔汤康牛鲁宫栾慕"
)
LABELS = re.compile(
    r"时间|地点|主题|日期|人员|参会|出席|缺席|记录|整理|会议|议题|议程|目的|背景|备注|注|附件?|说明|结论|[小总]结|问题|现状|建议|方[案法]|措施|计划|目标|"
    r"内容|来源|项目|编号|版本|单位|企业名称|行业|下一步|待办|要点|结果|情况|原因|程度|范围|万元|金额|余额|任务|成果|龙头|史料|高[温压低度]|常[温态]|毛[利重病]|石油|江苏|夏季|方[向便式面]|金属|白班|钱款|万台|向导"
)
"""Words before a colon that are never people, though some begin with a surname."""

META = re.compile(
    r"^(?P<label>(?:访谈|会议|调研|座谈|记录|整理|录音|转写)?(?:时间|地点|主题|日期|时长|对象|人员|名称|编号|文件名|来源|关键词|参会人员?|参加人员?|与会人员?|出席人员?|在场人员?|参会|出席|"
    r"受访人|受访人员|被访谈人|受访对象|访谈人|顾问|记录人|整理人|主持人|说话人|发言人|人))\s*[：:]"
)
ROSTER = re.compile(
    r"^(?:参会人员?|参加人员?|与会人员?|出席人员?|在场人员?|参会|出席|受访人员?|被访谈人|受访对象|访谈对象|对象|企业方|企业参会)\s*[：:](?P<list>.+)$"
)
LISTED = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,4})\s*[（(](?P<role>[^（）()]{2,20})[）)]")
REPEATED = 2


@dataclass
class Cast:
    """Who takes part, as far as the file says: names met before a colon more than once, and roles of a list of people.

    `company`: somebody certain speaks in the file, so that what looks like a name is one.
    """

    repeated: frozenset[str] = frozenset()
    company: bool = False
    roles: dict[str, str] = field(default_factory=dict)

    def person(self, name: str) -> bool:
        """True when a word before a colon is somebody, not something."""
        name = name.strip()
        if LABELS.fullmatch(name) or not name:
            return False
        if ANONYMOUS.match(name) or PARTS.match(name) or FAMILIAR.match(name) or name in self.roles:
            return True
        short = len(name) <= 5 and "\u4e00" <= name[0] <= "\u9fff"  # noqa: PLR2004
        if short and TITLED.search(name) and name[0] in SURNAMES:
            return True
        return len(name) in (2, 3) and name[0] in SURNAMES and (self.company or name in self.repeated)

    def about_the_talk(self, line: str) -> bool:
        """True for a line that tells when, where and who, not what was said (`顾问：王敏`, where 顾问 never speaks)."""
        found = META.match(line)
        return found is not None and found["label"] not in self.repeated

    def role(self, name: str) -> str:
        """The role that the list of people gives: by the full name, or by the surname where only one person bears it."""
        if name in self.roles:
            return self.roles[name]
        kin = [role for full, role in self.roles.items() if TITLED.search(name) and full[0] == name[0]]
        return kin[0] if len(kin) == 1 else ""


def cast_of(lines: Iterable[str]) -> Cast:
    """The people of a file, from all of its lines."""
    counts: dict[str, int] = {}
    roles: dict[str, str] = {}
    for line in lines:
        roster = ROSTER.match(line)
        if roster:
            roles |= {m["name"]: m["role"] for m in LISTED.finditer(roster["list"])}
            continue
        timed = TIMED.match(line)
        prefix = PREFIXED.match(timed["rest"] if timed else line)
        if prefix:
            counts[prefix["name"].strip()] = counts.get(prefix["name"].strip(), 0) + 1
    plain = Cast(frozenset(name for name, count in counts.items() if count >= REPEATED), roles=roles)
    return replace(plain, company=any(plain.person(name) for name in counts))


@dataclass(frozen=True)
class Line:
    """A line taken apart. `speaker` None: the line does not say. `time`: as written. `text` may be empty: a head line."""

    text: str
    speaker: str | None = None
    role: str = ""
    time: str = ""


def take_apart(line: str, cast: Cast) -> Line:
    """Speaker, role, time and words of a line; the words are an exact part of it."""
    if caption := CAPTION.match(line):
        return Line("", time=caption["time"])
    timed = TIMED.match(line)
    time, rest = (timed["time"], timed["rest"]) if timed else ("", line)
    for pattern, words in (
        (HEAD_LINE, line),
        (TIME_HEAD_LINE, line),
        (NAME_TIME, line),
        (BRACKETED, rest),
        (PREFIXED, rest),
    ):
        match = pattern.match(words)
        if match and (cast.person(match["name"]) or _introduced(match)):
            return _line(match, cast, time)
    reported = REPORTED.match(rest)
    if reported and reported["name"][0] in SURNAMES:
        return Line(rest, reported["name"], cast.role(reported["name"]), time)
    return Line(rest, time=time)


def starts_turn(line: str) -> bool:
    """True when a line plainly begins with somebody's name or a time."""
    apart = take_apart(line, Cast())
    return apart.speaker is not None or bool(apart.time)


def _introduced(match: re.Match[str]) -> bool:
    """True for a name that comes with its post: `周长河（设备主任）：…`."""
    name, role = match["name"].strip(), (match.groupdict().get("role") or "").strip()
    like_a_name = 2 <= len(name) <= 4 and name[0] in SURNAMES and not LABELS.fullmatch(name)  # noqa: PLR2004
    return like_a_name and TITLED.search(role) is not None


def _line(match: re.Match[str], cast: Cast, time: str) -> Line:
    found, name = match.groupdict(), " ".join(match["name"].split())
    role = (found["role"] or "").strip() or cast.role(name)
    return Line((found.get("text") or "").strip(), name, role, found.get("time") or time)
