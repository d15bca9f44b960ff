"""What stands before a question that is put again: it belongs to the talk, not to what was asked."""

from __future__ import annotations

import re

REMINDERS = ("", "再问一遍，好记准确：", "还是刚才那件事：", "最后核对一次：")
AGAIN = "换个说法："
SPECIFICS = ("请再具体说说。", "我想听点实际的。", "这块您细说一下。", "咱就说眼前的事。", "说得再细一点。")
CONTESTED = "关于这一点前后说法不一样，想再跟您核对一下："
LEAD_BACK = "接着刚才的说："
LEADS = (*REMINDERS[1:], AGAIN, *SPECIFICS, CONTESTED, LEAD_BACK)
LEAD = re.compile(f"^.*(?:{'|'.join(map(re.escape, LEADS))})", re.DOTALL)


def bare(question: str) -> str:
    """A question without what stands before it."""
    return LEAD.sub("", question)
