"""What mkdocs asks while it builds the site: the table of all results files."""

from pathlib import Path
from typing import Any

from opensec_inspect.report.exporting import rendered

MARK = "<!-- results -->"


def on_page_markdown(markdown: str, **_: Any) -> str:
    """The page with the table where its mark stands."""
    return (
        markdown.replace(MARK, rendered(Path(__file__).parent / "results")) if MARK in markdown else markdown
    )
