"""Zip files: what is read, what is set aside, what is refused."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.assignment import Limits
from grader.errors import BadSubmission
from grader.intake import Workspace, open_submission

CODE = "def forward(params, X):\n    return X\n"
Open = Callable[..., Workspace]
Make = Callable[..., Path]


def paths(workspace: Workspace) -> list[str]:
    return [source.path for source in workspace.sources]


def refused(path: Path, **limits: int) -> str:
    """The sentence and the hint of the refusal."""
    with pytest.raises(BadSubmission) as caught:
        open_submission(path, Limits(**limits))
    return f"{caught.value} / {caught.value.hint}"


def test_a_plain_zip_gives_sources_and_report(opened: Open) -> None:
    """The main case: Python files become sources, report.md the report, data is set aside."""
    workspace = opened(
        [("layers.py", CODE), ("train.py", CODE), ("report.md", "93 %"), ("dataset.txt", "1 2 3")]
    )
    assert paths(workspace) == ["layers.py", "train.py"]
    assert workspace.sources[0].text == CODE
    assert workspace.report is not None
    assert (workspace.report.file, workspace.report.text) == ("report.md", "93 %")
    assert workspace.info.name == "s1042"
    assert workspace.info.kind == "zip"
    assert workspace.info.files == ["layers.py", "train.py", "report.md"]
    assert any(line.startswith("dataset.txt (") for line in workspace.info.ignored)
    assert workspace.notes == ()


@pytest.mark.parametrize("top", ["hw3/", "hw3/my homework/", "张三_hw3/"])
def test_folders_around_everything_are_stripped(opened: Open, top: str) -> None:
    """A zip of a folder, also of a folder in a folder, is the same as a zip of its files."""
    workspace = opened([(top, ""), (top + "layers.py", CODE), (top + "report.md", "x")])
    assert paths(workspace) == ["layers.py"]
    assert workspace.report is not None
    assert workspace.report.file == "report.md"


def test_backslashes_of_older_windows_tools_are_slashes(opened: Open) -> None:
    """Folders, files in folders and the report are found as if the zip had been made right."""
    workspace = opened(
        [("hw\\", ""), ("hw\\layers.py", CODE), ("hw\\sub\\x.py", CODE), ("hw\\report.md", "x")]
    )
    assert paths(workspace) == ["layers.py", "sub/x.py"]
    assert workspace.report is not None
    assert workspace.report.file == "report.md"


def test_data_beside_the_folder_does_not_keep_it(opened: Open) -> None:
    """Only what is read decides what the root is."""
    workspace = opened([("dataset.txt", "1 2"), ("hw3/layers.py", CODE), ("hw3/report.md", "x")])
    assert paths(workspace) == ["layers.py"]


def test_many_remarks_are_cut(opened: Open) -> None:
    """A hundred bad files do not flood the result."""
    workspace = opened([("a.py", CODE), *((f"b{n}.py", b"\xff") for n in range(100))])
    assert len(workspace.notes) == 31
    assert workspace.notes[-1] == "and 70 more remarks"


def test_a_folder_that_is_a_package_keeps_its_name(opened: Open) -> None:
    """Without its folder's name, code that imports cs231n.layers could not be imported."""
    workspace = opened(
        [
            ("hw/cs231n/layers.py", CODE),
            ("hw/cs231n/net.py", "from cs231n.layers import *\n"),
        ]
    )
    assert paths(workspace) == ["cs231n/layers.py", "cs231n/net.py"]


@pytest.mark.parametrize("source", ["from .layers import forward\n", "from . import layers\n"])
def test_relative_imports_make_a_folder_a_package(opened: Open, source: str) -> None:
    """``from .layers`` only works in a package."""
    workspace = opened([("hw/layers.py", CODE), ("hw/net.py", source)])
    assert paths(workspace) == ["hw/layers.py", "hw/net.py"]


