"""The exported form equals the published one, key for key."""

from __future__ import annotations

import json
from pathlib import Path

from knowledge.export import standard_json
from knowledge.model import Standard

PUBLISHED = Path(__file__).parents[2] / "golden" / "standard.json"


def test_export_equals_the_published_transcription_to_the_order_of_keys(standard: Standard) -> None:
    published = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    assert json.dumps(standard_json(standard), ensure_ascii=False) == json.dumps(published, ensure_ascii=False)
