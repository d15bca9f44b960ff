"""Write the shipped Word template and JSON schema anew: `python -m assistant.reports.build_templates`."""

from __future__ import annotations

from datetime import datetime

from assistant.reports.docx import TEMPLATE
from assistant.reports.docx_template import build_template
from assistant.reports.json import SCHEMA, schema

BUILT = datetime(2026, 1, 1)


def main() -> None:
    """Build and write."""
    document = build_template()
    document.core_properties.created = document.core_properties.modified = BUILT
    document.save(str(TEMPLATE))
    SCHEMA.write_text(schema(), encoding="utf-8")


if __name__ == "__main__":
    main()
