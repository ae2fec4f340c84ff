"""Write the columns into docs/tables.md from their constants. Usage: python tools/tables_page.py [--check]."""

from __future__ import annotations

import sys
from pathlib import Path

from rhetoric.tables import SCHEMAS, TABLE_SCHEMA
from rhetoric.tables.columns import MEANINGS, ROWS

PAGE = Path(__file__).parents[1] / "docs" / "tables.md"
BEGIN, END = "<!-- columns: written by tools/tables_page.py -->\n", "<!-- end of columns -->\n"


def columns() -> str:
    """A table of its columns for every table."""
    lines = [f"Schema {TABLE_SCHEMA}, in the metadata of every Parquet file as `rhetoric.schema_version`.", ""]
    for table, schema in SCHEMAS.items():
        lines += [f"### {table}", "", ROWS[table], "", "| column | type | unit | meaning |", "|---|---|---|---|"]
        for name, kind in schema.items():
            column = MEANINGS[table][name]
            lines.append(f"| `{name}` | {kind.lower()} | {column.unit} | {column.meaning} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    fresh = f"{before}{BEGIN}{columns()}{END}{after}"
    if "--check" in sys.argv:
        sys.exit(0 if fresh == page else "docs/tables.md is stale: run tools/tables_page.py")
    PAGE.write_text(fresh, encoding="utf-8")
