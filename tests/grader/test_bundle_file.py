"""grader/bundle_file.py: a bundle survives its file, and no other file passes for one."""

from __future__ import annotations

import contextlib
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.bundle import (
    Arrangement,
    Bound,
    BugAnswer,
    BugNote,
    Bundle,
    Case,
    Composition,
    Derivative,
    Problem,
    Step,
    Tolerance,
)
from grader.bundle_file import (
    bundle_from_bytes,
    bundle_sha256,
    bundle_to_bytes,
    read_bundle,
)
from grader.errors import BadBundle
from grader.fingerprint import Fingerprint


def example() -> Bundle:
    """A bundle that uses every feature of the format."""
    x = np.arange(6.0).reshape(2, 3)
    steps = [
        Step("forward", [x, {"stride": 1, "name": "s", "none": None}], ["out", "#cache"]),
        Step("backward", [x, Bound("cache")], {"W1": "dW1"}),
    ]
    right = Case(
        "one",
        "stride 1",
        frozenset({"plain"}),
        steps,
        {"dW1": x},
        tolerance=Tolerance(1e-6, 1e-9),
        bugs=[BugAnswer("bug", {"dW1": Fingerprint.of(2 * x)}), BugAnswer("b2", raises="KeyError")],
        compositions=[
            Composition(
                [Step("part", [x, {"y": x}], "dW1")],
                {"dW1": Arrangement((3, 2), (1, 0))},
                {"dW1": x},
                {"dW1": [(0, 0), (0, 1, "y")]},
                {"bug": {"dW1": [(0, 0)]}},
            )
        ],
    )
    bad = Case("two", "does not fit", frozenset({"fit"}), steps[:1], raises="ValueError")
    derivative = Derivative("out", 0, {"dW1": (0, 0)}, upstream=(1, 0))
    problem = Problem("p", "A problem", "backward", [right, bad], derivative)
    notes = {"bug": BugNote("bug", "twice", "halve"), "b2": BugNote("b2", "raises", "look")}
    return Bundle("hw", "hidden", "test", {"p": problem}, notes)


def test_a_bundle_survives_its_bytes() -> None:
    """Everything comes back: arrays, bound names, tuples of paths, fingerprints, tolerances."""
    original = example()
    again = bundle_from_bytes(bundle_to_bytes(original))
    assert bundle_to_bytes(again) == bundle_to_bytes(original)
    assert bundle_sha256(again) == bundle_sha256(original)
    problem = again.problems["p"]
    assert problem.derivative == original.problems["p"].derivative
    assert problem.cases[0].steps[1].args[1] == Bound("cache")
    assert problem.cases[0].tags == {"plain"}
    assert problem.cases[0].bugs == original.problems["p"].cases[0].bugs
    assert np.array_equal(problem.cases[0].expected["dW1"], np.arange(6.0).reshape(2, 3))
    assert problem.cases[1].raises == "ValueError"
    (made,), (before,) = problem.cases[0].compositions, original.problems["p"].cases[0].compositions
    for part in ("arranged", "depends", "hidden_by"):
        assert getattr(made, part) == getattr(before, part)
    assert np.array_equal(made.added["dW1"], before.added["dW1"])
    assert np.array_equal(made.steps[0].args[0], before.steps[0].args[0])


def test_equal_arrays_stand_in_a_file_once() -> None:
    """The settings of a convention have the same inputs: a file need not have them eight times."""
    with zipfile.ZipFile(io.BytesIO(bundle_to_bytes(example()))) as archive:
        assert archive.namelist() == ["manifest.json", "a0.npy"]


@pytest.mark.parametrize("array", [np.float64(2.5), np.zeros((0, 3)), np.ones((2, 3)).T])
def test_arrays_keep_their_shape(array: np.ndarray) -> None:
    """A scalar (a loss) stays 0-dimensional; empty and transposed arrays come back, too."""
    case = Case("c", "c", frozenset(), [Step("f", [], "out")], {"out": np.asarray(array)})
    bundle = Bundle("hw", "public", "test", {"p": Problem("p", "P", "f", [case])}, {})
    again = bundle_from_bytes(bundle_to_bytes(bundle)).problems["p"].cases[0].expected["out"]
    assert again.shape == array.shape
    assert np.array_equal(again, array)


def test_cases_are_selected_by_tag() -> None:
    """None selects all cases; tags select those that carry one of them."""
    problem = example().problems["p"]
    assert [case.id for case in problem.select(None)] == ["one", "two"]
    assert [case.id for case in problem.select(["fit"])] == ["two"]
    assert problem.select(["other"]) == []


@given(st.binary(max_size=200))
def test_other_bytes_are_refused(content: bytes) -> None:
    """Random bytes are no bundle, and say so without a traceback."""
    with pytest.raises(BadBundle):
        bundle_from_bytes(content)


@given(st.integers(0, 5000), st.integers(0, 255))
def test_a_damaged_bundle_is_refused_or_read(position: int, value: int) -> None:
    """One changed byte gives a readable bundle or BadBundle, never another exception."""
    content = bytearray(bundle_to_bytes(example()))
    content[position % len(content)] = value
    with contextlib.suppress(BadBundle):
        bundle_from_bytes(bytes(content))


def test_pickles_are_never_loaded() -> None:
    """An object array, which would need a pickle, is refused."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bundle_to_bytes(example()))) as old:
        manifest = old.read("manifest.json")
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("manifest.json", manifest)
        for index in range(9):
            entry = io.BytesIO()
            np.save(entry, np.array([{}], dtype=object), allow_pickle=True)
            archive.writestr(f"a{index}.npy", entry.getvalue())
    with pytest.raises(BadBundle):
        bundle_from_bytes(buffer.getvalue())


def test_another_format_says_how_to_renew(tmp_path: Path) -> None:
    """A bundle of another format version names the command that makes a new one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("manifest.json", '{"format": 99}')
    (tmp_path / "old.npz").write_bytes(buffer.getvalue())
    with pytest.raises(BadBundle, match="format 99") as caught:
        read_bundle(tmp_path / "old.npz")
    assert "grade golden" in (caught.value.hint or "")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """An unreadable path is named."""
    with pytest.raises(BadBundle, match=r"nothing\.npz"):
        read_bundle(tmp_path / "nothing.npz")
