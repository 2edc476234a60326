"""Classes and methods of a submission, through the wall."""

from __future__ import annotations

import numpy as np
import pytest

from grader.bundle import Bound, Case, Step
from grader.checks.advance import run_in_advance
from grader.checks.case_run import CaseRun, run_case
from grader.student import Student
from grader.student.errors import NotDefined, NotWritten, Raised
from grader.worker.calls import WHOLE
from grader.worker.targets import Target, reached
from grader.worker.wire import Handle
from reference.golden import run
from tests.grader.student.conftest import Submit

_NET = """
import numpy as np

class Base:
    def __init__(self, inputs, outputs, scale=1.0):
        self.params = {"W": scale * np.ones((inputs, outputs)), "b": np.zeros(outputs)}
        self._hidden = 7
        self.wide = 3

    def scores(self, X, factor=1.0):
        return factor * (X @ self.params["W"] + self.params["b"])

    def later(self):
        raise NotImplementedError

    def grow(self, X):
        X += 1
        self.params["b"] += X.sum()
        return self.params["b"]

def tally(x, param):
    param["sum"] = param.get("sum", 0.0) + x.sum()

class Net(Base):
    def loss(self, X, y=None):
        scores = self.scores(X)
        if y is None:
            return scores
        return float(np.sum(scores[np.arange(len(y)), y])), {"b": np.ones(2)}
"""
_X = np.arange(6.0).reshape(3, 2)


def _case(*steps: Step) -> Case:
    return Case("case", "plain", frozenset(), list(steps))


def _both_ways(student: Student, *steps: Step) -> CaseRun:
    """The case's run, the same in advance and step by step."""
    case = _case(*steps)
    (known,) = run_in_advance(student, [case])
    assert len(known) == len(steps)
    quick, slow = run_case(student, case, known), run_case(student, case)
    np.testing.assert_equal(_values(quick), _values(slow))
    return quick


def _values(done: CaseRun) -> dict[str, object]:
    """All that is bound but handles, which are others each time."""
    return {name: v for name, v in done.bound.items() if not isinstance(v, Handle)}


@pytest.fixture
def net(submit: Submit) -> Student:
    return submit(net=_NET)


_MAKE = Step("Net", [2, 2], "#net")
_PARAMS = {"W": np.array([[1.0, 2.0], [3.0, 4.0]])}
_CASES: dict[str, tuple[list[Step], str, object]] = {
    "a method": (
        [_MAKE, Step("Net.loss", [Bound("net"), _X], "out")],
        "out",
        [[1, 1], [5, 5], [9, 9]],
    ),
    "what a method returns is taken apart": (
        [_MAKE, Step("Net.loss", [Bound("net"), _X, np.array([0, 1, 1])], ["loss", {"b": "db"}])],
        "db",
        [1, 1],
    ),
    "an inherited method after entries of a dict were set, and the others kept": (
        [
            _MAKE,
            Step("Net.params:set", [Bound("net"), _PARAMS], "_"),
            Step("Net.scores", [Bound("net"), _X], "out"),
        ],
        "out",
        [[3, 4], [11, 16], [19, 28]],
    ),
    "an attribute": (
        [
            _MAKE,
            Step("Net.wide:set", [Bound("net"), 5], "_"),
            Step("Net.wide:get", [Bound("net")], "wide"),
        ],
        "wide",
        5,
    ),
    "entries of an attribute": (
        [_MAKE, Step("Net.params:get", [Bound("net")], {"b": "b"})],
        "b",
        [0, 0],
    ),
    "keyword arguments": (
        [
            Step("Net:keywords", [2, 2, {"scale": 2.0}], "#net"),
            Step("Net.scores:keywords", [Bound("net"), _X, {"factor": 10.0}], "out"),
        ],
        "out",
        [[20, 20], [100, 100], [180, 180]],
    ),
    "the keyword arguments that are known": (
        [
            Step("Net:known", [2, 2, {"scale": 2.0, "normalization": None}], "#net"),
            Step("Net.scores", [Bound("net"), _X], "out"),
        ],
        "out",
        [[2, 2], [10, 10], [18, 18]],
    ),
    "a dict that is held, changed twice, and looked into": (
        [
            Step("tally:value", [{"sum": 1.0}], "#net"),
            Step("tally", [_X, Bound("net")], "_"),
            Step("tally", [_X, Bound("net")], "_"),
            Step("tally:value", [Bound("net"), ["sum", "none"]], {"sum": "sum"}),
        ],
        "sum",
        31.0,
    ),
}


