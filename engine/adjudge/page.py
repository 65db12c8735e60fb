"""A page to read (title, tables, sections, nested lines), and how it is rendered: text for a terminal, Markdown, HTML."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST_WORD = 16
"""Words up to this length aren't broken in a table, if all of its columns have room."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of an explanation with the lines beneath it."""

    text: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of an explanation."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under a header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Something to read: a title, an opening line, tables and sections."""

    title: str
    lead: tuple[str, ...]
    tables: tuple[Table, ...] = ()
    sections: tuple[Section, ...] = ()
    closing: tuple[str, ...] = ()


def render_text(page: Page, width: int = 100, color: bool = False) -> str:
    """Render a page for a terminal of a given width."""
    import io

    from rich.console import Console, Group, RenderableType
    from rich.padding import Padding
    from rich.table import Table as RichTable
    from rich.text import Text

    def lines(items: Sequence[Item], depth: int) -> Iterator[RenderableType]:
        for item in items:
            yield Padding(Text(item.text), (0, 0, 0, 2 * depth))
            yield from lines(item.items, depth + 1)

    blocks: list[RenderableType] = [Text(page.title, style="bold"), *(Text(line) for line in page.lead)]
    for table in page.tables:
        grid = RichTable(box=None, pad_edge=False, header_style="bold")
        words = [
            max((len(word) for row in (table.header, *table.rows) for word in row[place].split()), default=0) for place in range(len(table.header))
        ]
        fits = sum(words) + 2 * len(words) <= width and max(words) <= MOST_WORD
        for name, longest in zip(table.header, words, strict=True):
            grid.add_column(name, overflow="fold", min_width=longest if fits else None)
        for row in table.rows:
            grid.add_row(*(Text(cell) for cell in row))
        blocks += [Text(""), grid]
    for section in page.sections:
        blocks += [Text(""), Text(section.title, style="bold"), *lines(section.items, 1)]
    if page.closing:
        blocks += [Text(""), *(Text(line, style="dim") for line in page.closing)]
    console = Console(file=io.StringIO(), width=width, force_terminal=color, highlight=False)
    with console.capture() as capture:
        console.print(Group(*blocks))
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def render_markdown(page: Page) -> str:
    """Render a page as Markdown."""

    def lines(items: Sequence[Item], depth: int) -> Iterator[str]:
        for item in items:
            yield f"{'  ' * depth}- {_escaped(item.text)}"
            yield from lines(item.items, depth + 1)

    out = [f"# {_escaped(page.title)}", ""]
    for line in page.lead:
        out += [_escaped(line), ""]
    for table in page.tables:
        out += [f"| {' | '.join(table.header)} |", f"|{'---|' * len(table.header)}"]
        out += [f"| {' | '.join(_escaped(cell) for cell in row)} |" for row in table.rows]
        out.append("")
    for section in page.sections:
        out += [f"## {_escaped(section.title)}", "", *lines(section.items, 0), ""]
    for line in page.closing:
        out += [_escaped(line), ""]
    return "\n".join(out).rstrip() + "\n"


def _escaped(text: str) -> str:
    for character in "\\`*_<>[]|#":
        text = text.replace(character, f"\\{character}")
    return text


def render_html(page: Page, level: int = 3) -> str:
    """Render a page as an HTML fragment whose title is a heading of the level given."""

    def listed(items: Sequence[Item]) -> str:
        return f"<ul>{''.join(f'<li>{html.escape(item.text)}{listed(item.items)}</li>' for item in items)}</ul>" if items else ""

    out = [f"<h{level}>{html.escape(page.title)}</h{level}>", *(f"<p>{html.escape(line)}</p>" for line in page.lead)]
    for table in page.tables:
        head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in table.header)
        rows = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
        out.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
    out += [f"<h{level + 1}>{html.escape(section.title)}</h{level + 1}>{listed(section.items)}" for section in page.sections]
    out += [f"<p>{html.escape(line)}</p>" for line in page.closing]
    return "\n".join(out)


def html_document(page: Page) -> str:
    """Render a page as an HTML document of its own: no scripts, nothing fetched, printable."""
    return (
        f'<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n<title>{html.escape(page.title)}</title>\n<style>{_STYLE}</style>\n'
        f"</head>\n<body>\n<main>\n{render_html(page, 1)}\n</main>\n</body>\n</html>\n"
    )


_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;margin:2rem auto;max-width:60rem;padding:0 1rem}"
    "table{border-collapse:collapse;margin:1rem 0}th,td{text-align:left;vertical-align:top;padding:.3rem .8rem;border-bottom:1px solid #767676}"
    "h1,h2{line-height:1.2}@media print{body{margin:0;max-width:none;font-size:10pt}}@page{size:A4;margin:2cm}"
)
