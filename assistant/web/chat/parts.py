"""The pieces that both chat pages are laid out from."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from assistant.web.chat.common import CLICKS

ANYWAY = "用自己的话说实际情况就行"
AT_A_DESK = f"{ANYWAY}。回车发送，Shift+回车换行"
LABELS = ("跳过", "不清楚", "不适用", "换个问法", "更正上一条", "转给…")


@dataclass(frozen=True)
class Buttons:
    """What else than answering one can do with a question."""

    skip: gr.Button
    unknown: gr.Button
    unfit: gr.Button
    again: gr.Button
    correct: gr.Button
    pass_on: gr.Button
    pass_now: gr.Button
    pass_not: gr.Button


def html(name: str, *, clicks: bool = False) -> gr.HTML:
    """A place for HTML of ours."""
    return gr.HTML(elem_id=f"c-{name}", apply_default_css=False, js_on_load=CLICKS if clicks else None)


def hidden(name: str) -> gr.Textbox:
    """What the page has to remember between two events; kept in the browser, so that a restarted server does not miss it."""
    return gr.Textbox("", visible=False, elem_id=f"c-{name}")


def line(placeholder: str) -> tuple[gr.Textbox, gr.Button]:
    """The box and its button."""
    with gr.Row(elem_id="c-line"):
        box = gr.Textbox(
            label="您的回答",
            lines=1,
            max_lines=10,
            placeholder=placeholder,
            container=False,
            elem_id="c-box",
            scale=1,
            autofocus=True,
            html_attributes=gr.InputHTMLAttributes(autocorrect="off", autocapitalize="off", enterkeyhint="send"),
        )
        send = gr.Button("发送", variant="primary", elem_id="c-send", scale=0, min_width=72)
    return box, send


def buttons() -> tuple[Buttons, gr.Row, gr.Dropdown]:
    """The row of buttons, and what 转给… unfolds."""
    with gr.Row(elem_id="c-buttons"):
        skip, unknown, unfit, again, correct, pass_on = (_button(text) for text in LABELS)
    with gr.Row(visible=False, elem_id="c-passing") as passing:
        to = gr.Dropdown(
            label="请谁来答这个话题", choices=[], allow_custom_value=True, elem_id="c-to", scale=1, min_width=140
        )
        now, no = _button("转给他"), _button("取消")
    return Buttons(skip, unknown, unfit, again, correct, pass_on, now, no), passing, to


def _button(text: str) -> gr.Button:
    return gr.Button(text, size="sm", elem_classes="c-button", scale=0, min_width=0)
