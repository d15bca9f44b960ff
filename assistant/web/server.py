"""The web app: one FastAPI app with the pages, the chats and what guards them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from threading import Thread
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles

from assistant.web import errors, pages
from assistant.web.door import Door
from assistant.web.doorman import Doorman
from assistant.web.guard import LOOPBACK, Guard
from assistant.web.limit import Limit
from assistant.web.render import STATIC
from assistant.web.rights import Right, declared
from assistant.web.shared import Shared

if TYPE_CHECKING:
    from assistant.bootstrap import App

CHATS = ("/interview", "/talk")


def create(parts: App, *, loopback: bool = True, chats: bool = True) -> FastAPI:
    """The app over the product's parts. `loopback`: only this machine may address it.

    Every module of `pages` gives its `router`; `chats.mount` adds the Gradio apps (`chats=False`, for tests of pages,
    leaves them out: Gradio takes seconds to load). Raises RuntimeError for a route that declares no right.
    """
    app = FastAPI(title="iiam", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan)
    app.state.parts = parts
    app.state.shared = Shared(parts)
    app.state.doorman = Doorman(parts, app.state.shared.invitations, loopback=loopback)
    errors.install(app)
    for router in _routers():
        app.router.routes.extend(router.routes)
    if wrong := undeclared(routes_of(app)):
        raise RuntimeError(f"routes without one declared right: {wrong}")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    if chats:
        keep_offline(parts.settings.home)
        import_module("assistant.web.chat").mount(app, parts)
    app.add_middleware(Limit)
    app.add_middleware(Door, doorman=app.state.doorman)
    app.add_middleware(Guard, hosts=LOOPBACK if loopback else None, is_chat=lambda path: path.startswith(CHATS))
    return app


def routes_of(app: FastAPI) -> list[APIRoute]:
    """The routes of our own pages."""
    return [route for route in app.routes if isinstance(route, APIRoute)]


def rights_declared(route: APIRoute) -> set[Right]:
    """The rights that a route declares; exactly one, or the app is not made."""
    return declared(dependency.call for dependency in route.dependant.dependencies)


def undeclared(routes: Iterable[APIRoute]) -> list[str]:
    """Addresses of the routes that declare no right, or more than one."""
    return [route.path for route in routes if len(rights_declared(route)) != 1]


def keep_offline(home: Path) -> None:
    """Have Gradio, before it is loaded, call nobody and keep its files with ours."""
    for name in ("GRADIO_ANALYTICS_ENABLED", "GRADIO_SSR_MODE", "GRADIO_RUN_HISTORY", "GRADIO_SHARE"):
        os.environ[name] = "False"
    os.environ["HF_HUB_OFFLINE"] = os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ.setdefault("GRADIO_TEMP_DIR", str(home / "uploads"))
    # Gradio would work out statistics over its last 10,000 events after each one, which takes longer than a turn.
    os.environ.setdefault("MPLBACKEND", "agg")  # else Gradio looks for a display's at the first answer: a second
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**9)
    os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"


def _routers() -> Iterator[APIRouter]:
    for module in sorted(iter_modules(pages.__path__), key=lambda found: found.name):
        found = getattr(import_module(f"{pages.__name__}.{module.name}"), "router", None)
        if isinstance(found, APIRouter):
            yield found


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Prepare in the background what the first interview would otherwise wait for."""
    Thread(target=app.state.shared.warm, name="warm", daemon=True).start()
    yield
