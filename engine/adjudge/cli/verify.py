"""The command that grades an answer again: verify."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adjudge.cli.shared import Format, FormatOption, JudgementsOption, app, render, write


@app.command("verify", epilog="Example: adjudge grade my-bundle --format json > answer.json; adjudge verify answer.json --bundle my-bundle")
def verify_command(
    answer: Annotated[Path, typer.Argument(metavar="PROPOSAL.json", help="What `adjudge grade --format json` wrote.")],
    bundle: Annotated[str | None, typer.Option("--bundle", help="The bundle, by folder or name; else the one that the answer names.")] = None,
    judgements: JudgementsOption = None,
    format: FormatOption = Format.text,
) -> None:
    """Grade an answer again, and say whether it is the same and what changed; exit 1 if it is different."""
    from adjudge.bundles import load_evidence, load_judgements
    from adjudge.documents import shown
    from adjudge.verification import read_answer, verification_page, verify

    made = read_answer(answer)
    evidence = load_evidence(bundle or made.bundle)
    further = load_judgements(judgements, evidence.standard) if judgements else ()
    found = verify(made, evidence, further, shown(answer))
    if format is Format.json:
        write(found.model_dump_json(indent=1) + "\n")
    else:
        render(verification_page(found), format)
    if not found.same:
        raise typer.Exit(1)
