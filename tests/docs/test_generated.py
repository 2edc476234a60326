"""The generated parts of README.md and docs/ are what would be generated now."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.generate import BLOCKS, DOCUMENTS, blocks_in, comparable, rewritten

# These run whole commands, training included.
_TRANSCRIPTS = {"assistant", "student-begins", "student-goes-on", "class", "instructor"}
_PARTS = [
    pytest.param(
        text,
        id=f"{document.name}-{name}",
        marks=[pytest.mark.slow] if name in _TRANSCRIPTS else [],
    )
    for document in DOCUMENTS
    for name, text in blocks_in(document.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("part", _PARTS)
def test_part_is_up_to_date(part: str) -> None:
    """Where this fails, `make docs` writes the part anew; read what it says before you commit."""
    assert comparable(part) == comparable(rewritten(part))


def test_every_block_is_used() -> None:
    """No generator of a part is left over."""
    used = {name for d in DOCUMENTS for name, _ in blocks_in(d.read_text(encoding="utf-8"))}
    assert used == set(BLOCKS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_markers_come_in_pairs(document: Path) -> None:
    """A misspelt marker cannot keep a part from being generated."""
    text = document.read_text(encoding="utf-8")
    assert text.count("<!-- generated") == text.count("<!-- end -->") == len(blocks_in(text))


def test_what_varies_is_left_out_of_account_and_nothing_else() -> None:
    """Times and measured figures may differ; points, words and commands may not."""
    page = "Total 94 / 100   0.9 s\nTraining 15 / 15  accuracy 0.95  [0.89, 0.98]"
    assert comparable(page) == comparable(page.replace("0.9 s", "12.3 s").replace("0.95", "0.94"))
    assert comparable(page) != comparable(page.replace("94", "95"))
    assert comparable(page) != comparable(page.replace("15 / 15", "14 / 15"))
