"""The conversation of a terminal interview: one question at a time, commands by slash or in plain words."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from threading import Thread
from typing import TYPE_CHECKING

from rich.markup import escape

from assistant.assessment.answer import Question
from assistant.assessment.reading import Intent, Verdict
from assistant.cli.stream import streaming
from assistant.cli.terminal import flow
from assistant.errors import IiamError, InputError
from assistant.interview.commands import ASIDE, HELP, Command, Word, command
from assistant.interview.session import Interview, Turn
from assistant.interview.spell import Spell
from assistant.interview.summary import CORRECT_IT, OBJECTS
from assistant.interview.turn import NOTHING_FOUND

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.bootstrap import App

CLOSING = {
    Word.SKIP: "好的，这个话题先放一放。",
    Word.UNKNOWN: "好的，记下您不了解，可以请同事来答。",
    Word.UNFIT: "好的，记下您认为不适用，由复核人决定。",
}
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
                if (typed := command(text)) is not None:
                    self._carry_out(typed)
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

    def _carry_out(self, typed: Command) -> None:
        """Do what was asked for; nothing of it is an answer."""
        match typed.word:
            case Word.SKIP | Word.UNKNOWN | Word.UNFIT:
                self._session.set_aside(ASIDE[typed.word], typed.rest)
                self._out.print(f"[dim]{CLOSING[typed.word]}[/]")
            case Word.AGAIN:
                self._session.ask_again()
            case Word.BACK:
                self._turn_to(self._session.earlier_topic())
            case Word.CORRECT:
                self._correct(typed.rest)
            case Word.TOPIC:
                self._turn_to(typed.rest)
            case Word.PROGRESS:
                standing = self._session.progress
                aside = f"，放下待定 {standing.aside} 个" if standing.aside else ""
                self._out.print(
                    f"已覆盖 {standing.covered}/{standing.total} 个能力子项{aside}，已问 {standing.questions} 题。"
                )
            case Word.LEAVE:
                raise EOFError
            case Word.HELP:
                self._out.print(HELP)

    def _turn_to(self, subitem: str) -> None:
        """Go to a topic, or say why there is nothing left to ask on it; the question that waits stays then."""
        if not self._session.turn_to(subitem):
            flow(self._out, f"[dim]{subitem} 已经问清楚了，没有要补问的。说错了的可以用 /更正 改正。[/]")
            return
        usual = self._app.guide.subitems[subitem].roles
        role = self._session.respondent.role if self._session.respondent else ""
        if subitem not in self._app.guide.answerable(role):
            flow(self._out, f"[dim]{subitem} 一般请{'、'.join(usual)}来答，这里按您的要求先问。[/]")

    def _correct(self, text: str) -> None:
        last = self._session.last_answer()
        if last is None:
            raise InputError("还没有可以更正的回答。")
        if not text:
            said = escape(_short(self._session.state.answers[last].text))
            flow(self._out, f"[dim]上一个回答：{said}[/]\n请说正确的情况：")
            text = self._listen()
            if (typed := command(text)) is not None:
                self._carry_out(typed)
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
            notes.append(NOTHING_FOUND)
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
        left = standing.total - standing.covered - standing.aside
        if left:
            self._out.print(
                f"这个岗位能回答的都问完了，还有 {left} 个话题要请其他岗位来答：iiam interview {name} --role 岗位"
            )
        if standing.aside:
            self._out.print(
                f"跳过、不适用或要请同事来答的话题有 {standing.aside} 个，还没有结果；用 /话题 编号 可以再谈。"
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
