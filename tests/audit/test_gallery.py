"""The suite tests itself: every mistake of the gallery is noticed by each law and each case that is named for it."""

from __future__ import annotations

import pytest

from tests.audit.gallery_of_faults import Exhibit, case_notices, exhibits, law_notices, named_cases

ALL = exhibits()


@pytest.mark.parametrize("exhibit", ALL, ids=lambda each: each.name)
def test_each_mistake_is_noticed(exhibit: Exhibit) -> None:
    """A broken rulebook, or a broken engine, is noticed by every law and case named for it, and some are named."""
    assert exhibit.laws or exhibit.cases
    unnoticed = [sentence for sentence in exhibit.laws if not law_notices(exhibit, sentence)]
    unnoticed += [name for name in exhibit.cases if not case_notices(exhibit, named_cases()[name])]
    assert unnoticed == []


def test_the_gallery_is_large_enough() -> None:
    """There are thirty mistakes at least, in rulebooks and in the engine, each with a name of its own."""
    assert len({each.name for each in ALL}) == len(ALL) >= 30
    assert {each.mistake is None for each in ALL} == {True, False}
