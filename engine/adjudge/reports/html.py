"""A report as one HTML file: no scripts, nothing fetched, made for screen readers, small screens and A4 paper alike."""

from __future__ import annotations

import html
from collections.abc import Sequence

from adjudge.page import Item
from adjudge.reports.document import LANGUAGE, Block, Bullets, Document, Entries, Entry, Figure, Grid, Heading, Inline, Paragraph, Ref, Row, clean


def render_html(document: Document) -> str:
    """Return a report as an HTML document."""
    title = _text(document.title)
    return (
        f'<!DOCTYPE html>\n<html lang="{LANGUAGE}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#report">Skip to the report</a>\n'
        f'<header>\n<h1>{title}</h1>\n<p class="subtitle">{_text(document.subtitle)}</p>\n'
        f'<p class="standing">{_text(document.standing)}</p>\n</header>\n'
        f"{_contents(document)}\n"
        f'<main id="report" tabindex="-1">\n{chr(10).join(map(_block, document.blocks))}\n</main>\n</body>\n</html>\n'
    )


def _text(text: str) -> str:
    return html.escape(clean(text))


def _words(words: Inline) -> str:
    return "".join(
        f'<a href="#{html.escape(each.target)}">{_text(each.text)}</a>' if isinstance(each, Ref) else html.escape(_spaced(each)) for each in words
    )


def _spaced(text: str) -> str:
    """Return a text cleaned, the space at its ends kept: it separates it from what stands beside it."""
    return f"{' ' if text[:1].isspace() else ''}{clean(text)}{' ' if text[-1:].isspace() and text.strip() else ''}"


def _contents(document: Document) -> str:
    parts: list[tuple[Heading, list[Heading]]] = []
    for heading in document.contents:
        if heading.level == 1:
            parts.append((heading, []))
        else:
            parts[-1][1].append(heading)
    lines = []
    for part, chapters in parts:
        within = "".join(f"<li>{_link(chapter)}</li>" for chapter in chapters)
        lines.append(f"<li>{_link(part)}{f'<ul>{within}</ul>' if within else ''}</li>\n")
    return f'<nav aria-label="Contents">\n<p class="contents">Contents</p>\n<ul>\n{"".join(lines)}</ul>\n</nav>'


def _link(heading: Heading) -> str:
    return f'<a href="#{html.escape(heading.anchor)}">{_text(heading.text)}</a>'


def _block(block: Block) -> str:
    match block:
        case Heading():
            level = block.level + 1
            kind = ' class="new-page"' if block.new_page else ""
            return f'<h{level} id="{html.escape(block.anchor)}"{kind}>{_text(block.text)}</h{level}>'
        case Paragraph(kind="quote"):
            return f"<blockquote><p>{_words(block.words)}</p></blockquote>"
        case Paragraph():
            kind = "" if block.kind == "body" else f' class="{block.kind}"'
            return f"<p{kind}>{_words(block.words)}</p>"
        case Bullets():
            return _listed(block.items)
        case Grid():
            return _grid(block)
        case Figure():
            return f'<figure>{block.svg}<figcaption class="note">A chart of the table that follows.</figcaption></figure>'
        case Entries():
            kind = "recommendations" if block.label else "findings"
            return f'<ol class="{kind}">\n{chr(10).join(_entry(entry, block.label) for entry in block.entries)}\n</ol>'


def _listed(items: Sequence[Item]) -> str:
    return f"<ul>{''.join(f'<li>{_text(item.text)}{_listed(item.items)}</li>' for item in items)}</ul>" if items else ""


def _entry(entry: Entry, label: str) -> str:
    anchor = f' id="{html.escape(entry.anchor)}"' if entry.anchor else ""
    lines = "".join(f"<p>{_text(line)}</p>" for line in entry.quoted)
    quote = f"<blockquote>{lines}</blockquote>" if lines else ""
    details = f'<p class="details">{_words(entry.details)}</p>' if entry.details else ""
    head = f'<p class="lead">{_text(label)} {entry.number}</p>' if label else ""
    return f'<li value="{entry.number}"{anchor}>{head}<p>{_text(entry.text)}</p>{details}{quote}</li>'


def _grid(grid: Grid) -> str:
    columns = "".join(f'<col style="width:{width}%">' for width in grid.widths)
    names = "".join(f'<th scope="col">{_text(name)}</th>' for name in grid.header)
    head = f"<thead><tr>{names}</tr></thead>" if names else ""
    groups: list[list[str]] = [[]]
    for row in grid.rows:
        if row.group:
            groups.append([])
        groups[-1].append(_row(row, len(grid.widths)))
    body = "".join(f"<tbody>{''.join(rows)}</tbody>" for rows in groups if rows)
    return f'<table class="{grid.kind}"><caption>{_text(grid.caption)}</caption><colgroup>{columns}</colgroup>{head}{body}</table>'


