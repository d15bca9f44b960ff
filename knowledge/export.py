"""The standard as plain JSON values, in the published form of standard.json (one object per sub-item)."""

from __future__ import annotations

from typing import Any

from knowledge.model import Standard


def standard_json(standard: Standard) -> list[dict[str, Any]]:
    """One dict per sub-item, in the standard's order, keys in the published order; ready for `json.dumps`."""
    return [
        {
            "code": subitem.code,
            "domain": domain.name,
            "item": item.name,
            "subitem": subitem.name,
            "section": item.section,
            "table": item.table,
            "clauses": [{"code": c.code, "level": c.level, "text": c.text} for c in subitem.clauses],
            "aliases": list(subitem.aliases),
            "level_names": list(standard.level_names(subitem.code)),
        }
        for domain in standard.domains
        for item in domain.items
        for subitem in item.subitems
    ]
