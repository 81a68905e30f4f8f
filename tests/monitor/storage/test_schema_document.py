"""The document of the schema names every table and column there is, and none that is not."""

import re

from monitor.export.everything_columns import UNIT, header
from monitor.storage import schema
from monitor.storage.whole import exported_columns
from resources import path_to

Documented = dict[str, list[tuple[str, str, str]]]


def documented() -> Documented:
    """Return table: (column, type, name in exports) as the document has them."""
    text = path_to("docs/schema.md").read_text("utf-8").partition("## The tables")[2]
    found: Documented = {}
    for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        rows = re.findall(r"^\| `(\w+)` \| ([\w, ]+) \| (\S+) \| (.+) \|$", part, re.MULTILINE)
        assert all(meaning.strip() for *_, meaning in rows)
        found[part.splitlines()[0]] = [
            (name, kind, told.strip("`")) for name, kind, told, _ in rows
        ]
    return found


def test_every_table_and_column_is_named_and_none_is_invented() -> None:
    there = {
        name: [
            (column.name, str(column.type).lower() + (", may be none" if column.nullable else ""))
            for column in table.columns
        ]
        for name, table in schema.metadata.tables.items()
    }
    assert {name: [row[:2] for row in rows] for name, rows in documented().items()} == there


def test_the_names_in_exports_are_those_of_the_document() -> None:
    for name, rows in documented().items():
        told = set(header(name, exported_columns(schema.metadata.tables[name]))) - {UNIT}
        if name == "dose":
            told.add(UNIT)
        assert {row[2] for row in rows} - {"-"} == told
