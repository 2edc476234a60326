"""grader/batch/folder.py: what is in a results folder survives the next run into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.batch.folder import opened
from grader.errors import UnusableInput

if TYPE_CHECKING:
    from pathlib import Path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def test_what_was_rendered_earlier_is_set_aside_over_nothing(tmp_path: Path) -> None:
    """However often other cases come to count, each earlier gradebook and feedback stays."""
    for text in ("first", "second"):
        with opened(tmp_path, "ada") as results:
            (tmp_path / "gradebook.csv").write_text(text)
            (results.feedback / "s1.md").write_text(text)
            moved = results.set_aside()
            assert len(moved) == 2
            assert results.feedback.is_dir()
            assert not list(results.feedback.iterdir())
    assert (tmp_path / "gradebook.csv.previous").read_text() == "first"
    assert (tmp_path / "gradebook.csv.previous-2").read_text() == "second"
    assert (tmp_path / "feedback.previous/s1.md").read_text() == "first"
    assert (tmp_path / "feedback.previous-2/s1.md").read_text() == "second"


def test_a_new_folder_sets_nothing_aside(tmp_path: Path) -> None:
    """The first run says nothing about earlier ones."""
    with opened(tmp_path / "new", "ada") as results:
        assert results.set_aside() == []
    assert names(tmp_path / "new") == {"feedback", "results.sqlite"}


def test_two_batches_never_share_a_folder(tmp_path: Path) -> None:
    """The second is told at once, and the folder is free again when the first has ended."""
    with opened(tmp_path, "ada"), pytest.raises(UnusableInput, match="another batch is at work"):
        opened(tmp_path, "ada").__enter__()
    with opened(tmp_path, "ada") as results:
        assert results.path == tmp_path


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    """A file lies where the folder should be."""
    (tmp_path / "results").write_text("")
    with pytest.raises(UnusableInput, match="cannot write to"):
        opened(tmp_path / "results", "ada").__enter__()
