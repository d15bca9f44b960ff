"""The chats: Gradio apps mounted in the web app, one for who leads an interview, one for a respondent's link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI

if TYPE_CHECKING:
    from assistant.bootstrap import App


def mount(app: FastAPI, parts: App) -> None:
    """Mount both pages, and the address at which a page asks whether there is anything new."""
    from assistant.web.chat.mounting import mount_all

    mount_all(app, parts)
