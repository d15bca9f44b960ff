"""Kill -9 a scripted interview at random moments, go on each time, and check that nothing acknowledged was lost.

python -m evals.performance.kills [--kills 100] [--seed 1] [--json]
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

import click

from assistant.assessment.record import first_broken
from assistant.assessment.state import fold
from assistant.storage.sql import SqlEventStore
from evals.profiles import DATASETS, load_profile
from evals.terminal import PROMPT, Talk, iiam
from knowledge.loader import load_standard

MOMENTS = ("start", "waiting", "typed", "reading")
"""Before the first question; at a prompt; as soon as an answer is typed; while it is read and the next is asked."""

TOPIC = re.compile(r"· (\d+\.\d+) ")
QUESTION = re.compile(rf".*\n问\s(.*)\n{PROMPT}$", re.DOTALL)


class Script:
    """What a factory says: its answer to a topic's first question, then its details, then no.

    Each line is numbered and so unlike any other: one that is kept twice shows.
    """

    def __init__(self) -> None:
        self._profile = load_profile(DATASETS / "profile-condiments.json", load_standard())
        self._told: Counter[str] = Counter()

    def reply(self, screen: str) -> str:
        """The next line for the topic on the screen."""
        code = TOPIC.findall(screen)[-1]
        entry = self._profile.subitems[code]
        lines = (entry.answer, *entry.details)
        turn = self._told[code]
        self._told[code] += 1
        return f"{lines[turn] if turn < len(lines) else '没有。'}（{code} 之 {turn + 1}）"


@dataclass
class Result:
    """What a run came to.

    `kills` by moment; answers `acknowledged` on the screen; answers typed but not acknowledged when the process died:
    `kept` in the record all the same, or `gone` and typed again; `wrong`: whatever was not as promised.
    """

    kills: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    kept: int = 0
    gone: int = 0
    wrong: list[str] = field(default_factory=list)


class Trial:
    """One assessment, killed and continued."""

    def __init__(self, home: Path, random: Random, result: Result) -> None:
        self._home, self._random, self._result = home, random, result
        self._script = Script()
        self._assessment = iiam(home, "new", "断电试验厂").stdout.strip()
        self._recorded: list[str] = []
        self._typed: str | None = None  # a line not acknowledged so far
        self._again: str | None = None  # a line that was lost, to be typed again
        self._screen = self._question = ""
        self._startup, self._turn = 1.0, 0.05  # seconds to the first question, and from an answer to the next

    def go_on(self, moment: str) -> bool:
        """Start, go on with the interview, kill at that moment; False when there was nothing left to ask."""
        with Talk(self._home, self._assessment) as talk:
            if moment == "start":
                time.sleep(self._random.uniform(0, self._startup))
            elif not self._converse(talk):
                return False
            if moment in ("typed", "reading"):
                self._type(talk)
            longest = {"waiting": self._turn, "typed": self._turn / 20, "reading": self._turn * 1.2}
            time.sleep(self._random.uniform(0, longest.get(moment, 0)))
            self._see(talk.kill())
        self._result.kills[moment] += 1
        return True

    def end(self) -> None:
        """Start once more, check, and leave."""
        with Talk(self._home, self._assessment) as talk:
            self._hear(talk)

    def _converse(self, talk: Talk) -> bool:
        begun = time.perf_counter()
        if not self._hear(talk):
            return False
        self._startup = time.perf_counter() - begun
        for _ in range(self._random.randint(0, 2)):
            begun = time.perf_counter()
            self._type(talk)
            if not self._hear(talk):
                return False
            self._turn = time.perf_counter() - begun
        return True

    def _type(self, talk: Talk) -> None:
        self._typed, self._again = self._again or self._script.reply(self._screen), None
        talk.say(self._typed)

    def _hear(self, talk: Talk) -> bool:
        waits = talk.hear() is not None
        self._see(talk.heard[-1])
        self._check(waits)
        return waits

    def _see(self, screen: str) -> None:
        """Anything printed after the echo of a typed line is its acknowledgement."""
        if self._typed is not None and screen.startswith(f"{self._typed}\n") and screen != f"{self._typed}\n":
            self._recorded.append(self._typed)
            self._typed = None
            self._result.acknowledged += 1
        if match := QUESTION.match(screen):
            self._screen, self._question = screen, _squeezed(match[1])

    def _check(self, waits: bool) -> None:
        """The record against what was seen: all that was acknowledged, once, in order, and the question that waits."""
        with closing(SqlEventStore(self._home / "iiam.sqlite3")) as store:
            rows = store.read(self._assessment)
        state = fold(rows)
        texts = [answer.text for answer in state.answers.values()]
        if self._typed is not None:
            if self._typed in texts[len(self._recorded) :]:
                self._recorded.append(self._typed)
                self._result.kept += 1
            else:
                self._again = self._typed
                self._result.gone += 1
            self._typed = None
        if broken := first_broken(rows):
            self._wrong(f"the chain breaks at row {broken[0]}: {broken[1]}")
        if texts != self._recorded:
            self._wrong(f"the record holds {len(texts)} answers {texts[-3:]}, not {self._recorded[-3:]}")
        answered = [answer.question for answer in state.answers.values()]
        if [*answered, state.pending] != [*state.questions, *([] if waits else [None])]:
            self._wrong(f"questions {list(state.questions)[-3:]}, answered {answered[-3:]}, waiting {state.pending}")
        if waits and (state.question is None or _squeezed(state.question.text) != self._question):
            self._wrong(f"on the screen: {self._question}; waiting: {state.question}")

    def _wrong(self, what: str) -> None:
        self._result.wrong.append(f"after {self._result.kills.total()} kills: {what}")


def run(home: Path, kills: int, seed: int) -> Result:
    """Kill and continue that many times, the four moments in turn, each at a random point of it."""
    random, result = Random(seed), Result()
    trial = Trial(home, random, result)
    for number in range(kills):
        while not trial.go_on(MOMENTS[number % len(MOMENTS)]):
            trial = Trial(home, random, result)
    trial.end()
    return result


@click.command()
@click.option("--kills", default=100, show_default=True, type=click.IntRange(min=1), help="次数")
@click.option("--seed", default=1, show_default=True, help="随机种子")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def main(kills: int, seed: int, as_json: bool) -> None:
    """测试断电：在随机时刻强行终止访谈，每次接着谈，核对记录。"""
    with tempfile.TemporaryDirectory() as home:
        result = run(Path(home), kills, seed)
    if as_json:
        click.echo(json.dumps(asdict(result), ensure_ascii=False))
    else:
        moments = "，".join(f"{moment} {count}" for moment, count in result.kills.items())
        click.echo(f"强行终止 {result.kills.total()} 次（{moments}）")
        click.echo(f"屏幕上已确认的回答 {result.acknowledged} 个；终止时尚未确认的：已在记录中 {result.kept} 个，")
        click.echo(f"未及保存、重新输入 {result.gone} 个；与承诺不符 {len(result.wrong)} 处")
        for line in result.wrong:
            click.echo(f"  {line}")
    sys.exit(bool(result.wrong))


def _squeezed(text: str) -> str:
    """Without the blanks and line ends that folding adds or changes."""
    return "".join(text.split())


if __name__ == "__main__":
    main()
