"""The web app on a port of its own, and what one does at its chat pages. For tests in a browser."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.bootstrap import App
from assistant.settings import Settings
from assistant.web.serve import bind
from assistant.web.server import create

CHROMIUM = Path("/usr/bin/chromium")
BOX = "#c-box textarea"


class Site:
    """The web app on a port of its own, which can be stopped and started again."""

    def __init__(self, home: Path, *, chats: bool = True, **settings: object) -> None:
        """`chats=False`: the pages alone, which start without Gradio."""
        self.chats = chats
        self.settings, self.port = {"home": home, "actor": "张顾问", **settings}, 0
        self.start()

    def start(self) -> None:
        import uvicorn

        self.parts = App(Settings(**self.settings))
        self._listening = bind("127.0.0.1", self.port)
        self.port = self._listening.getsockname()[1]
        app = create(self.parts, chats=self.chats)
        self.shared = app.state.shared
        config = uvicorn.Config(app, log_config=None, ws="none", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listening]})
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._listening.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self, name: str) -> list[str]:
        return [a.text for a in self.parts.assessment(name).answers.values()]


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def tabs(browser: Any, site: Site) -> Iterator[Any]:
    """Opens tabs; in the end none has asked for anything from elsewhere, and none has failed."""
    opened, asked, troubles = [], [], []

    def new(**options: Any) -> Any:
        page = browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | options)).new_page()
        page.set_default_timeout(15_000)
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        opened.append(page)
        return page

    yield new
    assert [url for url in asked if not url.startswith((site.url, "data:", "blob:"))] == []
    assert troubles == []
    for page in opened:
        page.context.close()


def begin(page: Any, site: Site, name: str, who: str = "李工", role: str = "设备主任") -> None:
    """Open the interview and have the first question asked."""
    page.goto(f"{site.url}/a/{name}/interview")
    page.locator(".c-log").wait_for()
    page.locator("#c-name input").fill(who)
    page.locator("#c-role input").fill(role)
    page.locator("#c-role input").press("Enter")
    page.locator("#c-begin").dispatch_event(
        "click"
    )  # on a phone the position alone has begun it, and the row is folded
    page.locator(".c-now").wait_for()


def say(page: Any, text: str) -> None:
    """Send an answer and wait for the next question."""
    seen = page.locator(".c-log").get_attribute("data-seen")
    page.locator(BOX).fill(text)
    page.locator(BOX).press("Enter")
    page.wait_for_function("seen => document.querySelector('.c-log').dataset.seen !== seen", arg=seen)


def waiting(page: Any) -> str:
    """The question that waits."""
    return page.locator(".c-now .c-words").inner_text()