def test_what_systems_and_editors_leave_behind_is_set_aside(opened: Open) -> None:
    """None of it is read, not even as Python, and all of it is named with the reason."""
    junk = [
        "__MACOSX/hw3/._layers.py",
        "hw3/.DS_Store",
        "hw3/._train.py",
        "hw3/__pycache__/layers.cpython-311.pyc",
        "hw3/.ipynb_checkpoints/layers-checkpoint.py",
        "hw3/.git/hooks/x.py",
        "hw3/venv/lib/python3.11/site-packages/numpy/__init__.py",
        "hw3/myenv/pyvenv.cfg",
        "hw3/myenv/lib/thing.py",
        "hw3/.vscode/x.py",
        "hw3/fast.so",
    ]
    workspace = opened([("hw3/layers.py", CODE), *((name, "1/0") for name in junk)])
    assert paths(workspace) == ["layers.py"]
    listed = "\n".join(workspace.info.ignored)
    for name in ("__MACOSX", ".DS_Store", "__pycache__", ".git", "venv", "myenv", "fast.so"):
        assert name in listed


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"Rar!\x1a\x07\x00" + b"x" * 50, "is a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c" + b"x" * 50, "is a 7-Zip archive"),
        (b"\x1f\x8b" + b"x" * 50, "is a gzip file"),
        (b"%PDF-1.4" + b"x" * 50, "is a PDF file"),
        (b"x" * 257 + b"ustar" + b"x" * 300, "is a tar archive"),
        (b"hello, this is my homework", "is not a zip"),
        (b"", "is empty"),
        (b"PK\x03\x04" + b"x" * 100, "is cut off"),
    ],
)
def test_what_is_no_zip_is_told_by_its_first_bytes(tmp_path: Path, start: bytes, said: str) -> None:
    """A student who renamed a .rar to .zip is told that it is a RAR archive."""
    path = tmp_path / "s1.zip"
    path.write_bytes(start)
    message = refused(path)
    assert said in message
    assert "zip" in message


@pytest.mark.parametrize("suffix", [".rar", ".7z", ".tar.gz"])
def test_other_archives_are_submissions_that_cannot_be_read(tmp_path: Path, suffix: str) -> None:
    """In a folder of uploads they count as handed in, with a sentence on what to do."""
    path = tmp_path / f"s1{suffix}"
    path.write_bytes(b"\x1f\x8b123")
    assert "make a .zip" in refused(path)


def test_a_cut_off_zip_is_refused(make_zip: Make) -> None:
    """Half an upload is no submission."""
    path = make_zip([("layers.py", CODE * 500)])
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert "cut off" in refused(path)


def test_an_empty_zip_is_refused(make_zip: Make) -> None:
    """Neither nothing nor only folders can be marked."""
    assert "empty zip" in refused(make_zip([]))
    assert "empty zip" in refused(make_zip([("hw3/", "")]))


def test_a_zip_without_code_says_what_it_found(make_zip: Make) -> None:
    """The files found are named: often the wrong folder was zipped."""
    message = refused(make_zip([("photo.png", b"x"), ("notes.xlsx", b"x")]))
    assert "no Python file and no notebook" in message
    assert "photo.png" in message


def test_a_zip_with_only_a_report_can_be_read(opened: Open) -> None:
    """The report's own points can still be earned."""
    workspace = opened([("report.md", "cross-entropy")])
    assert workspace.sources == ()
    assert workspace.report is not None
    assert any("no Python file" in note for note in workspace.notes)


def test_a_zip_in_a_zip_is_told(make_zip: Make, opened: Open) -> None:
    """Alone it is refused with the reason; beside code it is set aside with a note."""
    inner = make_zip([("layers.py", CODE)], name="inner.zip").read_bytes()
    message = refused(make_zip([("hw3/inner.zip", inner)]))
    assert "only the archive hw3/inner.zip" in message
    workspace = opened([("layers.py", CODE), ("old.zip", inner)])
    assert paths(workspace) == ["layers.py"]
    assert any("old.zip" in note for note in workspace.notes)


def test_an_encrypted_zip_is_refused_by_name(make_zip: Make) -> None:
    """The message names an entry that needs a password."""
    path = make_zip([("layers.py", CODE)])
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 0x1
    path.write_bytes(data)
    message = refused(path)
    assert "encrypted" in message
    assert "layers.py" in message


@pytest.mark.parametrize(
    ("method", "said"), [(12, "bzip2"), (14, "LZMA"), (93, "Zstandard"), (77, "method 77")]
)
def test_code_in_a_rare_compression_is_refused_by_its_name(
    make_zip: Make, method: int, said: str
) -> None:
    """Also with a report that can be read: no function is said to be missing."""
    stored = zipfile.ZipInfo("report.md")
    path = make_zip([("layers.py", CODE), (stored, "93 %")])
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", data, data.index(signature) + offset, method)
    path.write_bytes(data)
    message = refused(path)
    assert f"compressed with {said}" in message
    assert "usual compression" in message


