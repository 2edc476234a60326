"""grader/untrusted.py: nothing that could rewrite a terminal or a page's order passes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.untrusted import block, shown


@given(st.text(max_size=500))
def test_only_printable_text_passes(text: str) -> None:
    """Whatever goes in, what comes out holds no control or format character and encodes."""
    clean = block(text)
    clean.encode("utf-8")
    assert all(c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"} for c in clean)
    assert "\n" not in shown(text)


@pytest.mark.parametrize(
    "evil", ["\x1b[2J", "\x07", "a\u202eb", "\udcff", "\x00", "\u2028", "\u200b", "\x9b31m"]
)
def test_known_tricks_are_defused(evil: str) -> None:
    """Escape sequences, right-to-left marks, lone surrogates and separators are replaced."""
    assert evil not in shown(f"x{evil}y")
    assert shown(f"x{evil}y").startswith("x")


@given(st.integers(1, 50), st.text(min_size=60, max_size=200))
def test_length_is_bounded(limit: int, text: str) -> None:
    """The result is at most the limit and an ellipsis."""
    assert len(block(text, limit)) <= limit + 1


def test_lines_are_joined_or_kept() -> None:
    """shown() makes one line, block() keeps several."""
    assert shown("a\r\n\n  b\rc") == "a / b / c"
    assert block("a\r\nb") == "a\nb"


@given(st.text(max_size=80) | st.text("abc /ü李", max_size=80), st.integers(1, 80))
def test_the_short_way_for_printable_text_is_the_long_way(text: str, limit: int) -> None:
    """One line is the lines that remain of a block."""
    lines = (part.strip() for part in block(text, limit).split("\n"))
    assert shown(text, limit) == " / ".join(part for part in lines if part)