def _row(row: Row, columns: int) -> str:
    anchor = f' id="{html.escape(row.anchor)}"' if row.anchor else ""
    if row.group:
        return f'<tr{anchor}><th scope="rowgroup" colspan="{columns}">{_words(row.cells[0])}</th></tr>'
    cells = [f'<th scope="row">{_words(row.cells[0])}</th>']
    for place, cell in enumerate(row.cells[1:], 1):
        words = _words(cell)
        cells.append(f"<td>{f'<strong>{words}</strong>' if place == row.strong else words}</td>")
    return f"<tr{anchor}>{''.join(cells)}</tr>"


_STYLE = """\
:root{--ink:#1a1a1a;--navy:#12395b;--grey:#555555;--line:#8a8f94;--pale:#eef2f6}
*{box-sizing:border-box}
body{font:1rem/1.5 Arial,"Liberation Sans",Helvetica,sans-serif;color:var(--ink);background:#fff;margin:0 auto;max-width:54rem;
padding:0 1.25rem 4rem;overflow-wrap:anywhere}
a{color:#0b4f8a}
a:focus-visible,main:focus-visible{outline:3px solid #b35900;outline-offset:2px}
.skip{position:absolute;left:-999rem}
.skip:focus{position:static;display:inline-block;padding:.5rem}
header{border-top:.6rem solid var(--navy);border-bottom:2px solid var(--navy);margin-top:1.5rem;padding:1.5rem 0 1rem}
h1,h2,h3,h4{color:var(--navy);line-height:1.2;margin:2rem 0 .6rem;break-after:avoid}
h1{font-size:2.2rem;margin:0 0 .5rem}
h2{font-size:1.7rem;border-bottom:2px solid var(--navy);padding-bottom:.25rem;margin-top:3rem}
h3{font-size:1.35rem}
h4{font-size:1.1rem}
p{margin:.4rem 0 .7rem}
.subtitle{font-size:1.15rem}
.standing,.lead,.contents{font-weight:bold}
.lead{break-after:avoid}
.contents{color:var(--navy);font-size:1.35rem;margin-top:2rem}
.note,.details{color:var(--grey);font-size:.875rem}
nav ul{list-style:none;padding-left:0}
nav ul ul{padding-left:1.5rem}
nav li{margin:.2rem 0}
li{margin:.25rem 0}
ol{padding-left:2.2rem}
ol>li{margin:.8rem 0;break-inside:avoid}
ol>li::marker{font-weight:bold;color:var(--navy)}
ol p{margin:.1rem 0}
ol.recommendations{padding-left:0;list-style:none}
ol.recommendations .lead{color:var(--navy)}
ol.recommendations>li{border-left:.35rem solid var(--navy);background:var(--pale);padding:.5rem .9rem}
blockquote{margin:.5rem 0;padding:.1rem 0 .1rem .9rem;border-left:.25rem solid var(--line);
font-family:Georgia,"Liberation Serif",serif;font-size:.95rem}
figure{margin:1rem 0;break-inside:avoid}
svg{max-width:100%;height:auto;display:block}
table{border-collapse:collapse;width:100%;margin:1rem 0 1.5rem;table-layout:fixed;font-size:.925rem}
caption{text-align:left;font-weight:bold;padding:.3rem 0;break-after:avoid}
th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;border-bottom:1px solid var(--line);hyphens:auto}
thead th{background:var(--navy);color:#fff;vertical-align:bottom}
tbody th{font-weight:normal}
tbody th[scope=rowgroup]{font-weight:bold;background:var(--pale)}
tr{break-inside:avoid}
table.grade{width:auto;min-width:60%;border:3px solid var(--navy);font-size:1rem}
table.grade caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table.grade th{font-weight:bold;background:var(--pale)}
:target{background:#fff3c4}
@page{size:A4;margin:18mm 18mm 20mm}
@page{@bottom-right{content:"Page " counter(page) " of " counter(pages);font:8pt Arial,sans-serif;color:#555}}
@page{@bottom-left{content:"Grades proposed by adjudge";font:8pt Arial,sans-serif;color:#555}}
@media print{
html{font-size:9.5pt}
body{max-width:none;padding:0}
ol>li{margin:.55rem 0}
.skip{display:none}
.new-page{break-before:page;margin-top:0}
a{color:inherit;text-decoration:none}
thead{display:table-header-group}
thead th,table.grade th,tbody th[scope=rowgroup],ol.recommendations>li{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
"""
