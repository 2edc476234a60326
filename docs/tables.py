"""The documents' tables: of hw3, of the bugs, of what cannot be opened, of the attacks."""

from __future__ import annotations

import inspect
import tempfile
from collections.abc import Sequence
from pathlib import Path

from fixtures.bad_zips import BAD_ZIPS
from fixtures.redteam.table import SETTINGS, load_attacks, table_rows
from fixtures.samples import load_samples
from grader.assignment import Assignment, Limits
from grader.assignment_file import load_assignment
from grader.errors import BadSubmission
from grader.intake import open_submission
from reference.bugs.registry import ALL_BUGS

_SMALL = Path(__file__).resolve().parents[1] / "fixtures/assignments/windows.yaml"


def points_table() -> str:
    """What the parts of hw3 are worth."""
    rules = load_assignment("hw3")
    rows = [[part.title, f"{part.points:g}", len(part.checks)] for part in rules.parts]
    total = ["**Total**", f"**{rules.points:g}**", sum(1 for _ in rules.checks())]
    return _markdown([*rows, total], ["part", "points", "checks"])


def checks_table() -> str:
    """The checks of hw3."""
    rules = load_assignment("hw3")
    return _markdown(
        [[f"`{check.id}`", check.title, f"{check.points:g}"] for check in rules.checks()],
        ["check", "what is right when it passes", "points"],
    )


def functions_table() -> str:
    """Which file of hw3 holds what."""
    rules: Assignment = load_assignment("hw3")
    rows = [
        [f"`{file}`", ", ".join(f"`{name}`" for name in names)]
        for file, names in rules.files.items()
    ]
    return _markdown(rows, ["file", "what is marked in it"])


def bugs_table() -> str:
    """Every bug that can be named, a section a family."""
    families = dict.fromkeys(bug.id.partition("/")[0] for bug in ALL_BUGS)
    parts = []
    for family in families:
        notes = [bug.note for bug in ALL_BUGS if bug.id.startswith(f"{family}/")]
        rows = [[f"`{note.id}`", _cell(note.message), _cell(note.help)] for note in notes]
        title = family.replace("_", " ")
        parts.append(
            f"## {title[0].upper()}{title[1:]}: {len(notes)}\n\n"
            + _markdown(rows, ["bug", "what is said", "help"])
        )
    return "\n" + "\n".join(parts)


def bad_zips_table() -> str:
    """Broken zips, and what becomes of each."""
    good = load_samples()["good"]
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for name, make in BAD_ZIPS.items():
            file = Path(scratch) / "s1042.zip"
            file.write_bytes(make(good))
            try:
                notes = open_submission(file, Limits()).notes
                answer = "; ".join(["marked", *notes])
            except BadSubmission as problem:
                answer = f"0 points: {problem}"
            rows.append([name.replace("_", " "), inspect.getdoc(make), _cell(answer)])
    return _markdown(rows, ["a zip that is", "what it is", "what happens"])


def small_assignment() -> str:
    """A whole assignment that was composed of the catalogue."""
    return f"```yaml\n{_SMALL.read_text('utf-8')}```\n"


def redteam_table() -> str:
    """The attacks, and what becomes of each behind each wall."""
    attacks = load_attacks()
    inside = sum(attack.upload is None for attack in attacks)
    claim = (
        f"{len(attacks)} attacks: {inside} by code, each behind {len(SETTINGS)} walls, and "
        f"{len(attacks) - inside} by uploads, which are read by a confined process of their own, "
        "whatever the wall. What the suite asserts of all: 0 points forged, 0 secret values given "
        "away, 0 processes left."
    )
    parts = [f"{claim}\n"]
    for group in dict.fromkeys(attack.group for attack in attacks):
        members = [attack for attack in attacks if attack.group == group]
        rows = [[name, *map(_cell, cells)] for name, *cells in table_rows(members)]
        parts.append(
            f"### {group.capitalize()}: {len(members)}\n\n"
            + _markdown(rows, ["attack", "what it tries", *(f"`{s}`" for s in SETTINGS)])
        )
    return "\n" + "\n".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*").replace("_", "\\_")


def _markdown(rows: Sequence[Sequence[object]], headers: Sequence[str]) -> str:
    # Not padded to columns: a longer entry then changes its own line only.
    table = [headers, ["---"] * len(headers), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in row)} |\n" for row in table)
