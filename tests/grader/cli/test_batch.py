"""grader/cli/batch.py: `grade batch DIR`, with real processes."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.result import Result

GRADE = [sys.executable, "-c", "from grader.cli import main; main()"]


@pytest.fixture
def submissions(good: Path, template: Path, tmp_path: Path) -> Path:
    """A folder, a zip, a broken zip, and a file that is none of them."""
    folder = tmp_path / "submissions"
    folder.mkdir()
    shutil.copytree(good, folder / "s1")
    with zipfile.ZipFile(folder / "s2.zip", "w") as archive:
        for file in template.glob("*.*"):
            archive.write(file, file.name)
    (folder / "s3.zip").write_bytes(b"PK no zip")
    (folder / "roster.csv").write_text("s1\n")
    return folder


@pytest.mark.slow
def test_the_gradebook_and_the_results_use_the_same_names(
    submissions: Path, tmp_path: Path
) -> None:
    """Two uploads that differ only in their kind keep their full names in both files."""
    shutil.rmtree(submissions / "s1")
    (submissions / "s2").mkdir()
    (submissions / "s2/layers.py").write_text("x = 1\n")
    out = tmp_path / "out"
    subprocess.run(
        [*GRADE, "batch", submissions, "--out", out, "--no-train", "--public", "-j", "1"],
        capture_output=True,
        check=True,
    )
    lines = (out / "results.jsonl").read_text("utf-8").splitlines()
    names = {json.loads(line)["submission"]["name"] for line in lines}
    assert names == set(gradebook(out)) == {"s2", "s2.zip", "s3"}


def gradebook(out: Path) -> dict[str, dict[str, str]]:
    text = (out / "gradebook.csv").read_bytes().decode("utf-8-sig")
    return {row["submission"]: row for row in csv.DictReader(io.StringIO(text))}


def test_a_folder_is_marked_and_everything_is_kept(submissions: Path, tmp_path: Path) -> None:
    """A row, a feedback file and a line of JSON each; progress as lines; a summary."""
    out = tmp_path / "out"
    done = subprocess.run(
        [*GRADE, "batch", submissions, "--out", out, "--no-train", "--public", "-j", "2"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = gradebook(out)
    assert list(rows) == ["s1", "s2", "s3"]
    assert float(rows["s1"]["points"]) > float(rows["s2"]["points"])
    assert rows["s3"]["points"] == "0"
    assert "s3.zip" in rows["s3"]["problem"]
    feedback = {path.name for path in (out / "feedback").iterdir()}
    assert feedback == {f"s{n}.{kind}" for n in (1, 2, 3) for kind in ("md", "html")}
    lines = (out / "results.jsonl").read_text("utf-8").splitlines()
    assert {Result.model_validate(json.loads(line)).submission.name for line in lines} == {
        "s1",
        "s2",
        "s3",
    }
    assert "passed over: roster.csv" in done.stderr
    assert "3/3  " in done.stderr
    assert done.stdout.startswith("3 graded   1 needs a person   median ")
    assert "Need a person\n  s3" in done.stdout
