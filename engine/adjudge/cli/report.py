"""The command that writes a report of a grading: report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adjudge.cli.shared import BundleArgument, JudgementsOption, ReadingOption, app, grading_of, write
from adjudge.errors import BadInput

ENDINGS = (".html", ".docx", ".md")


@app.command(
    epilog="Examples: adjudge report hertfordshire-2007 --out report.html | adjudge report my-bundle --out report.docx --template house.docx"
)
def report(
    bundle: BundleArgument,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The report to write: its name ends in .html, .docx or .md.")],
    source: Annotated[Path | None, typer.Option("--source", help="The inspectorate's own report, to quote it beneath the findings.")] = None,
    reading: ReadingOption = None,
    judgements: JudgementsOption = None,
    template: Annotated[Path | None, typer.Option("--template", help="A Word document whose styles, headers and footers to use.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the report that stands there.")] = False,
) -> None:
    """Write an inspection report: grades, findings and recommendations in the inspectors' own form, and an annex on how each grade came about."""
    from adjudge.reports.build import report as built
    from adjudge.workbook.sheets import save

    ending = out.suffix.lower()
    if ending not in ENDINGS:
        raise BadInput.at(str(out), "a report's name ends in `.html`, `.docx` or `.md`")
    if template is not None and ending != ".docx":
        raise BadInput.at(str(out), "a template is for Word; the report's name must end in `.docx`")
    grading = grading_of(bundle, None, reading, judgements)
    document = built(grading, source)
    if ending == ".docx":
        from adjudge.reports.word import render_word

        content = render_word(document, template)
    elif ending == ".html":
        from adjudge.reports.html import render_html

        content = render_html(document).encode()
    else:
        from adjudge.reports.markdown import render_markdown

        content = render_markdown(document).encode()

    def put(temporary: Path) -> None:
        temporary.write_bytes(content)

    save(out, force, put)
    write(f"{out}: {len(grading)} frameworks, {len(grading.bundle.records)} findings\n")
