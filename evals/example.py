"""The example assessment that ships with the product: a profile's people interviewed, and most of it reviewed.

`python -m evals example --write` makes it anew; it is the same on every run.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from assistant.assessment.answer import Question
from assistant.assessment.events import Opened
from assistant.assessment.record import Row, chain
from assistant.bootstrap import App
from assistant.interview.session import Interview, Workbench
from assistant.review.decisions import Review
from assistant.storage.memory import MemoryEventStore
from evals.profiles import DATASETS, Profile, load_profile
from evals.respondent import Respondent

PROFILE = DATASETS / "profile-condiments.json"
FILE = Path(__file__).parents[1] / "assistant" / "data" / "example.jsonl"
NAME = "example"
ENTERPRISE = "鸢都味坊调味食品有限公司（示例）"
ASSESSOR, REVIEWER = "林晓", "陈卫东"
PEOPLE = {
    "设备主任": "周长河",
    "IT专员": "孙倩",
    "生产部长": "王建国",
    "品控经理": "刘敏",
    "仓储物流主管": "赵海峰",
    "采购经理": "郑丽",
    "电商运营": "高媛",
    "财务": "马秀英",
    "总经理": "鞠成林",
}
ASK_THEM = "这块不归我管，我说不清楚，你们问{role}吧。"
LEFT_OPEN = ("13.1",)
"""Sub-items that the reviewer has not come to yet."""
SEED = 7


class WorkingClock:
    """Each look at it is some seconds after the last one."""

    def __init__(self) -> None:
        """The first morning, nine o'clock in Beijing."""
        self.moment = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
        self.step = timedelta(seconds=12)

    def now(self) -> datetime:
        """The next moment."""
        self.moment += self.step
        return self.moment

    def next_day(self) -> None:
        """Nine o'clock of the following morning."""
        self.moment = self.moment.replace(hour=1, minute=0, second=0) + timedelta(days=1)


def make(app: App) -> list[Row]:
    """The rows of the example."""
    profile = load_profile(PROFILE, app.standard)
    store, clock = MemoryEventStore(), WorkingClock()
    opened = Opened(
        enterprise=ENTERPRISE,
        industry=profile.industry,
        standard=app.standard.id,
        standard_digest=app.standard.digest,
        policy=app.policy.id,
        policy_version=app.policy.version,
        policy_digest=app.policy.digest,
    )
    store.append(chain(NAME, None, [opened], clock.now().isoformat(timespec="milliseconds"), ASSESSOR))
    bench = Workbench(store=store, engine=app.rules, standard=app.standard, guide=app.guide, clock=clock)
    talk = Interview(bench, NAME, ASSESSOR)
    respondent = Respondent(profile, app.standard, SEED, "answer")
    for index, (role, name) in enumerate(PEOPLE.items()):
        if index == len(PEOPLE) // 2:
            clock.next_day()
        talk.speak_as(name, role)
        while (question := talk.question()) is not None:
            talk.answer(_reply(app, profile, respondent, role, question))
    clock.next_day()
    _review(app, Review(store, clock, app.standard, NAME, REVIEWER))
    return store.read(NAME)


def _reply(app: App, profile: Profile, respondent: Respondent, role: str, question: Question) -> str:
    """What somebody says who knows their own topics, and whom to ask about the others."""
    owner = profile.subitems[question.subitem].role
    can_be_asked = question.subitem in app.guide.answerable(owner)
    if owner != role and can_be_asked and question.requirement is None:
        return ASK_THEM.format(role=owner)
    return respondent.reply(question)


def _review(app: App, review: Review) -> None:
    """Confirm what is proposed, with the changes that a reviewer makes: one level, one score, one reason, one not applicable."""
    proposals = review.state.proposals
    for code in app.standard.subitems:
        proposal = proposals.get(code)
        if code in LEFT_OPEN or proposal is None or proposal.level is None:
            continue
        match code:
            case "12.1":
                review.decide(
                    code, 3, "现场查看后台，按客户推送的功能只在一个店铺试用，没有全面使用，按已在用的部分定级"
                )
            case "8.2":
                review.decide(
                    code,
                    proposal.level,
                    "大宗原料的全年计划已与供应商共同制定，接近下一级，在分段内从高给分",
                    Decimal("36"),
                )
            case _:
                review.confirm(code)
