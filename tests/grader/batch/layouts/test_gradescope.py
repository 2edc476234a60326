"""grader/batch/layouts/gradescope.py: an export with Ruby's YAML, read without trusting it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.exports import COURSE, DUE, gradescope_entry
from grader.batch.layouts.gradescope import METADATA, is_gradescope, read_gradescope, read_metadata
from grader.batch.layouts.upload import Contents, Upload
from grader.errors import UnusableInput

Make = Callable[..., list[Path]]
JANE, JOSE = COURSE[:2]


@pytest.fixture
def exported(laid_out: Make) -> Callable[..., Contents]:
    """Reads an export with this metadata and these entries beside it."""

    def read(metadata: str, *names: str) -> Contents:
        entries = laid_out(METADATA, *names)
        folder = entries[0].parent
        (folder / METADATA).write_text(metadata, encoding="utf-8")
        assert is_gradescope(entries)
        return read_gradescope(folder, entries)

    return read


def only(contents: Contents) -> Upload:
    (upload,) = contents.uploads
    return upload


def test_submitters_and_time(exported: Callable[..., Contents]) -> None:
    """The time is the active submission's, not one of those in its history."""
    earlier = [DUE - timedelta(days=n) for n in (-1, 3, 2)]
    text = gradescope_entry("submission_1", [JANE], DUE, earlier)
    upload = only(exported(text, "submission_1/layers.py"))
    assert [(p.id, p.name, p.email) for p in upload.people] == [
        ("s1042", "Jane Doe", "s1042@example.edu")
    ]
    assert upload.submitted_at == DUE
    assert [path.name for _, path in upload.files] == ["submission_1"]


def test_a_groups_members_all_handed_in(exported: Callable[..., Contents]) -> None:
    """One folder, several submitters."""
    upload = only(
        exported(gradescope_entry("submission_1", [JANE, JOSE], DUE), "submission_1/a.py")
    )
    assert [person.id for person in upload.people] == ["s1042", "s1043"]


def test_a_zip_alone_in_its_folder_is_the_submission(exported: Callable[..., Contents]) -> None:
    """Gradescope unzips what it is given; a zip inside a zip stays one."""
    upload = only(exported(gradescope_entry("s", [JANE], DUE), "s/hw3.zip"))
    assert [name for name, _ in upload.files] == ["hw3.zip"]


@pytest.mark.parametrize(
    ("submitter", "known"),
    [
        (":name: Jane\n    :sid: 7\n    :email: j@x", "7"),
        (":name: Jane\n    :sid:\n    :email: j@x", "j@x"),
        (":name: Jane\n    :sid: ~", "Jane"),
        (":sid: '0042'", "0042"),
        ("name: Jane\n    sid: 7", "7"),
    ],
)
def test_whatever_is_known_of_a_submitter(
    exported: Callable[..., Contents], submitter: str, known: str
) -> None:
    """The SID with its zeros, else the address, else the name; also without Ruby's colons."""
    text = f"s:\n  :submitters:\n  - {submitter}\n"
    assert only(exported(text, "s/a.py")).people[0].id == known


def test_nobody_is_called_as_the_folder(exported: Callable[..., Contents]) -> None:
    """A submission without submitters, as anonymous grading exports it, keeps its row."""
    for text in ("s: {}\n", "s:\n", "s:\n  :submitters: []\n"):
        upload = only(exported(text, "s/a.py"))
        assert upload.people[0].id == "s"
        assert upload.submitted_at is None


def test_repeated_by_reference(exported: Callable[..., Contents]) -> None:
    """Ruby writes the same object once and points to it afterwards, wherever it stood first."""
    text = (
        "s1:\n  :results: {who: &2 {':name': Jane, ':sid': '7'}}\n  :created_at: &1 2026-11-20"
        " 22:59:00 Z\n  :submitters:\n  - &3\n    :name: Jane\n    :sid: '7'\n"
        "s2:\n  :created_at: *1\n  :submitters:\n  - *3\n"
    )
    contents = exported(text, "s1/a.py", "s2/a.py")
    assert [upload.people[0].id for upload in contents.uploads] == ["7", "7"]
    assert {upload.submitted_at for upload in contents.uploads} == {
        datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
    }


def test_what_programs_printed_is_passed_over(tmp_path: Path) -> None:
    """However deep, long or tagged; nothing of it is constructed or kept."""
    file = tmp_path / METADATA
    deep = "[" * 300 + "]" * 300
    file.write_text(
        f"s:\n  :results: {deep}\n  :tests: !!python/object/apply:os.system ['false']\n"
        f"  :output: '{'x' * 100_000}'\n  :created_at: 2026-11-20 22:59:00 Z\n"
        f"  :submitters:\n  - :name: '{'y' * 5_000}'\n    :sid: 7\n    :extra: {deep}\n"
    )
    found = read_metadata(file)
    assert set(found["s"]) == {"created_at", "submitters"}
    assert set(found["s"]["submitters"][0]) == {"name", "sid"}
    assert len(found["s"]["submitters"][0]["name"]) == 1000


def test_aliases_do_not_multiply(tmp_path: Path) -> None:
    """The bomb of nine lists of nine lists: what is not kept is not built."""
    file = tmp_path / METADATA
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    file.write_text("\n".join(lines))
    assert len(read_metadata(file)) == 30


def test_what_is_missing_on_either_side_is_said(exported: Callable[..., Contents]) -> None:
    """A folder that somebody deleted, and one that nobody knows."""
    contents = exported(gradescope_entry("s1", [JANE], DUE), "s2/a.py")
    assert contents.uploads == ()
    assert contents.notes == (f"s1 is in {METADATA} but not in the folder",)
    assert [path.name for path in contents.left] == ["s2"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not Gradescope's: it lists no submissions"),
        ("- a\n- b\n", "is not Gradescope's"),
        ("just words", "is not Gradescope's"),
        ("a: [1, 2\nb: 3\n", rf"{METADATA}:2: not valid YAML"),
        ("a: \x07\n", "not valid YAML"),
        ("s:\n  :created_at: noon\n", rf"{METADATA}: s: 'noon' is not a time"),
    ],
)
def test_another_file_of_that_name_is_refused(
    exported: Callable[..., Contents], text: str, words: str
) -> None:
    """With its name, and the line where there is one."""
    with pytest.raises(UnusableInput, match=words):
        exported(text, "s/a.py")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    """Not with a traceback."""
    (tmp_path / METADATA).write_bytes(b"s: \xff\xfe\n")
    with pytest.raises(UnusableInput, match="not valid YAML"):
        read_metadata(tmp_path / METADATA)


@given(st.text("ab:-[]{}&*!'\"|># \n", max_size=80) | st.text(max_size=40))
def test_whatever_the_file_says_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    """No YAML ends in a traceback."""
    file = tmp_path_factory.getbasetemp() / METADATA
    file.write_text(text, encoding="utf-8", errors="replace")
    try:
        read = read_metadata(file)
    except UnusableInput:
        return
    assert all(isinstance(key, str) for key in read)
