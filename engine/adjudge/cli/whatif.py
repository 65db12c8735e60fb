"""The command that asks what would be if the evidence, a judgement or a reading were otherwise: whatif."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adjudge.bundles import load_evidence, load_judgements, merge_judgements
from adjudge.cli.shared import BundleArgument, Format, FormatOption, JudgementsOption, app, render, write
from adjudge.documents import find, shipped, shown
from adjudge.errors import BadInput, Fault, nearest

if TYPE_CHECKING:
    from adjudge.whatif.changes import Change
    from adjudge.whatif.scenario import Scenario

UNNAMED = "what-if"
"""What the scenario of the options is called until it is kept."""


@app.command(
    "whatif",
    epilog="Examples: adjudge whatif hertfordshire-2007 public-protection --deliver 7,8,9 | "
    "adjudge whatif my-bundle child-abuse --set supervision=met --keep supervised",
)
def whatif_command(
    bundle: BundleArgument,
    framework: Annotated[str | None, typer.Argument(metavar="[FRAMEWORK]", help="One framework, in full [all, in brief].")] = None,
    set: Annotated[list[str] | None, typer.Option("--set", metavar="CRITERION=STATUS", help="Suppose a criterion's status (or points).")] = None,
    deliver: Annotated[list[str] | None, typer.Option("--deliver", metavar="7,8,9", help="Suppose these recommendations delivered.")] = None,
    withdraw: Annotated[list[str] | None, typer.Option("--withdraw", metavar="RECORD", help="Suppose a record had not been found.")] = None,
    judgement: Annotated[
        list[str] | None,
        typer.Option("--judgement", metavar="CRITERION=...", help="Suppose a criterion judged dominant or not_applicable, or grade=GRADE."),
    ] = None,
    reading: Annotated[
        str | None, typer.Option("--reading", "-r", help="Suppose another reading: its name (strict), or terms (most=at least 2/3).")
    ] = None,
    over: Annotated[str | None, typer.Option("--over", metavar="NAME", help="Suppose all this on top of a kept scenario.")] = None,
    scenarios: Annotated[
        Path | None, typer.Option("--scenarios", "-s", metavar="FILE", help="The file of kept scenarios [scenarios.yaml in the bundle's folder].")
    ] = None,
    keep: Annotated[str | None, typer.Option("--keep", metavar="NAME", help="Keep what is supposed as a scenario of this name.")] = None,
    text: Annotated[str | None, typer.Option("--text", help="What the kept scenario is about, in your words.")] = None,
    judgements: JudgementsOption = None,
    format: FormatOption = Format.text,
) -> None:
    """Suppose things otherwise, and see kept scenarios and this one side by side: what changes, and why the grade moves or doesn't."""
    from adjudge.whatif import files
    from adjudge.whatif.base import Base
    from adjudge.whatif.comparison import compare
    from adjudge.whatif.scenario import Scenario, apply
    from adjudge.whatif.telling import tell

    evidence = load_evidence(bundle)
    if judgements:
        merged = merge_judgements(evidence.judgements, load_judgements(judgements, evidence.standard))
        evidence = evidence.model_copy(update={"judgements": merged})
    base = Base(evidence)
    if framework is not None:
        evidence.standard.rulebook(framework)
    changes = _changes(framework, evidence.frameworks, set or [], deliver or [], withdraw or [], judgement or [], reading)
    path = scenarios or _beside(bundle)
    if keep is not None and path is None:
        raise BadInput.at("--keep", "a shipped bundle isn't written to; say which file of yours keeps it: `--scenarios my-scenarios.yaml`")
    there = path is not None and (path.exists() or (scenarios is not None and keep is None))
    columns = list(files.load_scenarios(path, base)) if path and there else []
    if changes:
        made = Scenario(_name(keep, columns), text or "", changes, _named(over, columns))
        apply(base, made)
        columns.append(made)
    _check(changes, columns, keep, text, over)
    comparison = compare(base, columns, None if framework is None else [framework])
    kept = None
    if keep is not None and path is not None:
        files.keep(path, columns[-1], base)
        kept = shown(path)
    if format is Format.json:
        from adjudge.whatif.output import whatif_out

        write(whatif_out(comparison, kept).model_dump_json(indent=1) + "\n")
    else:
        render(tell(comparison, kept), format)


