"""grader/batch/gathered.py: several uploaded files as one submission."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.assignment import Limits
from grader.batch import gathered
from grader.batch.gathered import file_name, one_path
from grader.errors import UnusableInput
from grader.intake import open_submission


def files(folder: Path, **data: bytes) -> list[tuple[str, Path]]:
    """Files under an export's names, with what the student called them."""
    folder.mkdir(exist_ok=True)
    parts = []
    for name, content in data.items():
        own = name.replace("__", ".")
        path = folder / f"doejane_501_9001_{own}"
        path.write_bytes(content)
        parts.append((own, path))
    return parts


def test_they_lie_together_under_their_own_names(tmp_path: Path) -> None:
    """layers.py and train.py import each other; nothing of the export is changed."""
    parts = files(tmp_path / "in", layers__py=b"x = 1\n", train__py=b"import layers\n")
    folder = one_path(parts, tmp_path / "out/s1")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "layers.py": b"x = 1\n",
        "train.py": b"import layers\n",
    }
    assert all(path.is_file() for _, path in parts)


def test_a_zip_or_a_folder_alone_is_left_where_it_is(tmp_path: Path) -> None:
    """Nothing is copied that intake can open as it lies."""
    parts = files(tmp_path / "in", hw3__zip=b"PK")
    assert one_path(parts, tmp_path / "out/s1") == parts[0][1]
    assert one_path([("in", tmp_path / "in")], tmp_path / "out/s2") == tmp_path / "in"
    assert not (tmp_path / "out").exists()


def test_a_notebook_gets_back_its_name(tmp_path: Path) -> None:
    """A notebook's name is its module's; the export's prefix is not part of it."""
    folder = one_path(files(tmp_path / "in", hw3__ipynb=b"{}"), tmp_path / "out/s1")
    assert [path.name for path in folder.iterdir()] == ["hw3.ipynb"]


def test_a_lone_report_is_refused_as_what_it_is(tmp_path: Path) -> None:
    """A folder with a report alone would earn 0 points; a PDF alone gets a row for a person."""
    parts = files(tmp_path / "in", report__pdf=b"%PDF")
    assert one_path(parts, tmp_path / "out/s1") == parts[0][1]
    with pytest.raises(UnusableInput, match=r"report\.pdf is not a submission"):
        open_submission(parts[0][1], Limits())


def test_what_an_earlier_run_gathered_is_replaced(tmp_path: Path) -> None:
    """A file that was withdrawn is not marked."""
    parts = files(tmp_path / "in", a__py=b"1", b__py=b"2")
    one_path(parts, tmp_path / "out/s1")
    one_path([*parts[:1], ("c.py", parts[0][1])], tmp_path / "out/s1")
    assert sorted(path.name for path in (tmp_path / "out/s1").iterdir()) == ["a.py", "c.py"]


def test_two_files_of_one_name_are_both_there(tmp_path: Path) -> None:
    """Neither is overwritten."""
    (_, path), *_ = files(tmp_path / "in", a__py=b"1")
    folder = one_path([("a.py", path), ("a.py", path)], tmp_path / "out/s1")
    assert sorted(each.name for each in folder.iterdir()) == ["2_a.py", "a.py"]


def test_folders_are_taken_whole_and_links_are_not(tmp_path: Path) -> None:
    """At any depth: a link is not followed, and nothing outside is read."""
    (tmp_path / "in/code/deep").mkdir(parents=True)
    (tmp_path / "in/code/deep/a.py").write_bytes(b"1")
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "in/code/deep/link.py").symlink_to(tmp_path / "secret")
    (tmp_path / "in/code/up").symlink_to(tmp_path)
    (tmp_path / "in/r.md").write_bytes(b"2")
    parts = [("code", tmp_path / "in/code"), ("r.md", tmp_path / "in/r.md")]
    folder = one_path(parts, tmp_path / "out/s1")
    assert {str(path.relative_to(folder)) for path in folder.rglob("*")} == {
        *("code", "code/deep", "code/deep/a.py", "r.md"),
    }


def test_another_file_system_gets_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results on a memory stick, where no link can lead."""

    def refused(*_: object) -> None:
        raise OSError(errno.EXDEV, "another device")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    folder = one_path(files(tmp_path / "in", a__py=b"1", b__py=b"2"), tmp_path / "out/s1")
    assert (folder / "a.py").read_bytes() == b"1"


def test_more_files_than_intake_takes_are_not_all_gathered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred thousand files would fill the disk before anybody refused them."""
    monkeypatch.setattr(gathered, "_MAX_FILES", 3)
    parts = files(tmp_path / "in", **{f"f{n}__py": b"" for n in range(9)})
    assert len(list(one_path(parts, tmp_path / "out/s1").iterdir())) == 3


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """Not with a traceback."""
    (tmp_path / "out").write_bytes(b"a file")
    with pytest.raises(UnusableInput, match="cannot write to"):
        one_path(files(tmp_path / "in", a__py=b"1", b__py=b"2"), tmp_path / "out/s1")


@given(st.text(max_size=400))
def test_any_text_becomes_the_name_of_one_file(text: str) -> None:
    """No separator, nothing hidden, nothing that climbs, not too long, never empty."""
    name = file_name(text)
    assert 0 < len(name.encode()) <= 180
    assert not set(name) & set('/\\:*?"<>|\0\n\r')
    assert name[0] != "."
    assert name[-1] not in ". "
    assert Path(name).name == name


def test_a_long_name_keeps_its_kind(tmp_path: Path) -> None:
    """In an alphabet of three bytes a letter, a hundred letters are more than a name may have."""
    parts = files(tmp_path / "in", a__py=b"1", b__py=b"2")
    folder = one_path([("作業" * 80 + ".py", parts[0][1]), parts[1]], tmp_path / "out/s1")
    (name,) = (path.name for path in folder.iterdir() if path.name != "b.py")
    assert name.startswith("作業")
    assert name.endswith("作業.py")
