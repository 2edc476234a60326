"""grader/intake/parcel.py: opened on another machine, a submission is what it is here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.assignment import Limits
from grader.errors import BadSubmission
from grader.intake import Workspace
from grader.intake.identity import submission_sha256
from grader.intake.parcel import take
from grader.intake.parcel_bytes import parcel_from_bytes, parcel_to_bytes
from grader.intake.submission import open_parcel, open_submission

CODE = "def forward(params, X):\n    return X\n"
LIMITS = Limits(upload_mb=1)
Outcome = Workspace | tuple[str, str | None]


def here(path: Path) -> Outcome:
    """What becomes of a submission where it lies."""
    try:
        return open_submission(path, LIMITS)
    except BadSubmission as refusal:
        return str(refusal), refusal.hint


def elsewhere(path: Path) -> Outcome:
    """What becomes of it where only its bytes are known."""
    content = parcel_to_bytes(take(path, LIMITS), LIMITS)
    path.rename(path.with_name("gone"))
    try:
        return open_parcel(parcel_from_bytes(content), LIMITS)
    except BadSubmission as refusal:
        return str(refusal), refusal.hint


def _folder(root: Path, **files: bytes) -> Path:
    root.mkdir()
    for name, content in files.items():
        file = root / name.replace("__", "/").replace("_dot_", ".")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return root


def _mixed(path: Path) -> Path:
    """Sources, a report, data that is not read, a link, a file in a foreign alphabet."""
    root = _folder(
        path / "s1",
        hw__layers_dot_py=CODE.encode(),
        hw__report_dot_md=b"# Report\n",
        hw__data_dot_csv=b"1,2\n",
        __pycache__layers_dot_pyc=b"\0",
        отчёт_dot_txt="снег".encode("cp1251"),
    )
    (root / "link.py").symlink_to("/etc/passwd")
    return root


def _large_source(path: Path) -> Path:
    """A source above what is read of one, beside a usual one."""
    large = b"x = 1\n" * 300_000
    return _folder(path / "s2", large_dot_py=large, layers_dot_py=CODE.encode())


def _nothing(path: Path) -> Path:
    """A folder without code or report."""
    return _folder(path / "s3", data_dot_csv=b"1\n")


def _python_file(path: Path) -> Path:
    file = path / "two_layer_net.py"
    file.write_text(CODE)
    return file


def _rar(path: Path) -> Path:
    file = path / "s4.rar"
    file.write_bytes(b"Rar!\x1a\x07\x00")
    return file


def _too_large(path: Path) -> Path:
    file = path / "s5.zip"
    file.write_bytes(b"PK\x03\x04" + bytes(1_100_000))
    return file


@pytest.mark.parametrize("make", [_mixed, _large_source, _nothing, _python_file, _rar, _too_large])
def test_a_submission_is_the_same_elsewhere(make: Callable[[Path], Path], tmp_path: Path) -> None:
    """Files, notes, hash and refusals: whoever is marked on a cluster gets the same words."""
    path = make(tmp_path)
    digest = submission_sha256(path, LIMITS)
    expected = here(path)
    found = elsewhere(path)
    assert found == expected
    if isinstance(found, Workspace):
        assert found.info.sha256 == digest


def test_a_zip_is_the_same_elsewhere(make_zip: Callable[..., Path]) -> None:
    """A zip travels as it is."""
    path = make_zip([("hw/layers.py", CODE), ("hw/report.md", "# Report"), ("hw/d.npy", "0")])
    expected = here(path)
    assert isinstance(expected, Workspace)
    assert elsewhere(path) == expected


def test_a_zip_beside_a_report_is_the_code_elsewhere_too(
    make_zip: Callable[..., Path], tmp_path: Path
) -> None:
    """What course systems make of two uploaded files."""
    root = _folder(tmp_path / "s6", report_dot_txt=b"We trained it.")
    make_zip([("layers.py", CODE)]).rename(root / "code.zip")
    expected = here(root)
    assert isinstance(expected, Workspace)
    assert [source.path for source in expected.sources] == ["layers.py"]
    assert elsewhere(root) == expected


def test_data_files_do_not_travel(tmp_path: Path) -> None:
    """A folder with a gigabyte of data beside the code is sent as its code."""
    root = _folder(tmp_path / "s7", layers_dot_py=CODE.encode(), data_dot_csv=bytes(1_000_000))
    assert len(parcel_to_bytes(take(root, LIMITS), LIMITS)) < 1_000


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xff\xff\xff{}", b"\x02\0\0\0{}", b"\x04\0\0\0null"]
)
def test_other_bytes_are_no_parcel(content: bytes) -> None:
    """Told by an exception that callers know."""
    with pytest.raises(ValueError):  # noqa: PT011 - JSON's own error is one, too
        parcel_from_bytes(content)
