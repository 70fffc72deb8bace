"""Sheets and figures as one HTML page that loads nothing and runs nothing."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from importlib.resources import files

from opensec_inspect.frozen import Frozen
from opensec_inspect.report.metrics.metrics import Unit
from opensec_inspect.report.tables.table import Cell, Column, Table
from opensec_inspect.report.tables.wording import interval, number, plain
from opensec_inspect.stats import Estimate

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


class Drawing(Frozen):
    """A figure with its words."""

    name: str
    """File name without suffix, example "containment"."""
    title: str
    """What it shows, in a few words."""
    caption: str
    """How to read it; also what a screen reader says."""
    svg: str
    """An `<svg>` element, made by us."""


class Link(Frozen):
    """A link, or a line of a list without one."""

    href: str | None
    """Where to; None for text alone."""
    text: str
    """What it says."""


class Section(Frozen):
    """A part of the page."""

    title: str
    """Heading."""
    tables: tuple[Table, ...] = ()
    """Shown as they are."""
    folded: tuple[Table, ...] = ()
    """Shown when opened."""
    drawings: tuple[Drawing, ...] = ()
    """Shown before the tables."""
    links: tuple[Link, ...] = ()
    """Listed at the end."""
    notes: tuple[str, ...] = ()
    """What a reader must know of the section, a line each."""


def page_of(title: str, intro: Sequence[str], sections: Sequence[Section]) -> str:
    """The page; `intro` holds the paragraphs before the first section.

    Everything but the drawings' SVG is escaped, and the page forbids itself scripts and any loading.
    """
    shown = [section for section in sections if _parts(section)]
    index = "".join(f'<li><a href="#s{n}">{_text(s.title)}</a></li>' for n, s in enumerate(shown))
    body = "\n".join(
        f'<section id="s{n}"><h2>{_text(section.title)}</h2>\n{"".join(_parts(section))}</section>'
        for n, section in enumerate(shown)
    )
    paragraphs = "".join(f"<p>{_text(line)}</p>" for line in intro)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title>\n<style>{_style()}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{_text(title)}</h1>\n{paragraphs}\n<nav><ul>{index}</ul></nav>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _parts(section: Section) -> list[str]:
    drawn = "".join(map(_figure, section.drawings))
    parts = [f'<div class="figures">{drawn}</div>\n'] if drawn else []
    parts += [_table(table) + _notes(table.notes) for table in section.tables]
    parts += [
        f"<details><summary>{_text(table.title)}</summary>{_table(table)}{_notes(table.notes)}</details>\n"
        for table in section.folded
    ]
    if section.links:
        parts.append(f"<ul>{''.join(map(_link, section.links))}</ul>\n")
    return [*parts, _notes(section.notes)] if parts else []


def _link(link: Link) -> str:
    text = _text(link.text)
    return f"<li>{text}</li>" if link.href is None else f'<li><a href="{_text(link.href)}">{text}</a></li>'


def _figure(drawing: Drawing) -> str:
    svg = drawing.svg.replace("<svg ", f'<svg role="img" aria-label="{_text(drawing.title)}" ', 1)
    files = (
        f'<a href="{_text(drawing.name)}.svg">SVG</a>, <a href="{_text(drawing.name)}.png">PNG</a>'
        if drawing.name
        else ""
    )
    return (
        f"<figure>{svg}<figcaption><strong>{_text(drawing.title)}.</strong> {_text(drawing.caption)} "
        f"({files})</figcaption></figure>\n"
    )


def _table(table: Table) -> str:
    if not table.rows:
        return ""
    heading = "".join(
        f'<th scope="col"{_class(column.unit)}>{_text(column.label)}</th>' for column in table.columns
    )
    rows = "".join(
        "<tr>" + "".join(_cell(c, column) for c, column in zip(row, table.columns, strict=True)) + "</tr>\n"
        for row in table.rows
    )
    return (
        f'<div class="wide"><table><caption hidden>{_text(table.title)}</caption>'
        f"<thead><tr>{heading}</tr></thead>\n<tbody>{rows}</tbody></table></div>\n"
    )


def _cell(cell: Cell, column: Column) -> str:
    unit, label = column.unit, f' data-label="{_text(column.label)}"'
    if not isinstance(cell, Estimate):
        shown = cell if isinstance(cell, str) else number(cell, unit, more=_more(unit))
        return f"<td{_class(unit)}{label}>{_text(shown)}</td>"
    more = _more(unit)
    below = [interval(cell, unit, more=more), f"n = {cell.n}"]
    small = "".join(f"<small>{_text(line)}</small>" for line in below if line)
    why = f' title="{_text(cell.note)}"' if cell.note else ""
    return f'<td class="number"{label}{why}>{_text(number(cell.value, unit, more=more))}{small}</td>'


def _more(unit: Unit | None) -> int:
    """Decimals beyond those of a terminal: the published shares have one."""
    return 1 if unit == "share" else 0


def _class(unit: Unit | None) -> str:
    return ' class="number"' if unit is not None else ""


def _notes(notes: Iterable[str]) -> str:
    """Each as a paragraph; what stands between backticks is something to type."""
    typed = (re.sub("`([^`]+)`", r"<code>\1</code>", _text(note)) for note in notes)
    return "".join(f'<p class="note">{note}</p>' for note in typed) + "\n"


@cache
def _style() -> str:
    return (files("opensec_inspect.report.tables") / "page.css").read_text(encoding="utf-8")


def _text(text: str) -> str:
    return escape(plain(text), quote=True)
