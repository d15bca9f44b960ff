"""How long a person at a browser waits from sending an answer until the reply can be seen, with the rules engine.

`python -m evals.performance.web_turn [--turns 60]` prints one JSON object. Needs Chromium.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import tempfile
from pathlib import Path

from assistant.bootstrap import App
from assistant.settings import Settings
from evals.performance.web_load import ANSWERS, serve

CHROMIUM = "/usr/bin/chromium"
WAIT = """said => new Promise(done => {
  const box = document.querySelector('#c-box textarea'), log = document.querySelector('.c-log');
  const seen = log.dataset.seen, start = performance.now();
  const look = () => { if (log.dataset.seen !== seen && log.textContent.includes(said)) {
    watch.disconnect(); requestAnimationFrame(() => done(performance.now() - start)); } };
  const watch = new MutationObserver(look);
  watch.observe(log, { childList: true, subtree: true, attributes: true });
  document.querySelector('#c-send').click();
})"""


def measure(base: str, name: str, turns: int) -> list[float]:
    """Milliseconds of each turn, the first two (which load things) left out."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{base}/interview/?a={name}")
        page.locator("#c-name input").fill("厂长")
        page.locator("#c-begin").click()
        page.locator(".c-now").wait_for()
        took = []
        for turn in range(turns + 2):
            said = f"{ANSWERS[turn % len(ANSWERS)]}（{turn}）"
            page.locator("#c-box textarea").fill(said)
            took.append(float(page.evaluate(WAIT, said)))
        browser.close()
    return sorted(took[2:])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--turns", type=int, default=60)
    asked = parser.parse_args()
    home = tempfile.mkdtemp()
    name = App(Settings(home=Path(home), actor="顾问")).open_assessment("测速厂")
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(home, there), daemon=True)
    server.start()
    took = measure(f"http://127.0.0.1:{here.recv()}", name, asked.turns)
    server.terminate()
    server.join()
    p50, p95 = took[len(took) // 2], took[int(len(took) * 0.95)]
    print(json.dumps({"turns": len(took), "p50_ms": round(p50), "p95_ms": round(p95), "worst_ms": round(took[-1])}))


if __name__ == "__main__":
    main()
