"""grader/marking.py: what must be there before anybody is marked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from grader.assignment_file import BUILT_IN
from grader.bundle_file import bundle_to_bytes
from grader.errors import UnusableInput
from grader.marking import Marking, prepare, require_cases
from grader.secret import derived, seed_file


def allowing(folder: Path, name: str) -> Path:
    text = (BUILT_IN / "hw3.yaml").read_text("utf-8")
    assert "  frameworks: {}\n" in text
    file = folder / "assignment.yaml"
    file.write_text(text.replace("  frameworks: {}\n", f"  frameworks: {{{name}: 20}}\n"), "utf-8")
    return file


def test_an_allowed_framework_must_be_installed_to_mark(tmp_path: Path) -> None:
    """Before the first submission: exit code 2, which one, and how to get it."""
    with pytest.raises(UnusableInput, match=r"no_such_framework is allowed .* not installed") as e:
        prepare(allowing(tmp_path, "no_such_framework"), visibility="hidden", seed="tests")
    assert e.value.hint == "pip install no_such_framework"
    assert e.value.exit_code == 2


def test_a_self_check_needs_only_what_the_student_uses(tmp_path: Path) -> None:
    """Students who do not use the framework need not install it."""
    file = allowing(tmp_path, "no_such_framework")
    assert prepare(file, visibility="public").assignment.imports.frameworks


def test_a_framework_that_is_installed_is_no_hindrance(tmp_path: Path) -> None:
    """Installed packages pass; NumPy's own module stands for one."""
    file = allowing(tmp_path, "numpy.linalg")
    assert prepare(file, visibility="hidden", seed="tests").assignment.imports.frameworks


def test_a_check_without_cases_is_refused_before_anybody_is_marked(tmp_path: Path) -> None:
    """One message for all, not one for each submission; it lists what there is."""
    text = (BUILT_IN / "hw3.yaml").read_text("utf-8")
    file = tmp_path / "assignment.yaml"
    old = "problem: max_pool_backward, cases: [apart]"
    assert old in text
    file.write_text(text.replace(old, "problem: max_pool_backward, cases: [appart]"), "utf-8")
    marking = prepare(file, visibility="public")
    with pytest.raises(UnusableInput, match=r"max_pool/backward asks for cases appart .*: .*apart"):
        require_cases(marking.assignment, marking.bundle)


def test_what_travels_with_a_marking_is_not_the_seed(marking: Marking) -> None:
    """Training is drawn from a key that is made from the seed, and from the assignment's name."""
    assert marking.seed == derived(b"tests", "training", "hw3")
    assert b"tests" not in marking.seed


def test_a_public_bundle_that_was_not_shipped_is_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`grade check` of an assignment of one's own would make all golden cases at every save."""
    monkeypatch.setenv("GOLDGRAD_HOME", str(tmp_path))
    own = Path(__file__).parents[2] / "fixtures/assignments/pooling.yaml"
    kept = seed_file().parent / "bundles"
    first = prepare(own, visibility="public")
    (file,) = kept.glob("pooling-*.npz")
    assert file.stat().st_mode & 0o077 == 0
    file.write_bytes(bundle_to_bytes(replace(first.bundle, made_by="read from the file")))
    assert prepare(own, visibility="public").bundle.made_by == "read from the file"
    file.write_bytes(b"torn")
    assert prepare(own, visibility="public").bundle_sha256 == first.bundle_sha256