def test_a_bomb_is_refused_before_it_is_unpacked(make_zip: Make) -> None:
    """Ten times the upload limit is the most that may come out."""
    path = make_zip([("layers.py", CODE), ("data.csv", b"0" * 11_000_000)])
    assert path.stat().st_size < 100_000
    message = refused(path, upload_mb=1)
    assert "would unpack to 11.0 MB" in message


def test_an_upload_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    """It is not even read."""
    path = tmp_path / "s1.zip"
    with path.open("wb") as stream:
        stream.truncate(1_500_000)
    assert "1.5 MB, more than the 1 MB allowed" in refused(path, upload_mb=1)


@pytest.mark.parametrize("claimed", [10, 900_000])
def test_a_file_that_lies_about_its_size_is_left_out(make_zip: Make, claimed: int) -> None:
    """What is unpacked is counted; the declared size is believed by nobody."""
    path = make_zip([("layers.py", CODE * 2000), ("train.py", CODE)])
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, claimed)
    path.write_bytes(data)
    workspace = open_submission(path, Limits())
    assert paths(workspace) == ["train.py"]
    assert any("layers.py was left out" in note for note in workspace.notes)


def test_a_damaged_file_is_left_out_and_the_others_are_read(make_zip: Make) -> None:
    """One flipped byte costs one file."""
    path = make_zip([("layers.py", CODE), ("train.py", "x = 1\n")])
    data = bytearray(path.read_bytes())
    data[data.index(b"layers.py") + len(b"layers.py") + 3] ^= 0xFF
    path.write_bytes(data)
    workspace = open_submission(path, Limits())
    assert paths(workspace) == ["train.py"]
    assert any("layers.py was left out: it is damaged" in note for note in workspace.notes)


def test_a_rare_compression_is_told(make_zip: Make) -> None:
    """bzip2 and lzma can unpack without bound in one step, and no student needs them."""
    info = zipfile.ZipInfo("layers.py")
    info.compress_type = zipfile.ZIP_LZMA
    workspace = open_submission(make_zip([(info, CODE), ("train.py", CODE)]), Limits())
    assert paths(workspace) == ["train.py"]
    assert any("usual compression" in note for note in workspace.notes)


def test_a_split_zip_is_refused(make_zip: Make) -> None:
    """One part of several holds no whole file."""
    path = make_zip([("layers.py", CODE)])
    data = bytearray(path.read_bytes())
    struct.pack_into("<H", data, data.rindex(b"PK\x05\x06") + 4, 2)
    path.write_bytes(data)
    assert "split zip" in refused(path)


def test_a_directory_of_absurd_size_is_refused_unparsed(make_zip: Make) -> None:
    """The end record is looked at before the library builds a list of what it claims."""
    path = make_zip([("layers.py", CODE)])
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.rindex(b"PK\x05\x06") + 12, 0x7FFFFFFF)
    path.write_bytes(data)
    assert "more than is read" in refused(path)


def test_too_many_entries_are_refused(make_zip: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A homework does not have that many files."""
    monkeypatch.setattr("grader.intake.archive.MAX_ENTRIES", 100)
    assert "101 entries" in refused(make_zip((f"{n}.txt", "") for n in range(101)))


def test_a_large_source_is_left_out(opened: Open) -> None:
    """A source of more than a megabyte is weights, not code."""
    workspace = opened([("weights.py", "x = [" + "1," * 600_000 + "]"), ("layers.py", CODE)])
    assert paths(workspace) == ["layers.py"]
    assert any("weights.py was left out: it has 1.2 MB" in note for note in workspace.notes)


def test_when_nothing_can_be_read_the_reason_is_the_message(make_zip: Make) -> None:
    """A single file in the wrong encoding is named in the refusal."""
    message = refused(make_zip([("layers.py", "x = 'ü'".encode("utf-16"))]))
    assert "layers.py was left out: it is saved as UTF-16" in message


def test_the_hash_is_that_of_the_uploaded_bytes(make_zip: Make) -> None:
    """The result can be traced to the file that was handed in."""
    import hashlib

    path = make_zip([("layers.py", CODE)])
    workspace = open_submission(path, Limits())
    assert workspace.info.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_nothing_is_written_to_disk(make_zip: Make, tmp_path: Path) -> None:
    """The zip is read in memory."""
    path = make_zip([("layers.py", CODE), ("report.md", "x")])
    before = sorted(tmp_path.rglob("*"))
    open_submission(path, Limits())
    assert sorted(tmp_path.rglob("*")) == before
