"""The chats, as Gradio apps: staff conducting an interview (/interview), and a respondent on a link (/talk)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.bootstrap import App


def mount(app: FastAPI, parts: App) -> None:
    """Add the chats to the web app. Called once, by `server.create`, which has put Gradio offline before."""
