"""What the lines of a published HMIC inspection report of 2007 look like: fingerprints, page furniture, list items, joined paragraphs."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

FINGERPRINT_LENGTH = 16
PAGE_BREAK = "\f"
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")

_UNIFORM = str.maketrans("‘’‚‛“”„‟–—‑‒−", "''''\"\"\"\"-----")
_MONTH_YEAR = re.compile(rf"({'|'.join(MONTHS)})\s+((?:19|20)\d\d)", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"\b(page )?\d{1,3}( of \d{1,3})?\b", re.IGNORECASE)
_BULLET = re.compile(r"[-•·●▪◦‣*–]\s+|\d{1,3}[.)]\s+")
_ENDS_OF_SENTENCES = (".", ":", "?", "!", ")")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a report: ``number`` counts from 1; ``broken`` says that page furniture stands between it and the line before."""

    number: int
    text: str
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as joined from its lines, whose numbers it keeps."""

    text: str
    lines: tuple[int, ...]


def uniform(text: str) -> str:
    """Return a text whose white space, quotes and dashes are uniform."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_UNIFORM).split())


def fingerprint(text: str) -> str:
    """Return the first 16 hex digits of the SHA-256 of a text whose white space, quotes and dashes are made uniform.

    Two copies of a report that differ only in typography have equal fingerprints.
    """
    return hashlib.sha256(uniform(text).encode("utf-8", "replace")).hexdigest()[:FINGERPRINT_LENGTH]


@lru_cache(maxsize=10_000)
def plain(heading: str) -> str:
    """Return a heading without what copies of it differ in: case, dashes, apostrophes, bold marks, a colon at the end."""
    text = uniform(heading).casefold().replace("'", "").strip("*_# ").rstrip(": ")
    return re.sub(r"\s*-\s*", " - ", text)


def month_and_year(text: str) -> tuple[str, int] | None:
    """Return the month's name and the year that a line consists of, or None."""
    found = _MONTH_YEAR.fullmatch(text.strip())
    return (found[1].capitalize(), int(found[2])) if found else None


@lru_cache(maxsize=10_000)
def is_furniture(text: str, running: tuple[str, ...] = ()) -> bool:
    """Say whether a line holds nothing but a month and year, one page number and running titles (given as `plain` text)."""
    whole = rest = plain(text)
    for title in sorted(running, key=len, reverse=True):
        rest = rest.replace(title, " ", 1)
    rest = _PAGE_NUMBER.sub(" ", _MONTH_YEAR.sub(" ", rest, count=1), count=1)
    return rest != whole and not rest.strip(" -|·")


def is_rule(text: str) -> bool:
    """Say whether a line is only the drawn rule of a table."""
    return re.fullmatch(r"[-–—_=|+:\s]*(--|––|——|__|==)[-–—_=|+:\s]*", text) is not None


def bullet(text: str) -> re.Match[str] | None:
    """Return the mark of a list item at the start of a line (white space before it aside), or None."""
    return _BULLET.match(text.strip())


def is_unfinished(text: str) -> bool:
    """Say whether a text stops within a sentence."""
    return not uniform(text).rstrip("'\"").endswith(_ENDS_OF_SENTENCES)


def binds(text: str) -> bool:
    """Say whether a text stops at a hyphen, or a dash without a space before it, that binds its last word to the next."""
    return re.search(r"-$|\S–$", text) is not None


def join(lines: Iterable[SourceLine]) -> list[Paragraph]:
    """Join the lines of one section to paragraphs.

    What page furniture splits is one paragraph, without a space at a hyphen or a dash between words; in a list without a lead-in so is whatever has
    no mark there. The items of a list belong to the paragraph that leads into them; a list without a lead-in is one paragraph an item, and an item
    further in, or one with a bullet among numbers, belongs to the one before.
    """
    found: list[Paragraph] = []
    bare: tuple[int, bool] | None = None  # the indentation of the list without a lead-in that the last paragraph belongs to; whether it is numbered
    for line in lines:
        text = line.text.strip()
        mark = bullet(line.text)
        indent = len(line.text) - len(line.text.lstrip())
        numbered = mark is not None and mark[0][0].isdigit()
        last = found[-1] if found else None
        if mark and last and (bare is None or indent > bare[0] or numbered != bare[1]):
            found[-1] = _extended(last, "\n" + _with_dash(text, mark), line)
        elif not mark and last and line.broken and (bare or is_unfinished(last.text) or text[:1].islower()):
            found[-1] = _extended(last, text if binds(last.text) else f" {text}", line)
        else:
            found.append(Paragraph(text[mark.end() :] if mark else text, (line.number,)))
            bare = (indent, numbered) if mark else None
    return found


def _extended(paragraph: Paragraph, more: str, line: SourceLine) -> Paragraph:
    return Paragraph(paragraph.text + more, (*paragraph.lines, line.number))


def _with_dash(text: str, mark: re.Match[str]) -> str:
    return text if mark[0][0].isdigit() else f"- {text[mark.end() :]}"
