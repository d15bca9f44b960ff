"""From `iiam new` to a final grade, through the command line only."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from evals.profiles import DATASETS, load_profile
from evals.terminal import Talk
from knowledge.loader import load_standard
from tests.journey.warm import iiam

STANDARD = load_standard()
PROFILE = load_profile(DATASETS / "profile-condiments.json", STANDARD)
TOPIC = re.compile(r"· (\d+\.\d+) ")


def replies(standard_answer: bool = True):
    """What the condiments factory says: its full answer to a topic's first question, then its details, then no."""
    told: dict[str, int] = {}

    def reply(output: str) -> str:
        code = TOPIC.findall(output)[-1]
        turn = told.get(code, 0)
        told[code] = turn + 1
        entry = PROFILE.subitems[code]
        said = (entry.answer, *entry.details)
        return said[turn] if turn < len(said) else "没有。"

    return reply


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> tuple[Path, str]:
    home = tmp_path_factory.mktemp("home")
    name = iiam(home, "new", "潍坊酱料厂", "--industry", "食品加工").stdout.strip()
    with Talk(home, name) as talk:
        end = talk.converse(replies())
    assert "已覆盖 36/36" in end
    return home, name


def shown(home: Path, name: str) -> dict:
    return json.loads(iiam(home, "show", name, "--json").stdout)


def test_every_sub_item_ends_in_a_proposal_or_undecided_with_a_reason(finished):
    home, name = finished
    state = shown(home, name)
    assert list(state) == list(STANDARD.subitems)
    for code, entry in state.items():
        proposal = entry["proposal"]
        assert (proposal["level"] is None) == (proposal["undecided"] is not None), code
        for citation in proposal["citations"]:
            assert citation["clause"] in STANDARD.clauses
            assert citation["evidence"], code


def test_quotes_are_the_respondents_own_words(finished):
    home, name = finished
    said = " ".join(json.loads(row["payload"]).get("text", "") for row in log_rows(home, name))
    quotes = {
        e["quote"]["text"]
        for s in shown(home, name).values()
        for c in s["proposal"]["citations"]
        for e in c["evidence"]
    }
    assert {q for q in quotes if q not in said} == set()
    assert len(quotes) > 36


def log_rows(home: Path, name: str) -> list[dict]:
    return [json.loads(line) for line in iiam(home, "log", name, "--json").stdout.splitlines()]


def test_the_grade_is_final_once_confirmed_and_equals_a_hand_calculation(finished):
    home, name = finished
    before = json.loads(iiam(home, "grade", name, "--proposed", "--json").stdout)
    assert before["provisional"] == any(s["proposal"]["level"] is None for s in shown(home, name).values())
    assert iiam(home, "confirm", name, "--all", "--by", "李工").returncode == 0
    for code, entry in shown(home, name).items():
        if entry["decision"] is None:
            done = iiam(home, "confirm", name, code, "--level", "2", "--reason", "现场核对", "--by", "李工")
            assert done.returncode == 0, done.stderr
    state = shown(home, name)
    levels = {code: entry["decision"]["level"] for code, entry in state.items()}
    result = json.loads(iiam(home, "grade", name, "--json").stdout)
    expected = by_hand(levels, {code: entry["proposal"]["rate"] for code, entry in state.items()})
    assert result["provisional"] is False
    assert abs(Fraction(result["score"]) - expected) < Fraction(1, 10**15)
    assert result["level"] == min(5, int(expected // 20) + 1)


def by_hand(levels: dict[str, int], rates: dict[str, str | None]) -> Fraction:
    """Means of means, from the standard's JSON and nothing of the scorer."""
    rows = json.loads((Path(__file__).parents[1] / "golden" / "standard.json").read_text())
    tree: dict[str, dict[str, list[Fraction]]] = {}
    for row in rows:
        code, level = row["code"], levels[row["code"]]
        score = Fraction(20 * level - 10)
        rate = rates[code]
        if code in ("1.1", "2.1", "3.1", "4.1", "4.2") and rate is not None:
            value = Fraction(Decimal(rate))
            if 20 * (level - 1) <= value < 20 * level or (level == 5 and value == 100):
                score = value
        tree.setdefault(row["domain"], {}).setdefault(row["item"], []).append(score)
    domains = [[sum(item) / len(item) for item in items.values()] for items in tree.values()]
    return sum(sum(d) / len(d) for d in domains) / len(domains)


def test_the_record_verifies_and_travels_byte_for_byte(finished, tmp_path):
    home, name = finished
    assert iiam(home, "log", name, "--verify").stdout.startswith("校验通过")
    file, again = tmp_path / "record.jsonl", tmp_path / "again.jsonl"
    assert iiam(home, "export", name, str(file)).returncode == 0
    elsewhere = tmp_path / "other"
    assert iiam(elsewhere, "import", str(file)).returncode == 0
    assert iiam(elsewhere, "export", name, str(again)).returncode == 0
    assert again.read_bytes() == file.read_bytes()
    assert iiam(elsewhere, "grade", name, "--json").stdout == iiam(home, "grade", name, "--json").stdout


def test_a_changed_record_is_refused_and_located(finished, tmp_path):
    home, name = finished
    file = tmp_path / "record.jsonl"
    iiam(home, "export", name, str(file))
    lines = file.read_text().splitlines(keepends=True)
    lines[4] = lines[4].replace("测试员", "某某人", 1)
    file.write_text("".join(lines))
    refused = iiam(tmp_path / "other", "import", str(file))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "第 5 行" in refused.stderr
