"""`python -m evals.screenshots`: every page of the web app as a reader sees it, wide and on a phone, into docs/screenshots/.

Serves the example from a data folder of its own and looks at it with Debian's Chromium.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evals.terminal import IIAM, environment, iiam

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = "/usr/bin/chromium"
FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
EXAMPLE = "example-1"
PAGES = {
    "list": "/",
    "interview": f"/interview/?a={EXAMPLE}",
    "review": f"/a/{EXAMPLE}/review",
    "review-item": f"/a/{EXAMPLE}/review/1.1",
    "result": f"/a/{EXAMPLE}/result",
    "standard": "/standard",
    "status": "/status",
}
SIZES = {"": (1280, 800), "-phone": (390, 844)}
SETTLED = 1000
"""Milliseconds for a page to come to rest."""


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of the app, serving from `home` on a free port until the end."""
    said = home / "serve.log"
    with said.open("w") as log:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [*IIAM, "serve"], stdout=log, stderr=subprocess.STDOUT, env=environment(home)
        )
    try:
        yield _address(said, process)
    finally:
        process.terminate()
        process.wait(30)


def _address(said: Path, process: subprocess.Popen[bytes]) -> str:
    """What the server says it can be reached by. Raises RuntimeError when it ends without saying so."""
    import time

    while process.poll() is None:
        for word in said.read_text(encoding="utf-8").split():
            found = word.partition("http://")[1:]
            if found[0]:
                return "".join(found).rstrip("。")
        time.sleep(0.2)
    raise RuntimeError(said.read_text(encoding="utf-8"))


def shoot(browser: Browser, address: str, folder: Path) -> None:
    """One picture a page and size, and the talk of a respondent who came by a link."""
    for suffix, (width, height) in SIZES.items():
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        page = context.new_page()
        page.goto(address)
        if page.locator("input[name=name]").count():
            page.fill("input[name=name]", "陈卫东")
            page.keyboard.press("Enter")
            page.wait_for_load_state()
        for name, path in PAGES.items():
            page.goto(address + path)
            if name == "interview":
                page.wait_for_selector("text=已覆盖")
            page.wait_for_timeout(SETTLED)
            page.screenshot(path=folder / f"{name}{suffix}.png")
        if suffix:
            _talk(page, address, folder / f"talk{suffix}.png")
        context.close()


def _talk(page: Page, address: str, file: Path) -> None:
    """The page of a respondent: an assessment is begun, a link made and followed, and one question answered."""
    page.goto(f"{address}/new")
    page.fill("input[name=enterprise]", "潍坊恒远机械有限公司")
    page.locator("main form button.primary").first.click()
    page.wait_for_load_state()
    begun = page.url.partition("/a/")[2].partition("/")[0] or page.url.partition("a=")[2].partition("&")[0]
    page.goto(f"{address}/a/{begun}/invitations")
    page.fill("input[name=name]", "王师傅")
    page.fill("input[name=position]", "设备主任")
    page.locator("main form button.primary").first.click()
    page.wait_for_load_state()
    link = page.locator("input[readonly]").first.input_value()
    page.goto(f"{address}/talk/in/{link.rpartition('/')[2]}")
    page.wait_for_selector("text=咱先说说厂里的机器")
    page.locator("textarea").last.fill("一共一百五十台，连上的六十台，机床和转运的小车都挂着。")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=厂里的网现在都铺到了哪些地方")
    page.wait_for_timeout(SETTLED)
    page.screenshot(path=file)


@click.command()
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=FOLDER, help="Where to put them.")
def main(folder: Path) -> None:
    """Renew the pictures of the web app."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        home = Path(place)
        done = iiam(home, "example")
        if done.returncode:
            sys.exit(done.stderr)
        chromium = os.environ.get("CHROMIUM", CHROMIUM)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with served(home) as address:
            shoot(browser, address, folder)
        browser.close()
    click.echo(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    main()
