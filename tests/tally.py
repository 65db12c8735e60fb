"""How many cases and documents a long run tried, by kind; told at its end."""

from __future__ import annotations

from collections import Counter

TALLY: Counter[str] = Counter()
