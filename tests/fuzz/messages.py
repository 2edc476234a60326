"""What holds for every text that a target's refusals and notes show."""

from __future__ import annotations

import unicodedata

_UNFIT = {"Cc", "Cf", "Cs", "Co", "Cn"}


def fit_to_show(text: object) -> None:
    """Fail on control characters and on what never ends."""
    shown = str(text)
    assert len(shown) < 2_000
    assert not _UNFIT & {unicodedata.category(char) for char in shown}
