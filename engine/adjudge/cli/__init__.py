"""The command line. Exit 0 done, 1 a negative answer, 2 bad input."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from adjudge.cli import (
    audit,
    bodies,
    consistency,
    convert,
    grading,
    impact,
    ingest,
    national,
    new,
    path,
    questions,
    report,
    table,
    verify,
    whatif,
    workbook,
)
from adjudge.cli.shared import app
from adjudge.errors import BadInput, EnginesDisagree

COMMANDS = (audit, bodies, consistency, convert, grading, impact, ingest, national, new, path, questions, report, table, verify, whatif, workbook)
"""The modules of commands; importing one adds its commands to the application."""


def main(run: Callable[[], object] = app) -> None:
    """Run the command line; bad input is told on standard error, one line a fault, with exit 2."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")
    try:
        run()
    except BadInput as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        raise SystemExit(2) from None
    except EnginesDisagree as error:
        print(f"{error}\nthis is a fault of adjudge: please report it with the bundle", file=sys.stderr)
        raise SystemExit(1) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
