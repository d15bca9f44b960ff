"""Conducting an interview: what to ask next, and what one answer changes. Pure over the ports."""
