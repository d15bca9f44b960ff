"""The chat pages are styled in the page that is sent, before any script has run."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from assistant.web.chat.mounting import AT_ONCE, FirstSight

PAGE = '<html lang="en"><head><title>访谈</title></head><body>谈</body></html>'


@pytest.fixture(scope="module")
def client():
    async def page(request):
        return HTMLResponse(PAGE, headers={"seen": request.headers.get("accept-encoding", "none")})

    inner = Starlette(routes=[Route("/", page), Route("/other", page)])
    return TestClient(Starlette(routes=[Mount("/talk", FirstSight(inner))]))


def test_the_page_itself_brings_its_style_and_its_language(client):
    reply = client.get("/talk/")
    assert reply.text == PAGE.replace("</head>", AT_ONCE.decode()).replace('"en"', '"zh-CN"')
    assert (int(reply.headers["content-length"]), reply.headers["seen"]) == (len(reply.content), "none")


def test_everything_else_is_left_alone(client):
    assert client.get("/talk/other").text == PAGE
