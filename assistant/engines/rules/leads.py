"""What stands before a question that is put again: it belongs to the talk, not to what was asked."""

from __future__ import annotations

import re

REMINDERS = ("", "再问一遍，好记准确：", "还是刚才那件事：", "最后核对一次：")
AGAIN = "换个说法："
LEAD = re.compile(f"^.*(?:{'|'.join(re.escape(lead) for lead in (*REMINDERS[1:], AGAIN))})", re.DOTALL)


def bare(question: str) -> str:
    """A question without what stands before it."""
    return LEAD.sub("", question)