@pytest.mark.parametrize("name", _CASES)
def test_student_and_reference_do_the_same(net: Student, name: str) -> None:
    """Every form of a step works across the wall, and alike on the reference's own classes."""
    steps, output, wanted = _CASES[name]
    names: dict[str, object] = {}
    exec(_NET, names)
    done = _both_ways(net, *steps)
    np.testing.assert_array_equal(done.bound[output], wanted)
    np.testing.assert_array_equal(run(steps, names)[output], wanted)  # type: ignore[arg-type]


def test_the_reference_works_on_copies() -> None:
    """An object that changes what it was given changes no case, and no answer given before."""
    names: dict[str, object] = {}
    exec(_NET, names)
    given, start = np.ones((1, 2)), np.zeros(2)
    steps = [
        _MAKE,
        Step("Net.params:set", [Bound("net"), {"b": start}], "_"),
        Step("Net.grow", [Bound("net"), given], "first"),
        Step("Net.grow", [Bound("net"), given], "second"),
    ]
    bound = run(steps, names)  # type: ignore[arg-type]
    np.testing.assert_array_equal(bound["first"], [4, 4])
    np.testing.assert_array_equal(bound["second"], [8, 8])
    assert start.sum() == 0
    assert given.sum() == 2


def test_changed_arguments_are_counted_as_the_caller_counts_them(net: Student) -> None:
    """The object itself is no argument: X is the first."""
    done = _both_ways(net, _MAKE, Step("Net.grow", [Bound("net"), _X], "b"))
    assert done.modified == ("Net.grow changes its argument 1",)


@pytest.mark.parametrize(
    ("function", "kind", "message"),
    [
        ("Net.train", NotDefined, "Net has no train"),
        ("Net.wide", NotDefined, "Net has no wide"),  # an attribute is no method
        ("Other.loss", NotDefined, "no file defines Other"),
        ("Base.later", NotWritten, "Base.later is not written yet"),
        ("Net.scores", Raised, "Net.scores raised TypeError"),
    ],
)
def test_errors_name_the_method(
    net: Student, function: str, kind: type[Exception], message: str
) -> None:
    """What is missing, unwritten or fails is named in dotted form, and the object lives on."""
    held = net.call("Net", 2, 2, keep=[WHOLE]).value
    with pytest.raises(kind, match=message):
        net.call(function, held)
    assert net.call("Net.wide:get", held).value == 3


def test_a_place_is_the_methods(net: Student) -> None:
    """Feedback points at the line of the method, not of the class."""
    held = net.call("Net", 2, 2, keep=[WHOLE]).value
    place = net.call("Net.loss", held, _X).place
    assert place is not None
    assert (place.function, place.line) == (
        "Net.loss",
        _NET.splitlines().index("    def loss(self, X, y=None):") + 1,
    )


@pytest.mark.parametrize(
    "function",
    [
        "Net.__class__:get",
        "Net.__init__",
        "Net._hidden:get",
        "Net.params.W",
        "Net.a:delete",
        "Net:get",
        "Net.",
        "Net params",
    ],
)
def test_what_is_private_is_out_of_reach(function: str) -> None:
    """Neither side takes a name with an underscore in front, or a longer path."""
    with pytest.raises(ValueError, match="names no"):
        Target.of(function)
    with pytest.raises(ValueError, match="names no"):
        reached({"Net": object}, function) if set(function) & set(".:") else Target.of(function)


def test_what_an_object_holds_is_not_trusted_in_size(submit: Submit) -> None:
    """A huge attribute is refused like any huge answer, and is not the grader's burden."""
    huge = submit(
        net="import numpy as np\nclass Net:\n    wide = np.broadcast_to(0.0, (1 << 40,))\n"
    )
    held = huge.call("Net", keep=[WHOLE]).value
    with pytest.raises(Exception, match="too large"):
        huge.call("Net.wide:get", held)


def test_what_is_set_must_be_there(net: Student) -> None:
    """A net that calls its parameters otherwise would compute with its own, and seem wrong."""
    held = net.call("Net", 2, 2, keep=[WHOLE]).value
    with pytest.raises(NotDefined, match=r"^Net has no weights$"):
        net.call("Net.weights:set", held, {"W": 1})
