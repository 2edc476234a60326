"""Folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.assignment import Limits
from grader.errors import BadSubmission
from grader.intake import open_submission
from grader.intake.folder import read_file
from grader.intake.listing import Unreadable

CODE = "def forward(params, X):\n    return X\n"


def test_a_folder_is_read_like_a_zip(tmp_path: Path) -> None:
    """Sources, report, data; hidden files and caches are set aside."""
    root = tmp_path / "s7"
    for name in ("layers.py", ".hidden.py", "__pycache__/layers.pyc", "venv/a.py", "data.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(CODE)
    (root / "report.md").write_text("x")
    workspace = open_submission(root, Limits())
    assert workspace.info.name == "s7"
    assert workspace.info.kind == "folder"
    assert [source.path for source in workspace.sources] == ["layers.py"]
    assert workspace.report is not None
    listed = "\n".join(workspace.info.ignored)
    for name in (".hidden.py", "__pycache__", "venv", "data.txt"):
        assert name in listed


def test_the_working_folder_is_named_by_its_real_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``grade check`` without an argument shows the folder's name, not a dot."""
    (tmp_path / "my homework").mkdir()
    (tmp_path / "my homework" / "layers.py").write_text(CODE)
    monkeypatch.chdir(tmp_path / "my homework")
    assert open_submission(Path(), Limits()).info.name == "my homework"


def test_an_environment_is_recognised_whatever_its_name(tmp_path: Path) -> None:
    """pyvenv.cfg marks it; it is not entered."""
    (tmp_path / "ml").mkdir()
    (tmp_path / "ml" / "pyvenv.cfg").write_text("")
    (tmp_path / "ml" / "x.py").write_text(CODE)
    (tmp_path / "layers.py").write_text(CODE)
    workspace = open_submission(tmp_path, Limits())
    assert [source.path for source in workspace.sources] == ["layers.py"]


def test_symbolic_links_are_not_followed(tmp_path: Path) -> None:
    """Neither to files nor to folders, nor in circles."""
    root = tmp_path / "s1"
    root.mkdir()
    (tmp_path / "secret.py").write_text("SECRET = 1")
    (root / "layers.py").write_text(CODE)
    (root / "link.py").symlink_to(tmp_path / "secret.py")
    (root / "up").symlink_to(tmp_path)
    (root / "loop").symlink_to(root)
    workspace = open_submission(root, Limits())
    assert [source.path for source in workspace.sources] == ["layers.py"]
    assert "link.py (a symbolic link)" in workspace.info.ignored


def test_a_pipe_in_a_folder_does_not_stall(tmp_path: Path) -> None:
    """Special files are set aside; one put in a file's place after listing is refused."""
    (tmp_path / "layers.py").write_text(CODE)
    os.mkfifo(tmp_path / "pipe.py")
    workspace = open_submission(tmp_path, Limits())
    assert [source.path for source in workspace.sources] == ["layers.py"]
    with pytest.raises(Unreadable, match="not an ordinary file"):
        read_file(tmp_path / "pipe.py", 1000)


def test_a_folder_that_holds_only_a_zip_says_so(tmp_path: Path) -> None:
    """It is not opened by itself: the folder may be the wrong one."""
    (tmp_path / "s1042.zip").write_bytes(b"PK\x03\x04")
    with pytest.raises(BadSubmission, match=r"only the archive s1042\.zip"):
        open_submission(tmp_path, Limits())


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """There is nothing to mark."""
    with pytest.raises(BadSubmission, match="no Python file and no notebook"):
        open_submission(tmp_path, Limits())


def test_a_folder_with_too_many_files_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody named the folder above the homework."""
    monkeypatch.setattr("grader.intake.folder._MAX_FILES", 20)
    for number in range(21):
        (tmp_path / f"{number}.txt").touch()
    with pytest.raises(BadSubmission) as caught:
        open_submission(tmp_path, Limits())
    assert "more than 20 files" in str(caught.value)
    assert caught.value.hint is not None
    assert "homework's own folder" in caught.value.hint


def test_the_hash_depends_on_names_and_contents_only(tmp_path: Path) -> None:
    """Two equal folders have one hash; a changed name or content changes it."""
    hashes = []
    for folder, name, text in (
        ("a", "x.py", "1"),
        ("b", "x.py", "1"),
        ("c", "y.py", "1"),
        ("d", "x.py", "2"),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(text)
        (tmp_path / folder / ".DS_Store").write_text(folder)
        hashes.append(open_submission(tmp_path / folder, Limits()).info.sha256)
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 3


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX only")
def test_a_name_that_is_not_unicode_is_read(tmp_path: Path) -> None:
    """A GBK zip unpacked on Linux leaves names that are no UTF-8."""
    folder = os.fsencode(tmp_path)
    with open(os.path.join(folder, "网络.py".encode("gbk")), "w") as stream:  # noqa: PTH118, PTH123
        stream.write(CODE)
    workspace = open_submission(tmp_path, Limits())
    assert [source.path for source in workspace.sources] == ["网络.py"]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_an_unreadable_file_is_left_out(tmp_path: Path) -> None:
    """Permissions are a note, not an end."""
    (tmp_path / "layers.py").write_text(CODE)
    (tmp_path / "train.py").write_text(CODE)
    (tmp_path / "train.py").chmod(0)
    workspace = open_submission(tmp_path, Limits())
    assert [source.path for source in workspace.sources] == ["layers.py"]
    assert any("permission denied" in note for note in workspace.notes)
