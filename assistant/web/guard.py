"""What every request must pass: the right host on loopback, no forged posts, and headers that keep a page to itself."""

from __future__ import annotations

from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})
OWN = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'; form-action 'self'; base-uri 'none'"
"""Content policy of our own pages: nothing from elsewhere, no inline script."""

CHAT = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; worker-src 'self' blob:; "
    "connect-src 'self'; frame-ancestors 'self'; form-action 'self'; base-uri 'self'"
)
"""Content policy of the Gradio apps, which need inline scripts of their own; still nothing from elsewhere."""


SAFE_HEADERS = {
    "Content-Security-Policy": OWN,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""What goes with every page; what sets its own Cache-Control keeps it."""


class Guard:
    """ASGI middleware. `hosts` are the names the app may be addressed by; None lets any (behind sign-in)."""

    def __init__(self, app: ASGIApp, hosts: Collection[str] | None, is_chat: Callable[[str], bool]) -> None:
        self._app, self._hosts, self._is_chat = app, hosts, is_chat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what does not belong, and send the rest on with safe headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope["method"], headers)
        if refusal:
            await PlainTextResponse(refusal, status_code=403)(scope, receive, send)
            return

        chat = self._is_chat(scope["path"])
        policy, kept = CHAT if chat else OWN, _kept(scope["path"], chat=chat)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                if message["status"] in (200, 304):  # a refusal must not outlast its reason
                    sent.setdefault("Cache-Control", kept)
                for name, value in SAFE_HEADERS.items():
                    sent.setdefault(name, value)
                sent["Content-Security-Policy"] = policy
            await send(message)

        await self._app(scope, receive, guarded)

    def _refusal(self, method: str, headers: Headers) -> str:
        host = headers.get("host", "")
        if self._hosts is not None and urlsplit(f"//{host}").hostname not in self._hosts:
            return "请用 http://127.0.0.1 加端口号访问。"
        if method in SAFE:
            return ""
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        foreign = site not in (None, "same-origin", "none") or (origin is not None and urlsplit(origin).netloc != host)
        return "这个请求来自别的网站，没有执行。" if foreign else ""


def _kept(path: str, *, chat: bool) -> str:
    """How long a browser may keep what it got: pages never, files until they change.

    Gradio's scripts carry a hash of their content in their names, and are too big for a phone to fetch at each visit.
    """
    if chat and "/assets/" in path:
        return "private, max-age=604800, immutable"
    return "no-cache" if "/static/" in path else "no-store"
