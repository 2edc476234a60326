"""grader/assignment_file.py: a right file loads; a wrong one is explained by file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.assignment_file import (
    BUILT_IN,
    built_in_assignments,
    load_assignment,
    parse_assignment,
    position,
)
from grader.errors import BadAssignment

TEXT = (BUILT_IN / "hw3.yaml").read_text(encoding="utf-8")


def test_the_built_in_assignment_has_the_issued_points() -> None:
    """hw3 is worth 100 points, split as the homework announces."""
    hw3 = load_assignment("hw3")
    assert {part.id: part.points for part in hw3.parts} == {
        "forward": 15,
        "backward": 20,
        "training": 15,
        "loss_reporting": 10,
        "report": 10,
        "layers": 30,
    }
    assert hw3.points == 100


def test_an_own_file_is_read_by_path(tmp_path: Path) -> None:
    """An instructor's own YAML is read by its path, or by its folder."""
    (tmp_path / "assignment.yaml").write_text(TEXT.replace("assignment: hw3", "assignment: mine"))
    assert load_assignment(tmp_path / "assignment.yaml").assignment == "mine"
    assert load_assignment(tmp_path).assignment == "mine"


def test_a_misspelt_key_is_named_with_its_line() -> None:
    """An unknown key is an error with file, line, path and the likely key."""
    wrong = TEXT.replace("    points: 20\n", "    pionts: 20\n", 1)
    line = wrong.split("\n").index("    pionts: 20") + 1
    with pytest.raises(BadAssignment) as caught:
        parse_assignment(wrong, "assignment.yaml")
    message = str(caught.value)
    assert (
        f"assignment.yaml:{line}:5: parts[1].pionts: unknown key; did you mean 'points'?" in message
    )


def test_a_key_that_is_there_twice_is_refused() -> None:
    """YAML would take the second without a word, and the instructor sees the first."""
    wrong = TEXT.replace("points: 100\n", "points: 100\npoints: 100\n", 1)
    line = wrong.split("\n").index("points: 100") + 2
    with pytest.raises(BadAssignment) as caught:
        parse_assignment(wrong, "a.yaml")
    assert str(caught.value) == f"a.yaml:{line}:1: the key 'points' is there twice"


def test_places_are_found_by_keys_and_indices() -> None:
    """Line and column of a value; of the nearest that is there where a key is missing."""
    text = "a: 1\nb:\n  - {c: 2, d: 3}\n"
    assert position(text, ("b", 0, "d")) == "3:12"
    assert position(text, ("b", 0, "e")) == position(text, ("b", 0)) == "3:5"
    assert position(text, ("b", 7)) == position(text, ("b",)) == "2:1"


def test_points_must_add_up() -> None:
    """A part whose checks do not add up to its points is refused at the part's line."""
    wrong = TEXT.replace("    points: 20\n", "    points: 21\n", 1)
    with pytest.raises(BadAssignment, match=r"parts\[1\]: its checks add up to 20 points, not 21"):
        parse_assignment(wrong, "assignment.yaml")


def test_the_kind_inside_a_check_is_not_part_of_the_path() -> None:
    """A wrong value inside a check is located by the YAML's own keys."""
    wrong = TEXT.replace("samples: 20}", "samples: -1}")
    with pytest.raises(BadAssignment, match=r"parts\[2\]\.checks\[1\]\.samples: "):
        parse_assignment(wrong, "assignment.yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [1, 2", "not valid YAML"),
        ("", "not an assignment: expected a mapping"),
        ("- 1\n- 2\n", "not an assignment: expected a mapping"),
        ("root:x:0:0:root:/root", "expected a mapping with the keys assignment, title,"),
        ("assignment: hw9\n", "title: this key is required"),
    ],
)
def test_what_is_no_assignment_is_refused(text: str, words: str) -> None:
    """Broken YAML, other documents and missing keys give one clear error, no traceback."""
    with pytest.raises(BadAssignment, match=words):
        parse_assignment(text, "a.yaml")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("id: avg_pool/forward,", "id: conv/forward,", ":10: two checks are called 'conv/forward'"),
        ("  - id: layers\n", "  - id: report\n", ":5: two parts are called 'report'"),
        ("points: 100\n", "points: 99\n", ":1: the parts add up to 100 points, not 99"),
        ("kind: own_gradients", "kind: own_gradient", "did you mean 'own_gradients'?"),
        ("kind: own_gradients, ", "", ":9: parts[1].checks[2].kind: this key is required"),
        ("  layers.py:\n", "  ../layers.py:\n", "'../layers.py' is no Python file"),
        (
            "[train, HYPERPARAMETERS]",
            "[train, conv_forward]",
            "conv_forward is expected in 2 files",
        ),
        (
            "imports:\n",
            "imports:\n  provided:\n    tools: |\n      x = 1\n      y = (\n",
            ":3: imports.provided: tools is not Python, line 2: '(' was never closed",
        ),
        (
            "imports:\n",
            "imports:\n  provided: {a.tools: ''}\n",
            "imports.provided: 'a.tools' is no module's name: give it without package and .py",
        ),
    ],
)
def test_what_does_not_fit_together_is_told_where_it_stands(old: str, new: str, told: str) -> None:
    """Equal names, sums, kinds and files that cannot be: one line with place and advice."""
    assert old in TEXT
    with pytest.raises(BadAssignment) as caught:
        parse_assignment(TEXT.replace(old, new, 1), "a.yaml")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_unknown_names_list_the_built_in_ones() -> None:
    """A name that is neither built in nor a file says what there is."""
    with pytest.raises(BadAssignment) as caught:
        load_assignment("hw99")
    assert all(name in (caught.value.hint or "") for name in built_in_assignments())
