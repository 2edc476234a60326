"""Which paths are submissions."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.assignment import Limits
from grader.errors import BadSubmission, UnusableInput
from grader.intake import open_submission


def unusable(path: Path) -> str:
    """The message for a path that is no submission at all."""
    with pytest.raises(UnusableInput) as caught:
        open_submission(path, Limits())
    assert not isinstance(caught.value, BadSubmission)
    return str(caught.value)


def test_a_single_python_file_is_a_submission(tmp_path: Path) -> None:
    """Kind "file"."""
    path = tmp_path / "two_layer_net.py"
    path.write_text("x = 1\n")
    workspace = open_submission(path, Limits())
    assert workspace.info.kind == "file"
    assert [source.path for source in workspace.sources] == ["two_layer_net.py"]
    assert workspace.report is None


def test_a_zip_without_a_suffix_is_a_submission(make_zip: Callable[..., Path]) -> None:
    """Upload systems rename files."""
    path = make_zip([("layers.py", "x = 1\n")], name="1042_submission")
    assert open_submission(path, Limits()).info.kind == "zip"


def test_a_pdf_is_no_submission(tmp_path: Path) -> None:
    """The message of the issue, word for word."""
    path = tmp_path / "notes.pdf"
    path.write_bytes(b"%PDF-1.4")
    assert unusable(path).endswith(
        "notes.pdf is not a submission: expected a .zip, a folder or a .ipynb"
    )


def test_a_missing_path_is_told(tmp_path: Path) -> None:
    """A typing error on the command line."""
    assert "does not exist" in unusable(tmp_path / "nothing.zip")


def test_a_device_is_no_submission() -> None:
    """Reading it would never end."""
    assert "not an ordinary file" in unusable(Path(os.devnull))


def test_a_message_never_carries_control_characters(tmp_path: Path) -> None:
    """A file's name is somebody else's text, too."""
    path = tmp_path / "a\x1b[2J.pdf"
    path.write_bytes(b"")
    assert "\x1b" not in unusable(path)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_a_path_without_permission_is_told(tmp_path: Path) -> None:
    """With the system's reason."""
    path = tmp_path / "s1.zip"
    path.write_bytes(b"PK")
    path.chmod(0)
    assert "permission" in unusable(path).lower()
