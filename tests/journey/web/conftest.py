"""What the tests in a browser share. A module that uses `tab` gives its `site`."""

from __future__ import annotations

import pytest

from tests.chat_site import chromium, tabs


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture
def tab(browser, site):
    with tabs(browser, site) as new:
        yield new
