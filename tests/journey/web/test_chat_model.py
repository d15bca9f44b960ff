"""Interviews in a real browser with a model behind them: what is seen while it thinks, and when it cannot be reached."""

from __future__ import annotations

import os
from dataclasses import dataclass

import pytest

from tests.chat_site import BOX, CHROMIUM, Site, begin, say, tabs
from tests.llm_script import Fault, Good, Kind
from tests.llm_server import LlmServer, closed_port

pytestmark = pytest.mark.skipif(not CHROMIUM.exists() and not os.environ.get("CI"), reason="no chromium here")
QUESTION = "这六十台里头，平时数据是怎么收上来的？"
NOTHING = {"intent": "answer", "findings": [], "rates": [], "takes_back": []}


@dataclass
class Script:
    """Good readings, and questions that stall half way when told to."""

    stalls: bool = False

    def __call__(self, body):
        if "takes_back" in body["messages"][0]["content"]:
            return Good(NOTHING)
        return Fault(Kind.STALL, QUESTION, seconds=2.0) if self.stalls else Good(QUESTION)


def test_words_are_seen_to_be_kept_and_the_question_as_it_is_written(browser, tmp_path):
    script = Script()
    with LlmServer(script) as server:
        site = Site(tmp_path, llm_base_url=server.url, llm_model=server.models[0])
        name = site.parts.open_assessment("某厂")
        with tabs(browser, site) as new:
            page = new()
            begin(page, site, name)
            script.stalls = True
            page.locator(BOX).fill("一共一百五十台，连上的六十台。")
            page.locator(BOX).press("Enter")
            page.locator("#c-now .c-said", has_text="一共一百五十台").wait_for()
            assert page.locator(BOX).input_value() == ""
            assert site.answers(name) == ["一共一百五十台，连上的六十台。"]
            page.locator("#c-now .c-live").wait_for()
            begun = page.locator("#c-now .c-live").inner_text()
            assert QUESTION.startswith(begun)
            assert begun != QUESTION
            page.locator(".c-now", has_text=QUESTION).wait_for()
            page.locator("#c-now .c-said").wait_for(state="detached")
        site.stop()


def test_that_the_model_cannot_be_reached_is_said_once(browser, tmp_path):
    with closed_port() as url:
        site = Site(tmp_path, llm_base_url=url, llm_model="m")
        name = site.parts.open_assessment("某厂")
        with tabs(browser, site) as new:
            page = new()
            begin(page, site, name)
            say(page, "都是单机。")
            say(page, "没有联网的。")
            assert page.locator(".c-notice").count() == 1
            assert "规则引擎" in page.locator(".c-notice").inner_text()
        site.stop()
