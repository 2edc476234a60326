"""Problems with several right answers: conventions, observations, names and loose shapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader.assignment import Assignment
from grader.assignment_file import parse_assignment
from grader.bundle import (
    Bound,
    BugAnswer,
    BugNote,
    Bundle,
    Case,
    Composition,
    Derivative,
    Problem,
    Setting,
    Step,
)
from grader.errors import BadAssignment
from grader.fingerprint import Fingerprint
from grader.fitting import fitted, student_name
from grader.grading import grade
from grader.marking import Marking
from grader.observe import Observation
from grader.pairs import PairTable, rows_of
from grader.result import CheckResult, Result, Status
from grader.sandbox import ForkServer

RULES = """\
assignment: small
title: small
points: 10
files: {layers.py: [scale, drop, norm, norm_back]}
imports: {allow: [numpy]}
EXTRA
parts:
  - id: all
    title: all
    points: 10
    checks:
      - {id: scale, title: scale, points: 4, kind: values, problem: scale}
      - {id: own, title: own, points: 2, kind: own_gradients, problem: scale}
      - {id: drop, title: drop, points: 2, kind: values, problem: drop}
      - {id: norm, title: norm, points: 2, kind: values, problem: norm}
"""
X = np.random.RandomState(1).uniform(1, 2, (100, 100))
RIGHT_DROP = "def drop(x, p):\n    return x * (np.random.rand(*x.shape) < p) / p\n"
KEEP = "def scale(x, p):\n    return p * np.sum(x ** 2), 2 * p * x\n"
OTHER = KEEP.replace("p *", "(1 - p) *")
WRONG = "def scale(x, p):\n    return p * np.sum(x ** 2), -2 * p * x\n"

Marked = Callable[..., dict[str, CheckResult]]


def scale(keep: bool) -> Problem:
    """S = p Σ x² (keep) or (1 − p) Σ x² (drop), and its gradient."""
    cases = []
    for name, p in (("one", 0.25), ("two", 0.875)):
        x, q = np.arange(1.0, 4.0), p if keep else 1 - p
        expected = {"s": np.asarray(q * np.sum(x**2)), "dx": 2 * q * x}
        cases.append(
            Case(
                name,
                name,
                frozenset(),
                [Step("scale", [x, p], ["s", "dx"])],
                expected,
                loose_shapes=frozenset({"dx"}),
            )
        )
    words = f"p is the probability that a unit is {'kept' if keep else 'dropped'}"
    setting = Setting("p", "keep" if keep else "drop", words)
    derivative = Derivative("s", 0, {"dx": (0, 0)})
    name = "scale" if keep else "scale:drop"
    return Problem(name, "scale", "scale", cases, derivative, setting)


def norm(flat: bool) -> Problem:
    """A forward and a backward pass whose gamma may have either of two shapes."""
    gamma = np.array([2.0, 3.0]) if flat else np.array([[2.0], [3.0]])
    x = np.arange(1.0, 7.0).reshape(2, 3)
    steps = [
        Step("norm", [x, gamma], ["out", "#cache"]),
        Step("norm_back", [x, Bound("cache")], "dgamma"),
    ]
    expected = {"dgamma": np.sum(x * x, axis=1).reshape(gamma.shape)}
    case = Case("one", "one", frozenset(), steps, expected)
    setting = Setting("gamma", "flat" if flat else "column", "gamma is flat or a column")
    return Problem("norm:flat" if flat else "norm", "norm", "norm_back", [case], None, setting)


def drop() -> Problem:
    """Inverted dropout that draws for itself, p kept."""
    observed = {
        "scales": Observation("kept_scales", ("out", (0, 0)), "the factor of kept units"),
        "share": Observation("kept_share", ("out",), "the share of kept units"),
    }
    expected = {"scales": np.array([0, 1.25]), "share": np.array(0.8)}
    steps = [Step("drop", [X, 0.8], "out")]
    case = Case("one", "p = 0.8", frozenset(), steps, expected, observed=observed)
    return Problem("drop", "drop", "drop", [case])


def bundle() -> Bundle:
    """Both problems."""
    first = scale(keep=True)
    first.alternatives.append(scale(keep=False))
    shapes = norm(flat=False)
    shapes.alternatives.append(norm(flat=True))
    problems = {"scale": first, "drop": drop(), "norm": shapes}
    return Bundle("small", "hidden", "test", problems, {})


def rules(extra: str = "") -> Assignment:
    """The assignment with these lines in it."""
    return parse_assignment(RULES.replace("EXTRA\n", extra), "small.yaml")


@pytest.fixture
def result_of(tmp_path: Path, server: ForkServer) -> Callable[..., Result]:
    """Marks these functions under an assignment with these lines."""

    def mark(code: str, extra: str = "") -> Result:
        (tmp_path / "layers.py").write_text(f"import numpy as np\n\n{code}\n")
        assignment = rules(extra)
        marking = Marking(assignment, fitted(bundle(), assignment), None, None, b"")
        return grade(tmp_path, marking, server=server)

    return mark


@pytest.fixture
def marked(result_of: Callable[..., Result]) -> Marked:
    """Marks these functions under an assignment with these lines; the results by check."""

    def mark(code: str, extra: str = "") -> dict[str, CheckResult]:
        return _checks(result_of(code, extra))

    return mark


def _checks(result: Result) -> dict[str, CheckResult]:
    return {check.id: check for part in result.parts for check in part.checks}


def test_any_convention_is_right_and_is_told(result_of):
    """Where an assignment leaves it open, the other way earns all and is mentioned once."""
    result = result_of(OTHER + RIGHT_DROP, "conventions: {p: any}\n")
    found = _checks(result)
    assert [found[name].earned for name in ("scale", "own", "drop")] == [4, 2, 2]
    words = "p is the probability that a unit is dropped"
    assert result.notes == [f"scale: marked as your code has it: {words} (nothing deducted)"]


def test_what_builds_on_a_function_of_another_convention_does_not_wait(marked):
    """A forward pass that raises on the usual inputs is tried on the other ones, too.

    Where it raises on all, that is said here, as no check is about the forward pass itself.
    """
    code = (
        "def norm(x, gamma):\n    if gamma.ndim != 1: raise ValueError\n"
        "    return x * gamma[:, None], x\n\n"
        "def norm_back(d, x):\n    return np.sum(d * x, axis=1)\n"
    )
    assert marked(code, "conventions: {gamma: any}\n")["norm"].earned == 2
    assert marked(code)["norm"].earned == 0
    broken = code.replace("gamma.ndim != 1", "True")
    check = marked(broken, "conventions: {gamma: any}\n")["norm"]
    assert (check.status, check.findings[0].what) == (Status.FAIL, "norm raised ValueError")


def test_another_convention_than_the_assignment_s_is_named(marked):
    """Where it is fixed, being right in the other way costs the values, and is said."""
    found = marked(OTHER + RIGHT_DROP)
    assert (found["scale"].earned, found["own"].earned) == (0, 2)
    bug = found["scale"].findings[0].bug
    assert bug is not None
    assert bug.id == "convention/p"
    assert bug.message == (
        "in your code p is the probability that a unit is dropped; "
        "in this assignment p is the probability that a unit is kept"
    )
    found = marked(KEEP + RIGHT_DROP, "conventions: {p: drop}\n")
    assert found["scale"].earned == 0
    assert found["scale"].findings[0].bug is not None
    assert marked(OTHER + RIGHT_DROP, "conventions: {p: drop}\n")["scale"].earned == 4


def test_two_mistakes_together_tell_which_convention_is_meant(tmp_path, server):
    """No case is right in any way: that they explain everything in one says that it is meant."""
    x = np.arange(1.0, 4.0)
    other, rows = scale(keep=False), []
    for case in other.cases:
        s, dx = case.expected["s"], case.expected["dx"]
        for name, answer in {"tripled": (3 * s, 3 * dx), "lifted": (s + 1, dx + x)}.items():
            seen = dict(zip(("s", "dx"), map(Fingerprint.of, answer), strict=True))
            case.bugs.append(BugAnswer(name, seen))
        rows.append(rows_of([{"dx": 3 * dx + x, "s": 3 * s + 1}], ["dx", "s"]))
    pairs = PairTable((("tripled", "lifted"),), ("one", "two"), np.stack(rows, 1, dtype="f4"))
    first = replace(scale(keep=True), alternatives=[replace(other, pairs=pairs)])
    notes = {name: BugNote(name, name, "a hint") for name in ("tripled", "lifted")}
    golden = replace(bundle(), problems={**bundle().problems, "scale": first}, bugs=notes)
    assignment = rules("conventions: {p: any}\n")
    code = "def scale(x, p):\n    q = 3 * (1 - p)\n    return q * (x @ x) + 1, 2 * q * x + x\n"
    (tmp_path / "layers.py").write_text(code)
    result = grade(tmp_path, Marking(assignment, golden, None, None, b""), server=server)
    named = [finding.bug.id for finding in _checks(result)["scale"].findings if finding.bug]
    assert named == ["tripled", "lifted"]


@pytest.mark.parametrize("extra", ["", "conventions: {p: any}\n"])
def test_a_mistake_is_not_taken_for_a_convention(marked, extra):
    """What is right in no way is marked in the assignment's own."""
    found = marked(WRONG + RIGHT_DROP, extra)
    assert found["scale"].earned == 0
    assert found["scale"].findings[0].bug is None
    assert "opposite sign" in found["scale"].findings[0].what
    assert found["scale"].notes == ["only dx is wrong; s is right"]
    assert found["own"].earned == 0


