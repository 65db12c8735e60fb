"""A report as Markdown, to be read as it is or made into something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from adjudge.page import Item
from adjudge.reports.document import Block, Bullets, Document, Entries, Figure, Grid, Heading, Paragraph, clean, plain_words

_MARKS = re.compile(r"([\\`*_<>\[\]|#~&])")
_LIST_START = re.compile(r"^([-+]|\d+(?=[.)]))")


def render_markdown(document: Document) -> str:
    """Return a report as Markdown (with the tables of GitHub's)."""
    out = [f"# {_text(document.title)}", _text(document.subtitle), f"**{_text(document.standing)}**"]
    for block in document.blocks:
        out += _block(block)
    return "\n\n".join(out) + "\n"


def _text(text: str) -> str:
    text = _MARKS.sub(r"\\\1", clean(text))
    return _LIST_START.sub(lambda found: f"\\{found[0]}" if not found[0].isdigit() else f"{found[0]}\\", text)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * (block.level + 1)} {_text(block.text)}"
        case Paragraph(kind="quote"):
            yield f"> {_text(plain_words(block.words))}"
        case Paragraph(kind="lead"):
            yield f"**{_text(plain_words(block.words))}**"
        case Paragraph():
            yield _text(plain_words(block.words))
        case Bullets():
            yield "\n".join(_listed(block.items, 0))
        case Grid():
            yield f"*{_text(block.caption)}*"
            yield "\n".join(_grid(block))
        case Figure():
            yield _text(block.alt)
        case Entries():
            for entry in block.entries:
                yield f"**{block.label + ' ' if block.label else ''}{entry.number}.** {_text(entry.text)}"
                if entry.details:
                    yield f"*{_text(plain_words(entry.details))}*"
                if entry.quoted:
                    yield "\n>\n".join(f"> {_text(line)}" for line in entry.quoted)


def _listed(items: Sequence[Item], depth: int) -> Iterator[str]:
    for item in items:
        yield f"{'  ' * depth}- {_text(item.text)}"
        yield from _listed(item.items, depth + 1)


def _grid(grid: Grid) -> Iterator[str]:
    columns = len(grid.widths)
    yield f"| {' | '.join(map(_text, grid.header or ('',) * columns))} |"
    yield f"|{'---|' * columns}"
    for row in grid.rows:
        cells = [_text(plain_words(cell)) for cell in row.cells]
        cells = [f"**{cell}**" if row.group or place == row.strong else cell for place, cell in enumerate(cells)]
        yield f"| {' | '.join([*cells, *([''] * (columns - len(cells)))])} |"