def _changes(
    framework: str | None,
    frameworks: Sequence[str],
    statuses: Sequence[str],
    deliveries: Sequence[str],
    withdrawals: Sequence[str],
    judgements: Sequence[str],
    reading: str | None,
) -> tuple[Change, ...]:
    """Return the changes that the options stand for. Raises BadInput for all that can't be read."""
    from adjudge.whatif.changes import ChooseReading, Deliver, Judge, SetStatus, WithdrawRecord

    faults: list[Fault] = []
    changes: list[Change] = []
    for where, criterion, value in _pairs("--set", statuses, framework, "supervision=met", faults):
        changes.append(SetStatus(framework=where, criterion=criterion, status=_value(value)))
    for where, criterion, value in _pairs("--judgement", judgements, framework, "supervision=dominant", faults):
        if criterion == "grade":
            changes.append(Judge(framework=where, grade=value))
        elif value == "dominant":
            changes.append(Judge(framework=where, criterion=criterion, dominant=True))
        elif value == "not_applicable":
            changes.append(Judge(framework=where, criterion=criterion, not_applicable=True))
        else:
            message = f"`{value}` isn't `dominant` or `not_applicable` (`--set` gives a status){nearest(value, ('dominant', 'not_applicable'))}"
            faults.append(Fault("--judgement", message))
    for word in (word.strip() for each in deliveries for word in each.split(",")):
        if re.fullmatch(r"[1-9]\d{0,5}", word):
            changes.append(Deliver(recommendation=int(word)))
        else:
            faults.append(Fault("--deliver", f"`{word}` isn't the number of a recommendation; write `--deliver 7,8,9`"))
    changes += [WithdrawRecord(record=each.strip()) for each in withdrawals]
    if reading is not None:
        changes.append(ChooseReading(reading=reading))
    if faults:
        raise BadInput(faults)
    return tuple(changes)


def _pairs(option: str, given: Sequence[str], framework: str | None, example: str, faults: list[Fault]) -> Iterator[tuple[str, str, str]]:
    """Yield the framework, the criterion and the value of each `CRITERION=VALUE` or `FRAMEWORK/CRITERION=VALUE`."""
    for each in given:
        name, equals, value = (part.strip() for part in each.partition("="))
        where, slash, criterion = name.rpartition("/")
        if not (equals and criterion and value):
            faults.append(Fault(option, f"`{each}` can't be read; write `{option} {example}`"))
        elif not slash and framework is None:
            faults.append(Fault(option, f"`{each}`: of which framework? name it after the bundle, or write `FRAMEWORK/{each}`"))
        else:
            yield where or framework or "", criterion, value


def _value(text: str) -> str | int | float:
    if re.fullmatch(r"-?\d{1,9}", text):
        return int(text)
    return float(text) if re.fullmatch(r"-?\d{1,9}\.\d{1,9}", text) else text


def _beside(bundle: str) -> Path | None:
    """Return the file beside a bundle that keeps its scenarios, or None for a shipped one, which is not written to."""
    folder = find("evidence", bundle, "bundle")
    folder = folder.parent if folder.is_file() else folder
    return None if folder.resolve().is_relative_to(shipped("evidence").resolve()) else folder / "scenarios.yaml"


def _name(keep: str | None, columns: Sequence[Scenario]) -> str:
    from adjudge.whatif.files import BASE

    taken = [BASE, UNNAMED, *(each.name for each in columns)]
    if keep is None:
        return UNNAMED
    if not re.fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*", keep) or len(keep) > 80:
        raise BadInput.at("--keep", f"`{keep}` isn't a name: use lower-case letters and digits, joined by hyphens")
    if keep in taken:
        raise BadInput.at("--keep", f"`{keep}` is taken; choose another name")
    return keep


def _named(name: str | None, columns: Sequence[Scenario]) -> Scenario | None:
    if name is None:
        return None
    found = next((each for each in columns if each.name == name), None)
    if found is None:
        raise BadInput.at("--over", f"no kept scenario `{name}`{nearest(name, [each.name for each in columns])}")
    return found


def _check(changes: Sequence[Change], columns: Sequence[Scenario], keep: str | None, text: str | None, over: str | None) -> None:
    """Refuse to answer where nothing is supposed, and options that would do nothing."""
    if not changes:
        for option, value in (("--keep", keep), ("--over", over)):
            if value is not None:
                raise BadInput.at(option, "nothing is supposed: give `--set`, `--deliver`, `--withdraw`, `--judgement` or `--reading` with it")
    if text is not None and keep is None:
        raise BadInput.at("--text", "belongs to a scenario that is kept: give `--keep NAME` with it")
    if not columns:
        message = "nothing is supposed: give `--set`, `--deliver`, `--withdraw`, `--judgement` or `--reading`, or a file of scenarios (`--scenarios`)"
        raise BadInput.at("whatif", message)
