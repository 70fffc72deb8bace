"""The data dictionary: what each column of the evidence holds, and who can write it."""

from opensec_inspect.incident.sensors.schema.columns import TRUST_OF, Writer
from opensec_inspect.incident.sensors.schema.tables import CONTEXT, TABLES

WRITER_WORDS: dict[Writer, str] = {
    "S": "sensor or platform",
    "O": "sensor, of what the actor completed",
    "W": "workflow engine",
    "D": "service desk or security staff",
    "U": "signed-in user",
    "X": "whoever ran or connected",
    "M": "anybody who can send mail or a web form",
}


def dictionary_rows() -> tuple[tuple[str, str, str, str], ...]:
    """Table, column, writer in words and meaning, for every own column of the evidence tables."""
    return tuple(
        (table.name, column.name, WRITER_WORDS[column.writer], column.about)
        for table in TABLES
        for column in table.columns
    )


def dictionary_lines() -> list[str]:
    """The dictionary as Markdown: writers, sources, then a section per table."""
    lines = ["## Who writes a column", "", "| class | who |", "|---|---|"]
    lines += [f"| {writer} | {words} |" for writer, words in WRITER_WORDS.items()]
    lines += ["", "## What a source is worth", "", "| `source` | `trust_tier` |", "|---|---|"]
    lines += [f"| `{source}` | {tier} |" for source, tier in TRUST_OF.items()]
    for table in TABLES:
        lines += [
            "",
            f"## `{table.name}`",
            "",
            f"{_sentence(table.about)} Ids begin with `{table.id_prefix}-`.",
        ]
        lines += ["", "| column | class | what |", "|---|---|---|"]
        lines += [f"| `{c.name}` | {c.writer} | {_cell(c.about)} |" for c in table.columns]
    lines += ["", "## Inventories", "", "Context, never evidence.", "", "| table | columns |", "|---|---|"]
    lines += [f"| `{name}` | {', '.join(columns)} |" for name, columns in CONTEXT.items()]
    return lines


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _cell(words: str) -> str:
    return words.replace("|", "\\|")
