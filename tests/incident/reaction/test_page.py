"""The page of the evidence is the code's."""

from pathlib import Path

from click.testing import CliRunner

from opensec_inspect.cli import main
from opensec_inspect.incident.reaction.page import evidence_page
from opensec_inspect.incident.sensors.schema.columns import WRITERS
from opensec_inspect.incident.sensors.schema.dictionary import WRITER_WORDS, dictionary_rows
from opensec_inspect.incident.sensors.schema.tables import TABLES

PAGE = Path(__file__).parents[3] / "docs" / "evidence.md"


def test_the_page_is_what_the_command_prints() -> None:
    """`opensec dictionary > docs/evidence.md` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == evidence_page()
    assert CliRunner().invoke(main, ["dictionary"]).output == evidence_page()


def test_the_dictionary_explains_every_column_and_every_writer() -> None:
    assert {*WRITER_WORDS} == {*WRITERS}
    assert [(table, column) for table, column, _, _ in dictionary_rows()] == [
        (table.name, column.name) for table in TABLES for column in table.columns
    ]
