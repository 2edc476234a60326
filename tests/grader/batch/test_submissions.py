"""grader/batch/submissions.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.batch.submissions import find_submissions
from grader.errors import UnusableInput


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        if name.endswith("/"):
            path.mkdir(parents=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"")
    return folder


def test_zips_notebooks_and_folders_sorted_by_name(tmp_path: Path) -> None:
    """The three kinds are found; bookkeeping and other files are not."""
    folder = fill(
        tmp_path, "s3.zip", "s1/", "s2.ipynb", ".DS_Store", "__MACOSX/", "roster.csv", "results/"
    )
    found, passed_over = find_submissions(folder, folder / "results")
    assert [s.name for s in found] == ["s1", "s2", "s3"]
    assert passed_over == ["roster.csv"]


def test_symbolic_links_are_passed_over_by_name(tmp_path: Path) -> None:
    """Neither a link to a file nor one to a folder is opened, and the batch says so."""
    target = fill(tmp_path / "elsewhere", "secret.zip", "folder/")
    folder = fill(tmp_path / "uploads", "s1.zip")
    (folder / "link.zip").symlink_to(target / "secret.zip")
    (folder / "linked").symlink_to(target / "folder")
    found, passed_over = find_submissions(folder)
    assert [s.name for s in found] == ["s1"]
    assert passed_over == ["link.zip (a symbolic link)", "linked (a symbolic link)"]
    (folder / "s1.zip").unlink()
    with pytest.raises(UnusableInput, match="symbolic links are not followed"):
        find_submissions(folder)


def test_a_link_that_leads_to_itself_is_passed_over(tmp_path: Path) -> None:
    """It cannot be resolved, not even to see whether it is the results folder."""
    folder = fill(tmp_path, "s1.zip", "results/")
    (folder / "loop.zip").symlink_to("loop.zip")
    found, passed_over = find_submissions(folder, folder / "results")
    assert [s.name for s in found] == ["s1"]
    assert passed_over == ["loop.zip (a symbolic link)"]


def test_a_loose_python_file_is_no_submission(tmp_path: Path) -> None:
    """The course's own script beside the uploads gets no row, and is named."""
    found, passed_over = find_submissions(fill(tmp_path, "s1.zip", "rename.py"))
    assert [s.name for s in found] == ["s1"]
    assert passed_over == ["rename.py"]


def test_wrong_kinds_of_files_still_get_a_row(tmp_path: Path) -> None:
    """Somebody who handed in a .rar waits for an answer, too."""
    found, passed_over = find_submissions(fill(tmp_path, "s1.zip", "s2.rar", "s3.pdf"))
    assert [s.name for s in found] == ["s1", "s2.rar", "s3.pdf"]
    assert passed_over == []


def test_names_are_unique_whatever_the_file_system(tmp_path: Path) -> None:
    """No feedback file overwrites another."""
    found, _ = find_submissions(fill(tmp_path, "s1.zip", "s1/", "S2.zip", "s2.ipynb", "s3.zip"))
    assert [s.name for s in found] == ["S2.zip", "s1", "s1.zip", "s2.ipynb", "s3"]
    assert len({s.name.casefold() for s in found}) == len(found)


@pytest.mark.parametrize(
    ("names", "message"),
    [((), "holds no submission"), (("a.csv",), "holds no submission"),
     (("layers.py", "report.md", "plots/"), "looks like one submission")],
)  # fmt: skip
def test_a_folder_that_is_no_batch_is_explained(
    tmp_path: Path, names: tuple[str, ...], message: str
) -> None:
    """An empty folder, a folder of other things, and a submission itself."""
    with pytest.raises(UnusableInput, match=message) as caught:
        find_submissions(fill(tmp_path, *names))
    assert caught.value.hint


def test_a_missing_folder_is_explained(tmp_path: Path) -> None:
    """A typing mistake in the path."""
    with pytest.raises(UnusableInput, match="cannot read the folder"):
        find_submissions(tmp_path / "none")
