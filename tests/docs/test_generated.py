"""The generated parts of README.md and docs/ are what would be generated now."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.comparing import comparable
from docs.generate import BLOCKS, DOCUMENTS, blocks_in, rewritten
from grader.sandbox import ForkServer

# These run whole commands, training included, or many of them.
_TRANSCRIPTS = {
    "bad-zips",
    "catalogue-one",
    "composed",
    "course-folder",
    "not-a-submission",
    "similar",
    "assistant",
    "student-begins",
    "student-goes-on",
    "class",
    "instructor",
    "gradescope",
    "not-proven",
    "proven",
}
# These refuse to, behind a wall that is not secure.
_MARKING = ("assistant", "class", "course-folder", "not-a-submission")
_PARTS = [
    pytest.param(
        text,
        id=f"{document.name}-{name}",
        marks=[pytest.mark.slow] if name in _TRANSCRIPTS else [],
    )
    for document in DOCUMENTS
    for name, text in blocks_in(document.read_text(encoding="utf-8"))
]


@pytest.fixture(scope="module")
def wall() -> str:
    """The tier that the transcripts' commands get, which see no pin."""
    with ForkServer.start() as server:
        return server.tier


@pytest.mark.parametrize("part", _PARTS)
def test_part_is_up_to_date(part: str, wall: str) -> None:
    """Where this fails, `make docs` writes the part anew; read what it says before you commit."""
    if wall == "basic" and any(f"generated: {name} " in part for name in _MARKING):
        pytest.skip("these commands refuse to mark behind this machine's wall, which is not secure")
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


_DOCTOR = """\
<!-- generated: doctor -->
goldgrad 0.1.0   Python 3.11.7   Linux 6.18 x86_64

wall: full
  code that nobody vouches for may be marked here
  server start   0.21 s

hw3  Two-layer network in NumPy, 100 points
  temporary  /tmp, 12.1 GB free

`grade` and `grade batch` mark here.
"""


def test_what_the_doctor_finds_is_left_out_of_account_and_its_questions_are_not() -> None:
    """Documents written on one machine are up to date on another, with another wall."""
    elsewhere = _DOCTOR.replace("wall: full", "wall: basic (not secure)").replace("6.18", "5.10")
    elsewhere = elsewhere.replace("code that nobody vouches for may be", "nothing should be")
    elsewhere = elsewhere.replace("12.1 GB free", "1 GB free").replace(
        "`grade` and `grade batch` mark here.\n",
        "In the way of a stronger wall\n  full: it is not installed\n    help: install it\n\n"
        "`grade` and `grade batch` refuse to mark here.\n(exit code 1)\n",
    )
    assert comparable(_DOCTOR) == comparable(elsewhere)
    assert comparable(_DOCTOR) != comparable(_DOCTOR.replace("server start", "beginning"))
    assert comparable(_DOCTOR) != comparable(_DOCTOR.replace("hw3", "hw4"))


def test_walls_are_left_out_of_account() -> None:
    """On the pages of marks, too."""
    assert comparable("hw3   wall: full") == comparable("hw3  wall: basic (not secure)")
    assert comparable("hw3   wall: full") == comparable("hw3 wall: kernel")
    assert comparable("wall: full") != comparable("wall: none")