def test_more_axes_of_length_one_are_accepted_where_they_may_be(marked):
    """A gradient of shape (1, 3) for a parameter (3,) loses nothing."""
    found = marked(KEEP.replace("2 * p * x", "2 * p * x[None]") + RIGHT_DROP)
    assert (found["scale"].earned, found["own"].earned) == (4, 2)


@pytest.mark.parametrize(
    ("body", "what", "numbers"),
    [
        ("x * (np.random.rand(*x.shape) < p)", "the factor of kept units is not", "got 0, 1, want"),
        ("x * (np.random.rand(*x.shape) > p) / p", "the share of kept units is not", "got 0.2, "),
        ("x * np.random.rand(*x.shape)", "the factor of kept units is not", "got many, want"),
        ("x[:, 0]", "cannot be seen: out has another shape than its input", None),
        ("None", "cannot be seen: out is no array of numbers", None),
        ("np.full((2000, 2000), 1e308)", "cannot be seen: out has far too many values", None),
    ],
)
def test_what_is_observed_is_compared(marked, body, what, numbers):
    """A function that draws for itself is judged by what must be so whatever it draws."""
    finding = marked(KEEP + f"def drop(x, p):\n    return {body}\n")["drop"].findings[0]
    assert what in finding.what
    assert finding.help is None
    assert numbers is None or numbers in (finding.numbers or "")


