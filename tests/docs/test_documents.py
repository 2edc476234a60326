"""What the documents say of the tree is true of it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from docs.generate import DOCUMENTS, ROOT
from grader.cli.group import COMMANDS

_LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")
_PATH = re.compile(r"`((?:grader|reference|tests|docs|fixtures|student_template)/[\w./-]*)`")
_WRITTEN = [*DOCUMENTS, ROOT / "CHANGELOG.md", ROOT / "student_template/README.md"]


@pytest.mark.parametrize("document", _WRITTEN, ids=lambda path: path.parent.name + "/" + path.name)
def test_links_and_paths_lead_somewhere(document: Path) -> None:
    """Each relative link, and each path in backticks, exists."""
    text = document.read_text(encoding="utf-8")
    targets = [document.parent / link for link in _LINK.findall(text)]
    targets += [ROOT / path for path in _PATH.findall(text)]
    assert [str(t.relative_to(ROOT)) for t in targets if not t.exists()] == []


def test_architecture_shows_every_room() -> None:
    """A package that is added without a word in docs/architecture.md is noticed."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rooms = [
        f"`{init.parent.relative_to(ROOT).as_posix()}/`"
        for half in ("grader", "reference")
        for init in (ROOT / half).glob("*/__init__.py")
    ]
    assert rooms
    assert [room for room in rooms if room not in text] == []


def test_every_command_is_documented() -> None:
    """docs/commands.md has a section for each command."""
    text = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"\n## grade {name}\n" not in text] == []


def test_readme_names_only_make_targets_that_exist() -> None:
    """Each `make X` in the documents is a target."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        name
        for document in _WRITTEN
        for name in re.findall(r"(?:\$ |`)make ([a-z-]+)", document.read_text(encoding="utf-8"))
    }
    assert {"demo", "test"} <= named <= targets


def test_make_help_lists_every_target() -> None:
    """`make` alone shows what there is."""
    listed = subprocess.run(
        ["make", "-s", "-C", str(ROOT)], capture_output=True, text=True, check=True
    ).stdout
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    assert re.findall(r"^  make ([a-z-]+)", listed, re.MULTILINE) == phony.group(1).split()
