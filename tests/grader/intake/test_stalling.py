"""Submissions made to stall or crash whoever reads them: refused, or read at an ordinary cost."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from pathlib import Path

import pytest

from grader.assignment import Limits
from grader.errors import BadSubmission, UnusableInput
from grader.intake import Workspace, open_submission

pytestmark = pytest.mark.usefixtures("bounded_cpu")

CODE = "def forward(x):\n    return x\n"


def opened(folder: Path, data: bytes) -> Workspace:
    path = folder / "s1042.zip"
    path.write_bytes(data)
    return open_submission(path, Limits())


def zipped(*files: tuple[str | zipfile.ZipInfo, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize("blank", ["\n", " ", "\t", " \n", "\x0c\n", "\x0b"])
def test_a_million_blanks_are_read_once(tmp_path: Path, blank: str) -> None:
    """Whether it is an exported notebook is found in one pass, not one for each line."""
    text = (blank * 1_000_000)[:999_000]
    assert opened(tmp_path, zipped(("layers.py", text))).sources[0].text == text


def test_deep_folders_do_not_multiply_the_reading(tmp_path: Path) -> None:
    """The sources are searched for imports once, not once for each folder around them."""
    files = [("a/" * 22 + f"m{n}.py", " \n" * 480_000) for n in range(10)]
    workspace = opened(tmp_path, zipped(*files))
    assert [source.path for source in workspace.sources] == [f"m{n}.py" for n in range(10)]


def test_long_extra_fields_are_refused_unparsed(tmp_path: Path) -> None:
    """The library copies the rest of an extra field for each four bytes of it."""
    infos = [zipfile.ZipInfo(f"m{n}.py") for n in range(60)]
    for info in infos:
        info.extra = b"\x99\x99\0\0" * 16_000
    with pytest.raises(BadSubmission, match="64000 bytes of extra data"):
        opened(tmp_path, zipped(*((info, CODE) for info in infos)))


def test_an_ordinary_extra_field_is_no_reason_to_refuse(tmp_path: Path) -> None:
    """Windows' access lists take a few hundred bytes."""
    info = zipfile.ZipInfo("layers.py")
    info.extra = struct.pack("<HH", 0x4453, 600) + bytes(600)
    assert opened(tmp_path, zipped((info, CODE))).sources


def test_entries_that_no_end_record_counts_are_counted(tmp_path: Path) -> None:
    """The library reads as many as there are, whatever number is claimed."""
    entries = (b"PK\x01\x02" + bytes(42)) * 80_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entries), 0, 0)
    with pytest.raises(BadSubmission, match="more than 20000 entries"):
        opened(tmp_path, entries + end)


def test_an_offset_beyond_all_addresses_is_damage(tmp_path: Path) -> None:
    """A zip64 entry may claim to stand at 2^63 and more: no number for a seek."""
    data = bytearray(zipped(("layers.py", CODE), ("train.py", CODE)))
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<H", data, at + 30, 12)
    struct.pack_into("<I", data, at + 42, 0xFFFFFFFF)
    behind_name = at + 46 + len("layers.py")
    data[behind_name:behind_name] = struct.pack("<HHQ", 1, 8, (1 << 63) + 5)
    end = data.rindex(b"PK\x05\x06")
    (size,) = struct.unpack_from("<I", data, end + 12)
    struct.pack_into("<I", data, end + 12, size + 12)
    workspace = opened(tmp_path, bytes(data))
    assert [source.path for source in workspace.sources] == ["train.py"]
    assert any("layers.py was left out: it is damaged" in note for note in workspace.notes)


def test_files_that_cannot_be_unpacked_are_not_tried_for_ever(tmp_path: Path) -> None:
    """Each is unpacked before its checksum is seen to be wrong."""
    good = zipped(*((f"m{n}.py", CODE) for n in range(1_000)))
    data = bytearray(good)
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 16] ^= 0xFF  # the checksum
        at = data.find(b"PK\x01\x02", at + 4)
    with pytest.raises(BadSubmission, match=r"nothing in s1042\.zip can be read"):
        opened(tmp_path, bytes(data))


@pytest.mark.parametrize("folders", [False, True])
def test_a_folder_of_countless_things_is_not_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folders: bool
) -> None:
    """Links and folders count too: a folder may hold millions of them."""
    monkeypatch.setattr("grader.intake.folder._MAX_MET", 200)
    for number in range(201):
        if folders:
            (tmp_path / str(number)).mkdir()
        else:
            (tmp_path / str(number)).symlink_to("nowhere")
    with pytest.raises(BadSubmission, match="more than 200 files and folders"):
        open_submission(tmp_path, Limits())


@pytest.mark.skipif(os.name != "posix", reason="pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """Neither as the submission nor as a file in it: opening it would block."""
    os.mkfifo(tmp_path / "s1.zip")
    with pytest.raises(UnusableInput, match="not an ordinary file"):
        open_submission(tmp_path / "s1.zip", Limits())
    os.mkfifo(tmp_path / "layers.py")
    (tmp_path / "train.py").write_text(CODE)
    workspace = open_submission(tmp_path, Limits())
    assert [source.path for source in workspace.sources] == ["train.py"]
    assert "layers.py (not an ordinary file)" in workspace.info.ignored


@pytest.mark.skipif(os.name != "posix", reason="such names exist on POSIX only")
def test_names_that_rewrite_a_terminal_are_set_aside(tmp_path: Path) -> None:
    """As in a zip, where they are refused: a path is shown wherever a line is."""
    (tmp_path / "a\x1b[31m\n.py").write_text(CODE)
    (tmp_path / "train.py").write_text(CODE)
    workspace = open_submission(tmp_path, Limits())
    assert [source.path for source in workspace.sources] == ["train.py"]
    with pytest.raises(BadSubmission, match="control characters"):
        open_submission(tmp_path / "a\x1b[31m\n.py", Limits())


def test_a_file_of_no_real_size_is_not_read(tmp_path: Path) -> None:
    """A terabyte that takes no room on the disk."""
    for name in ("layers.py", "report.pdf", "hw3.ipynb", "report.md"):
        with (tmp_path / name).open("wb") as stream:
            stream.truncate(1 << 40)
    (tmp_path / "train.py").write_text(CODE)
    workspace = open_submission(tmp_path, Limits())
    assert [source.path for source in workspace.sources] == ["train.py"]
    assert any("layers.py was left out: it has 1099.5 GB" in note for note in workspace.notes)
