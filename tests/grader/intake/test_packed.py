"""grader/intake/packed.py: a zip and a report, uploaded side by side, are one submission."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.samples import load_samples, zip_of
from grader.assignment import Limits
from grader.errors import BadSubmission
from grader.intake import open_submission
from grader.intake.identity import submission_sha256

LIMITS = Limits()
REPORT = b"The loss is softmax cross-entropy; the test accuracy is 0.93.\n"


def split_sample() -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The good sample's code, and what is not code."""
    files = dict(load_samples()["good"].files)
    code = {name: data for name, data in files.items() if name.endswith(".py")}
    return code, {name: data for name, data in files.items() if name not in code}


def test_zip_and_report_are_read_together(tmp_path: Path) -> None:
    """The code comes out of the zip, the report from beside it, also with a folder in the zip."""
    code, _ = split_sample()
    for prefix in ("", "hw3/"):
        folder = tmp_path / f"s{len(prefix)}"
        folder.mkdir()
        (folder / "hw3.zip").write_bytes(zip_of({prefix + n: d for n, d in code.items()}))
        (folder / "report.md").write_bytes(REPORT)
        workspace = open_submission(folder, LIMITS)
        assert {Path(s.path).name for s in workspace.sources} == set(code)
        assert workspace.report is not None
        assert workspace.report.file == "report.md"


def test_a_plot_beside_the_zip_does_not_close_it(tmp_path: Path) -> None:
    """Whatever else was uploaded with it; but a folder with a zip alone stays refused."""
    (tmp_path / "hw3.zip").write_bytes(zip_of(split_sample()[0]))
    (tmp_path / ".DS_Store").write_bytes(b"")
    with pytest.raises(BadSubmission, match=r"holds no code, only the archive hw3\.zip"):
        open_submission(tmp_path, LIMITS)
    (tmp_path / "loss.png").write_bytes(b"\x89PNG")
    workspace = open_submission(tmp_path, LIMITS)
    assert {source.path for source in workspace.sources} == set(split_sample()[0])
    assert any("loss.png" in ignored for ignored in workspace.info.ignored)


def test_the_zip_is_part_of_what_makes_it_the_same_submission(tmp_path: Path) -> None:
    """Another zip beside the same report is another submission."""
    (tmp_path / "report.md").write_bytes(REPORT)
    (tmp_path / "hw3.zip").write_bytes(zip_of({"layers.py": b"x = 1\n"}))
    before = submission_sha256(tmp_path, LIMITS)
    assert before == open_submission(tmp_path, LIMITS).info.sha256
    (tmp_path / "hw3.zip").write_bytes(zip_of({"layers.py": b"x = 2\n"}))
    assert submission_sha256(tmp_path, LIMITS) != before


def test_code_beside_the_zip_leaves_it_closed(tmp_path: Path) -> None:
    """A backup zip beside the code is what it was: named, and not opened."""
    (tmp_path / "layers.py").write_bytes(b"x = 1\n")
    (tmp_path / "old.zip").write_bytes(zip_of({"train.py": b"y = 1\n"}))
    workspace = open_submission(tmp_path, LIMITS)
    assert [source.path for source in workspace.sources] == ["layers.py"]
    assert "old.zip: an archive inside is not opened" in workspace.notes


def test_two_zips_are_not_guessed_at(tmp_path: Path) -> None:
    """Which one is the homework only the student knows."""
    for name in ("a.zip", "b.zip"):
        (tmp_path / name).write_bytes(zip_of({"layers.py": b"x = 1\n"}))
    with pytest.raises(BadSubmission, match=r"holds no code, only the archive a\.zip"):
        open_submission(tmp_path, LIMITS)


def test_a_file_of_the_zip_wins_over_one_beside_it(tmp_path: Path) -> None:
    """Both are called report.md; the result says which was set aside."""
    (tmp_path / "report.md").write_bytes(b"older")
    (tmp_path / "hw3.zip").write_bytes(zip_of({"layers.py": b"x = 1\n", "report.md": REPORT}))
    workspace = open_submission(tmp_path, LIMITS)
    assert workspace.report is not None
    assert REPORT.decode().strip() in workspace.report.text
    assert "report.md (the zip has a file of that name, too)" in workspace.info.ignored


def test_a_bad_zip_is_refused_with_its_name(tmp_path: Path) -> None:
    """What would be refused alone is refused beside a report."""
    (tmp_path / "report.md").write_bytes(REPORT)
    (tmp_path / "hw3.zip").write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(BadSubmission, match=r"hw3\.zip is cut off"):
        open_submission(tmp_path, LIMITS)
