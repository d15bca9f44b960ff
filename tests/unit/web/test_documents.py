"""资料: the files of an assessment on the web: what was heard in them, put right, taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.accounts.model import Role
from assistant.assessment.document import Document, SourceKind, Statement, document_id
from assistant.web.views.documents import document_lines
from tests.web_app import app_for, client, parts_at, signed_in, with_staff

CONTENT = "台账".encode()
ID = document_id(CONTENT)
STATEMENTS = [
    Statement(
        number=1, place="第1段", text="台账上二百一十二台套，联网的一百零六台。", speaker="周工", role="设备主任"
    ),
    Statement(number=2, place="第2段", text="设备联网以后还想再看看。", speaker="周工", role="设备主任"),
]


class Plain:
    """A Router that sends everything to 1.1."""

    def subitems(self, query: str, k: int = 3) -> list[tuple[str, float]]:
        return [("1.1", 1.0)]


@pytest.fixture
def parts(tmp_path):
    return parts_at(tmp_path)


@pytest.fixture
def name(parts):
    from assistant.interview.minutes import Minutes

    made = parts.open_assessment("齐河机械")
    document = Document(id=ID, name="<台账>.txt", kind=SourceKind.FILE, size=3000)
    Minutes(parts.bench, Plain(), parts.files, made, "张顾问").take(document, CONTENT, STATEMENTS)
    return made


@pytest.fixture
def browser(parts):
    with_staff(parts)
    return signed_in(app_for(parts), Role.ASSESSOR)


def test_a_passage_is_shown_with_what_was_heard_in_it(parts, name):
    (line,) = document_lines(parts.assessment(name), parts.standard)
    assert (line.size, line.subitems, line.statements, line.withdrawn, line.told) == ("3 KB", ("1.1",), 2, "", 1)
    first, second = line.passages
    assert (first.who, first.place, first.subitem, first.name) == ("周工（设备主任）", "第1段", "1.1", "设备联网情况")
    assert [(h.sign, h.text) for h in first.heard] == [("＝", "设备联网率 50%")]
    assert "".join(text for text, _ in first.pieces) == STATEMENTS[0].text
    assert second.heard == ()
    assert line.idle == 0
    assert replace(line, statements=5).idle == 3


def test_the_page_shows_names_as_they_are(browser, name):
    shown = browser.get(f"/a/{name}/documents")
    assert shown.status_code == 200
    assert "&lt;台账&gt;.txt" in shown.text
    assert "设备联网率 50%" in shown.text


def test_kind_owner_and_day_can_be_put_right(parts, browser, name):
    sent = browser.post(f"/a/{name}/documents/{ID}", data={"kind": "现场查看", "owner": "周工", "dated": "2026-03-05"})
    assert sent.status_code == 303
    known = parts.assessment(name).documents[ID]
    assert (known.kind, known.owner, known.date) == (SourceKind.ON_SITE, "周工", "2026-03-05")
    wrong = browser.post(f"/a/{name}/documents/{ID}", data={"kind": "文件", "owner": "周工", "dated": "三月"})
    assert (wrong.status_code, "日期“三月”读不懂" in wrong.text) == (400, True)
    assert parts.assessment(name).documents[ID] == known


def test_taking_a_file_back(parts, browser, name):
    refused = browser.post(f"/a/{name}/documents/{ID}/withdraw", data={"reason": " "})
    assert (refused.status_code, "请写明撤回的理由" in refused.text) == (400, True)
    assert browser.post(f"/a/{name}/documents/{ID}/withdraw", data={"reason": "传错了"}).status_code == 303
    assert parts.assessment(name).withdrawn == {ID: "传错了"}
    shown = browser.get(f"/a/{name}/documents").text
    assert "撤回理由：传错了。" in shown
    assert "撤回这个文件" not in shown
    assert "这个文件已撤回，不再作为证据。" in browser.get(f"/a/{name}/transcript").text
    again = browser.post(f"/a/{name}/documents/{ID}/withdraw", data={"reason": "传错了"})
    assert (again.status_code, "没有这个文件，或者它已经撤回。" in again.text) == (400, True)


def test_what_is_put_away_is_only_shown(parts, browser, name):
    parts.put_away(name)
    assert "撤回这个文件" not in browser.get(f"/a/{name}/documents").text
    refused = browser.post(f"/a/{name}/documents/{ID}/withdraw", data={"reason": "传错了"})
    assert (refused.status_code, "已归档" in refused.text) == (400, True)


def test_nobody_sees_the_files(parts, name):
    with_staff(parts)
    assert client(app_for(parts)).get(f"/a/{name}/documents").status_code in (303, 401, 403)
