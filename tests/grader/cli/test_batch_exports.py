"""`grade batch` on what course systems export, with real processes."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from fixtures.exports import COURSE, EXPORTS
from fixtures.samples import load_samples
from grader.assignment_file import BUILT_IN
from grader.batch.store import Store
from grader.cli.group import grade
from grader.render import canvas, moodle

GRADE = [sys.executable, "-c", "from grader.cli import main; main()"]
# Moodle's worksheet says no zone: its times are read in the deadline's.
DUE = "due: 2026-11-20T22:59:00Z\nlate: {per_day: 10, grace_minutes: 15}\n"


@pytest.fixture
def assignment(tmp_path: Path) -> Path:
    """hw3 with a deadline and a rule."""
    text = (BUILT_IN / "hw3.yaml").read_text(encoding="utf-8")
    (tmp_path / "hw3.yaml").write_text(text + DUE, encoding="utf-8")
    return tmp_path / "hw3.yaml"


@pytest.mark.slow
@pytest.mark.parametrize("system", ["canvas", "moodle", "gradescope"])
def test_an_export_and_its_roster_become_a_gradebook(
    tmp_path: Path, assignment: Path, system: str
) -> None:
    """Names, lateness, who is missing; and what goes back to the system finds everybody."""
    files = load_samples()["partly_done"].files
    make, roster = EXPORTS[system]
    make(tmp_path / "export", [(who, files) for who in COURSE[:2]])
    (tmp_path / "roster.csv").write_bytes(roster(COURSE[:3]))
    done = subprocess.run(
        [
            *(*GRADE, "batch", tmp_path / "export", "--roster", tmp_path / "roster.csv"),
            *("--out", tmp_path / "out", "--assignment", assignment),
            *("--no-train", "--public", "-j", "1"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"2 submissions in a {system.capitalize()} export" in done.stderr
    assert "2 graded   1 not handed in" in done.stdout
    rows = list(
        csv.DictReader(io.StringIO((tmp_path / "out/gradebook.csv").read_text("utf-8-sig")))
    )
    assert len(rows) == 3
    jane, jose, li = rows
    assert "Doe" in jane["name"]
    assert "García" in jose["name"]
    assert (jane["penalty"], jane["late"]) == ("", "")
    assert jane["points"] == jane["final"] == jose["points"]
    if system == "canvas":
        assert "how much is unknown" in jose["problem"]
        assert "--times can tell" in done.stderr
    else:
        assert int(jose["late"]) == 26 * 3600
        # Two days begun, each ten per cent.
        assert float(jose["penalty"]) == pytest.approx(0.2 * float(jose["points"]), abs=0.01)
        assert float(jose["final"]) == pytest.approx(0.8 * float(jose["points"]), abs=0.01)
    assert (li["problem"], li["final"], li["submission"]) == ("not handed in", "", "")
    feedback = sorted(path.stem for path in (tmp_path / "out/feedback").glob("*.md"))
    assert feedback == [jane["submission"], jose["submission"]]
    with Store(tmp_path / "out") as store:
        canvas.write(store.course(), tmp_path / "canvas.csv")
        moodle.write(store.course(), tmp_path / "moodle.csv")
    known = {
        "canvas": f",{COURSE[1].canvas},s1043,s1043,",
        "moodle": "García López,,,,",
        "gradescope": ",,s1043,s1043,",
    }
    assert known[system] in (tmp_path / "canvas.csv").read_text(encoding="utf-8")
    identifier = f"Participant {COURSE[1].moodle}" if system == "moodle" else ""
    assert f"\n{identifier},{jose['name']}" in (tmp_path / "moodle.csv").read_text("utf-8").replace(
        '"', ""
    )


def test_a_download_that_was_not_unzipped_is_explained(tmp_path: Path) -> None:
    """What many would give first."""
    (tmp_path / "export.zip").write_bytes(b"PK")
    done = CliRunner().invoke(
        grade, ["batch", str(tmp_path / "export.zip"), "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 2
    assert "unzip the export first" in done.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--roster", "none.csv"], "cannot read none.csv"),
        (["--roster", "points.csv"], "points.csv has no column that says who a student is"),
        (["--times", "points.csv"], "points.csv has no column of times"),
        (["--layout", "canvas"], "is not laid out as Canvas exports submissions"),
    ],
)
def test_what_cannot_be_used_is_said_before_anything_is_marked(
    tmp_path: Path, options: list[str], words: str
) -> None:
    """And nothing is left behind."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/s1042.zip").write_bytes(b"PK")
    (tmp_path / "points.csv").write_text("name,points\nDoe,1\n", encoding="utf-8")
    told = [str(tmp_path / word) if word.endswith(".csv") else word for word in options]
    out = tmp_path / "out"
    done = CliRunner().invoke(grade, ["batch", str(tmp_path / "in"), "--out", str(out), *told])
    assert done.exit_code == 2
    assert words in done.output
    assert not out.exists()