def test_functions_are_looked_for_and_told_by_the_students_names(marked):
    """An assignment's own name of a function is the only one that a student meets."""
    extra = "names: {scale: scale_naive}\n"
    found = marked(KEEP.replace("def scale", "def scale_naive") + RIGHT_DROP, extra)
    assert found["scale"].earned == 4
    missing = marked(KEEP + RIGHT_DROP, extra)["scale"]
    assert "scale_naive" in missing.findings[0].what


def test_what_an_answer_is_made_of_is_called_by_the_students_names():
    """Layers that a net may call have the assignment's names, too."""
    made = bundle()
    case = made.problems["scale"].cases[0]
    case.compositions.append(Composition([Step("drop", [X, 0.5], "s")]))
    found = fitted(made, rules("names: {drop: dropout}\n")).problems["scale"].cases[0]
    assert found.compositions[0].steps[0].function == "dropout"


def test_a_class_takes_its_methods_with_it():
    """Methods may be renamed alone or with their class."""
    names = {"Net": "TwoLayerNet", "Net.loss": "TwoLayerNet.objective", "f": "g"}
    assert student_name("f", names) == "g"
    assert student_name("Net", names) == "TwoLayerNet"
    assert student_name("Net.loss", names) == "TwoLayerNet.objective"
    assert student_name("Net.params:set", names) == "TwoLayerNet.params:set"
    assert student_name("h:keywords", names) == "h:keywords"


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ("conventions: {q: any}\n", "the convention 'q'; there is: p, gamma"),
        ("conventions: {p: kept}\n", "p has no value 'kept'; did you mean 'keep'?"),
        ("names: {scales: s}\n", "calls a function 'scales'; did you mean 'scale'?"),
    ],
)
def test_what_does_not_fit_is_named_with_its_line(tmp_path, extra, message):
    """A misspelt convention, value or function is an error that leads to its line."""
    path = tmp_path / "small.yaml"
    path.write_text(RULES.replace("EXTRA\n", extra))
    with pytest.raises(BadAssignment) as caught:
        fitted(bundle(), rules(extra), path)
    assert str(caught.value).startswith("small.yaml:6:")
    assert message in str(caught.value)


@pytest.mark.parametrize("names", ["{a: c, b: c}", "{a: b, b: c}"])
def test_names_are_one_to_one(names):
    """Two functions of one name, or a name that is renamed again, are refused."""
    with pytest.raises(BadAssignment, match="names"):
        rules(f"names: {names}\n")


@pytest.mark.parametrize("extra", ["", "conventions: {p: drop}\nnames: {scale: s, drop: t}\n"])
def test_to_fit_twice_changes_nothing(extra):
    """Bundles travel fitted, too."""
    once = fitted(bundle(), rules(extra))
    twice = fitted(once, rules(extra))
    for name, problem in once.problems.items():
        again = twice.problems[name]
        assert (problem.function, problem.setting) == (again.function, again.setting)
        assert [o.name for o in problem.alternatives] == [o.name for o in again.alternatives]
