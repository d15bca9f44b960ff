"""The conversation of a terminal interview: one question at a time, commands by slash or in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import nullcontext
from threading import Thread
from typing import TYPE_CHECKING

from rich.markup import escape

from assistant.assessment.answer import Question
from assistant.assessment.level import Reason
from assistant.assessment.reading import Intent, Verdict
from assistant.cli.stream import streaming
from assistant.cli.terminal import flow
from assistant.errors import IiamError, InputError
from assistant.interview.session import Interview, Turn
from assistant.interview.spell import Spell
from assistant.interview.summary import CORRECT_IT, OBJECTS

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.bootstrap import App

HELP = """可以直接用自己的话回答，也可以输入：
  /跳过      这个话题先不谈
  /不清楚    这个问题我不了解
  /不适用    这个话题与本企业无关（由复核人决定）
  /换个问法  没听懂，请换个说法
  /返回      回到上一个话题
  /更正      改正上一个回答（可直接写：/更正 其实是……）
  /话题 5.1  转到指定的话题
  /进度      看看问到哪里了
  /退出      离开，下次从这里接着问
去掉斜杠直接说“跳过”“不清楚”也一样。"""
WORDS = ("跳过", "不清楚", "不适用", "换个问法", "返回", "更正", "话题", "进度", "帮助", "退出")
TOPIC = re.compile(r"话题\s*(?P<code>\d+\.\d+)")
UNDERSTOOD = {
    Intent.CLARIFY: "好的，我换个说法",
    Intent.NOT_APPLICABLE: "记下您认为这一项不适用，由复核人决定；不是这个意思请用 /更正",
    Intent.REFUSE: "好的，这一项不便谈就先放一放",
    Intent.DONT_KNOW: "记下您不了解，可以请同事来答",
    Intent.ASK_COLLEAGUE: "记下这一项要请同事来答",
}
MARK = {Verdict.MET: "[green]✓[/]", Verdict.PARTLY: "[yellow]◐[/]", Verdict.NOT: "[red]✗[/]"}
SHOWN = 4
LONG = 5000
"""Characters: more than anybody says in one breath, so that people are told all of it was kept."""


class Dialogue:
    """Runs one interview until nothing is left to ask or the respondent leaves."""

    def __init__(self, app: App, session: Interview, out: Console, hear: Callable[[str], str]) -> None:
        """`hear` reads one answer after a prompt and raises EOFError at the end of input."""
        self._app, self._session, self._out, self._hear = app, session, out, hear
        self._shown: int | None = None
        self._told = False
        self._said = ""
        self._summed_up = ""
        self._spell = Spell()

    def run(self) -> None:
        """Ask until done. EOFError (end of input) passes through; everything said is on record by then."""
        opened = self._session.state.opened
        self._out.rule(f"{escape(opened.enterprise)} · 工业互联网应用成熟度访谈")
        self._out.print("[dim]用自己的话说实际情况就行，一次答一个问题。输入 /帮助 看可用的命令，/退出 随时离开。[/]")
        warming = Thread(target=self._app.engine.warm, daemon=True)
        if self._session.state.unread:
            self._out.print("[dim]上次最后的回答已保存，还没有读完，现在接着读，请稍候。[/]")
        while (question := self._next()) is not None:
            self._show(question)
            if warming.ident is None:
                # People take longer to read the first question than the engine to get ready.
                warming.start()
            text = self._listen()
            known = len(self._session.state.answers)
            try:
                if self._command(text):
                    continue
                if self._summed_up and OBJECTS.match(text):
                    self._acknowledge(self._heard(text, about=self._summed_up))
                else:
                    self._acknowledge(self._heard(text))
            except InputError as error:
                self._out.print(f"[yellow]{escape(str(error))}[/]")
            except IiamError:
                if len(self._session.state.answers) == known:
                    self._out.print(f"[red]刚才的话还没有存下，原文如下，请复制留存：[/]\n{escape(self._said)}")
                raise
            self._tell_if_overtaken()
        self._finish()

    def _next(self) -> Question | None:
        with streaming(self._out) as tell:
            return self._session.question(tell)

    def _listen(self) -> str:
        self._said = self._hear("› ")
        return self._said

    def _show(self, question: Question) -> None:
        if question.seq == self._shown:
            return
        self._shown = question.seq
        self._notice("ask", question.fallback)
        standing = self._session.progress
        name = self._app.standard.subitems[question.subitem].name
        self._out.print(
            f"\n[dim]已覆盖 {standing.covered}/{standing.total} · 第 {standing.questions} 问 · {question.subitem} {name}[/]"
        )
        flow(self._out, f"[bold cyan]问[/] {escape(question.text)}")

    def _command(self, text: str) -> bool:
        """Carry out a command; False when the text is an answer."""
        stripped = text.strip().replace("／", "/", 1)
        slash = stripped.startswith("/")
        word, _, rest = stripped.removeprefix("/").replace("\u3000", " ").partition(" ")
        word = word.rstrip("。.！!")
        if topic := TOPIC.fullmatch(stripped.removeprefix("/")):
            word, rest, slash = "话题", topic["code"], True
        if word not in WORDS or (rest and not slash):
            if slash and stripped:
                self._out.print(f"[yellow]没有命令“{escape(stripped.split()[0])}”。输入 /帮助 查看可用的命令。[/]")
            return slash
        match word:
            case "跳过":
                self._close(Reason.SKIPPED, "好的，这个话题先放一放。", rest)
            case "不清楚":
                self._close(Reason.DONT_KNOW, "好的，记下您不了解，可以请同事来答。", rest)
            case "不适用":
                self._close(Reason.NOT_APPLICABLE, "好的，记下您认为不适用，由复核人决定。", rest)
            case "换个问法":
                self._session.ask_again()
            case "返回":
                self._back()
            case "更正":
                self._correct(rest)
            case "话题":
                self._turn_to(rest.strip())
            case "进度":
                standing = self._session.progress
                self._out.print(
                    f"已覆盖 {standing.covered}/{standing.total} 个能力子项，已问 {standing.questions} 题。"
                )
            case "退出":
                raise EOFError
            case _:
                self._out.print(HELP)
        return True

    def _close(self, reason: Reason, words: str, note: str) -> None:
        self._session.set_aside(reason, note)
        self._out.print(f"[dim]{words}[/]")

    def _turn_to(self, subitem: str) -> None:
        """Take a topic up again, or say why there is nothing left to ask on it."""
        self._session.resume(subitem)
        if self._session.nothing_left(subitem):
            flow(self._out, f"[dim]{subitem} 已经问清楚了，没有要补问的。说错了的可以用 /更正 改正。[/]")

    def _back(self) -> None:
        current = self._session.state.topic
        earlier = [q.subitem for q in self._session.state.questions.values() if q.subitem != current]
        if not earlier:
            raise InputError("前面没有别的话题。")
        self._turn_to(earlier[-1])

    def _correct(self, text: str) -> None:
        last = self._session.last_answer()
        if last is None:
            raise InputError("还没有可以更正的回答。")
        if not text.strip():
            said = escape(_short(self._session.state.answers[last].text))
            flow(self._out, f"[dim]上一个回答：{said}[/]\n请说正确的情况：")
            text = self._listen()
            if text.strip().startswith(("/", "／")) or text.strip().rstrip("。.！!") in WORDS:
                self._command(text)
                return
        self._acknowledge(self._heard(text, corrects=last))

    def _heard(self, text: str, corrects: int | None = None, about: str = "") -> Turn:
        """The answer recorded and read; who waits at a terminal for a model sees that something is going on."""
        waits = self._out.is_terminal and self._app.endpoint is not None
        with self._out.status("[dim]已收到，正在理解……[/]") if waits else nullcontext():
            return self._session.object_to(about, text) if about else self._session.answer(text, corrects=corrects)

    def _acknowledge(self, turn: Turn) -> None:
        """One quiet line: what was noted. Levels are not named while people talk."""
        notes = []
        if turn.cleaned.removed:
            notes.append(f"已去掉 {turn.cleaned.removed} 个不可见字符")
        if "\ufffd" in turn.cleaned.text:
            notes.append("有些字没能识别，已用 � 代替，请看看终端是不是 UTF-8 编码；说错的可以用 /更正")
        length = len(turn.cleaned.text)
        if length > LONG:
            notes.append(f"这段话较长（{length} 字），已全部保存")
        reading = turn.reading
        heard = {f.quote.text: MARK[f.verdict] for f in reading.findings}
        heard |= {r.quote.text: f"[cyan]{_percent(r.low, r.high)}[/]" for r in reading.rates}
        if heard:
            quotes = "  ".join(f"{mark} “{escape(_short(text))}”" for text, mark in list(heard.items())[:SHOWN])
            more = f" 等 {len(heard)} 处" if len(heard) > SHOWN else ""
            notes.append(f"记下 {quotes}{more}")
        elif reading.intent in UNDERSTOOD:
            notes.append(UNDERSTOOD[reading.intent])
        else:
            notes.append("已记录")
        if turn.closed and not turn.summaries:
            notes.append("这个话题先问到这里")
        self._notice("read", reading.fallback)
        flow(self._out, "[dim]" + "；".join(notes) + "[/]")
        current = self._session.state.answers[reading.answer].subitem
        self._summed_up = next((s.subitem for s in turn.summaries if s.subitem == current), "")
        for summary in turn.summaries:
            passing = summary.subitem != current
            about = f"关于{self._app.standard.subitems[summary.subitem].name}，" if passing else ""
            flow(self._out, f"{about}{escape(summary.noted)}")
        if turn.summaries:
            flow(self._out, f"{CORRECT_IT}[dim]如：不对，其实是……[/]")

    def _notice(self, work: str, reason: str) -> None:
        if told := self._spell.notice(work, reason):
            flow(self._out, f"[yellow]{escape(told)}[/]")

    def _tell_if_overtaken(self) -> None:
        if self._session.overtaken and not self._told:
            self._told = True
            self._out.print("[yellow]另一处也在进行这份评估，您的回答已保存，接下来按最新进展继续问。[/]")

    def _finish(self) -> None:
        standing = self._session.progress
        name = self._session.id
        self._out.rule("访谈告一段落")
        left = standing.total - standing.covered
        if left:
            self._out.print(
                f"这个岗位能回答的都问完了，还有 {left} 个话题要请其他岗位来答：iiam interview {name} --role 岗位"
            )
        self._out.print(
            f"共问 {standing.questions} 题，已覆盖 {standing.covered}/{standing.total} 个能力子项。\n"
            f"查看建议：iiam show {name}    复核确认：iiam confirm {name} --all    评分：iiam grade {name}"
        )


def _percent(low: object, high: object) -> str:
    return f"{low:.4g}%" if low == high else f"{low:.4g}–{high:.4g}%"


def _short(text: str) -> str:
    limit = 40
    return text if len(text) <= limit else text[: limit - 1] + "…"
