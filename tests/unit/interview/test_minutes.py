"""Documents into an assessment: routed, recorded with their place, stopped and resumed, never read twice."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.assessment.document import (
    Document,
    SourceKind,
    Statement,
    document_id,
    rests_on_talk_alone,
    source_of,
)
from assistant.assessment.events import AnswerGiven
from assistant.assessment.reading import Intent, Verdict
from assistant.errors import InputError
from assistant.interview.minutes import Minutes, askers, kind_of
from assistant.interview.routing import Passage, Utterance, route
from assistant.interview.session import Interview, Workbench
from assistant.storage.files import FolderDocumentStore
from assistant.storage.memory import MemoryEventStore
from knowledge.errors import InvalidQueryError
from tests.fakes import STANDARD, ScriptedEngine, StillClock, open_assessment, plain_guide

WORDS = {"网络": "1.2", "协议": "1.4", "规程": "5.2", "质量": "7.3"}
CONTENT = "会议纪要".encode()


class Words:
    """A Router that knows a few words."""

    def subitems(self, query: str, k: int = 3) -> list[tuple[str, float]]:
        if not query.strip("。？ "):
            raise InvalidQueryError("没有可检索的词。")
        return [(code, 1.0) for word, code in WORDS.items() if word in query][:k]


def spoken(*texts: str, speaker: str = "李工") -> list[Statement]:
    return [Statement(number=n, place=f"第{n}段", text=t, speaker=speaker) for n, t in enumerate(texts, start=1)]


def document(kind: SourceKind = SourceKind.TALK, content: bytes = CONTENT) -> Document:
    return Document(id=document_id(content), name="纪要.docx", kind=kind, owner="王主任")


SETTLES = {r.code: Verdict.MET for r in STANDARD.subitems["1.2"].requirements if r.level in (2, 3)} | {
    "1.2-L4#1": Verdict.NOT
}
SCRIPT = {"网络全厂都有。": (Intent.ANSWER, SETTLES)}


@pytest.fixture
def bench():
    store = MemoryEventStore()
    open_assessment(store)
    return Workbench(store, ScriptedEngine(SCRIPT), STANDARD, plain_guide(), StillClock())


@pytest.fixture
def minutes(bench, tmp_path):
    return Minutes(bench, Words(), FolderDocumentStore(tmp_path / "documents"), "a1", "顾问")


def kinds(bench) -> list[str]:
    return [row.kind for row in bench.store.read("a1")][1:]


def test_a_statement_becomes_an_answer_with_its_place_and_settles_a_level(bench, minutes, tmp_path):
    outcome = minutes.take(document(), CONTENT, spoken("网络全厂都有。"))
    assert (outcome.heard, outcome.proposed) == (1, ("1.2",))
    assert kinds(bench) == [
        "document_added", "respondent_joined", "answer_given", "reading_made", "level_proposed", "document_read",
    ]  # fmt: skip
    (answer,) = minutes.state.answers.values()
    assert (answer.subitem, answer.place, answer.question) == ("1.2", "第1段", None)
    assert (tmp_path / "documents" / "a1" / document_id(CONTENT)).read_bytes() == CONTENT


def test_a_file_read_before_is_recognised_whatever_it_is_called_now(bench, minutes):
    minutes.take(document(), CONTENT, spoken("网络全厂都有。"))
    rows = len(bench.store.read("a1"))
    again = minutes.take(document().model_copy(update={"name": "副本.docx"}), CONTENT, spoken("网络全厂都有。"))
    assert (again.before, again.document.name, len(bench.store.read("a1"))) == (True, "纪要.docx", rows)


def test_what_was_stopped_goes_on_without_reading_anything_twice(bench, minutes, tmp_path):
    said = spoken("网络全厂都有。", "协议有两种。", "规程都有。")
    done: list[int] = []
    first = minutes.take(document(), CONTENT, said, lambda n, _: done.append(n), stop=lambda: len(done) == 2)
    assert (first.resumed, "document_read" in kinds(bench)) == (False, False)
    resumed = Minutes(bench, Words(), FolderDocumentStore(tmp_path / "documents"), "a1", "顾问")
    assert resumed.take(document(), CONTENT, said).resumed
    assert [a.text for a in resumed.state.answers.values()] == [s.text for s in said]
    assert kinds(bench).count("reading_made") == 3


def test_what_was_recorded_but_not_read_is_read_on_resuming(bench, minutes):
    class Falls(ScriptedEngine):
        def read(self, task):
            raise KeyboardInterrupt

    whole = bench.engine
    bench.engine = Falls()
    with pytest.raises(KeyboardInterrupt):
        minutes.take(document(), CONTENT, spoken("网络全厂都有。"))
    bench.engine = whole
    assert minutes.take(document(), CONTENT, spoken("网络全厂都有。")).proposed == ("1.2",)
    assert kinds(bench).count("answer_given") == 1


def test_an_interview_makes_up_for_what_a_document_left_unread(bench, minutes):
    minutes.take(document(), CONTENT, spoken("网络全厂都有。"), stop=lambda: True)
    given = AnswerGiven(
        question=None, subitem="1.2", respondent="r1", text="网络全厂都有。", document=document().id, place="第1段"
    )
    minutes._journal.append(lambda: [given])
    interview = Interview(bench, "a1", "顾问")
    interview.question()
    assert interview.state.proposals["1.2"].level == 3


def test_the_interviewers_words_are_no_evidence_but_name_the_topic(bench, minutes):
    said = [
        Statement(number=1, place="第1段", text="网络全厂都有吗？", speaker="陈顾问"),
        Statement(number=2, place="第2段", text="都有。", speaker="李工"),
    ]
    minutes.take(document(), CONTENT, said)
    assert [(a.subitem, a.text) for a in minutes.state.answers.values()] == [("1.2", "都有。")]


def test_who_takes_something_back_in_a_document_leaves_what_others_said(bench, minutes):
    bench.engine = ScriptedEngine(SCRIPT, retracting=("不对，网络没有。",))
    minutes.take(document(), CONTENT, spoken("网络全厂都有。"))
    other = document(content="另一份".encode())
    minutes.take(other, "另一份".encode(), spoken("不对，网络没有。", speaker="张工"))
    assert minutes.state.readings[max(minutes.state.readings)].retracts == ()
    assert minutes.state.proposals["1.2"].level == 3


def test_not_knowing_in_a_document_sets_no_topic_aside(bench, minutes):
    bench.engine = ScriptedEngine({"网络不清楚。": (Intent.DONT_KNOW, {})})
    minutes.take(document(), CONTENT, spoken("网络不清楚。"))
    assert minutes.state.set_aside == {}


@pytest.mark.parametrize(
    ("kind", "text", "alone"),
    [
        (SourceKind.TALK, "口头 李工，《纪要.docx》第1段", True),
        (SourceKind.FILE, "文件《纪要.docx》第1段（李工）", False),
        (SourceKind.SCREENSHOT, "系统截图《纪要.docx》第1段（李工）", False),
        (SourceKind.ON_SITE, "现场查看《纪要.docx》第1段（李工）", False),
    ],
)
def test_talk_and_documents_are_told_apart(bench, minutes, kind, text, alone):
    minutes.take(document(kind), CONTENT, spoken("网络全厂都有。"))
    state = minutes.state
    (answer,) = state.answers.values()
    assert source_of(answer, state.respondents, state.documents).text == text
    assert rests_on_talk_alone(state.proposals["1.2"], state.answers, state.documents) is alone


def test_an_interview_is_talk_and_a_document_without_a_speaker_its_owners(bench, minutes):
    interview = Interview(bench, "a1", "顾问")
    interview.speak_as("赵工", "IT")
    interview.question()
    interview.answer("有吧")
    minutes._journal.refresh()
    minutes.take(document(SourceKind.FILE), CONTENT, spoken("网络全厂都有。", speaker=""))
    state = minutes.state
    sources = [source_of(a, state.respondents, state.documents).text for a in state.answers.values()]
    assert sources == ["口头 赵工（IT）", "文件《纪要.docx》第1段（王主任）"]


def test_open_topics_say_whom_to_ask_and_what(bench, minutes):
    minutes.take(document(), CONTENT, spoken("网络全厂都有。"))
    topics = {t.subitem: t for t in minutes.still_open()}
    assert topics["1.1"].question == "1.1怎么样？"
    assert topics["5.2"].roles == ("安全管理",)
    assert all(1 <= t.expected <= 4 for t in topics.values())


def test_a_second_writer_is_no_obstacle(bench, minutes, tmp_path):
    other = Minutes(bench, Words(), FolderDocumentStore(tmp_path / "documents"), "a1", "同事")
    other.take(document(content=b"1"), b"1", spoken("规程都有。"))
    minutes.take(document(), CONTENT, spoken("网络全厂都有。"))
    assert [a.subitem for a in minutes.state.answers.values()] == ["5.2", "1.2"]


def test_another_standards_assessment_is_refused(bench, tmp_path):
    bench.standard = STANDARD.model_copy(update={"id": "else"})
    with pytest.raises(InputError, match="else"):
        Minutes(bench, Words(), FolderDocumentStore(tmp_path), "a1", "顾问")


def turns(*pairs: tuple[str, str]) -> Sequence[Statement]:
    return [Statement(number=n, place=f"{n}", speaker=who, text=text) for n, (who, text) in enumerate(pairs)]


def test_askers_are_named_so_or_mostly_ask():
    asked = [("说话人1", "多少台？"), ("说话人2", "九十台。"), ("说话人1", "联网了吗"), ("说话人1", "好的。")]
    assert askers(turns(*asked, ("说话人1", "那质量呢？"), ("陈顾问", "记下了。"))) == {"说话人1", "陈顾问"}
    assert askers(turns(("李工", "你说呢？"), ("李工", "是吧？"), ("李工", "啊？"), ("李工", "有吗？"))) == frozenset()


def test_kind_of_evidence_from_name_and_speakers():
    assert kind_of("设备台账.xlsx", spoken("有。", speaker="")) == SourceKind.FILE
    assert kind_of("设备台账.xlsx", spoken("有。")) == SourceKind.TALK
    assert kind_of("访谈纪要.docx", spoken("有。", speaker="")) == SourceKind.TALK


def test_passages_are_exact_parts_of_what_was_said():
    said = [
        Utterance("网络全厂都有。 没有死角！\n连门卫都有。"),
        Utterance("协议有两种。"),
        Utterance("规程呢？", asks=True),
    ]
    assert route(said, list(STANDARD.subitems), Words()) == [
        [Passage("1.2", "网络全厂都有。 没有死角！\n连门卫都有。")],
        [Passage("1.4", "协议有两种。")],
        [],
    ]


def test_what_no_word_places_is_not_read():
    assert route([], list(STANDARD.subitems), Words()) == []
    assert route([Utterance("。。"), Utterance("今天真热。")], list(STANDARD.subitems), Words()) == [[], []]
