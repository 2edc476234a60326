"""A golden bundle: what a student's functions are called with, and what they should answer.

Bundles are the border between the solution and the harness. ``reference/golden.py`` writes them;
the harness only reads them. A *public* bundle goes into the student kit; the *hidden* one stays
with the grader and only its inputs ever cross the wall.

A **case** is a little program for the student's module, as data: a list of steps, each a call of
one function. Arguments and results are *value trees*: numbers, strings, None, lists, dicts with
string keys, arrays, and ``Bound("name")`` for something an earlier step bound. What a call returns
is taken apart by a *pattern*: a name binds the value; ``#name`` binds a handle to something that
stays inside the student's process (a cache); a list takes a tuple apart; a dict takes a dict
apart. The bound names that also stand in ``expected`` are compared. Of an answer whose values may
vary, observations are compared instead (grader/observe.py).

A problem may be understood in several ways that are all right (dropout's p as the probability to
keep or to drop). Each is a problem of its own with a ``setting``; the others stand among the
``alternatives`` of the first.

grader/bundle_file.py keeps bundles in files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

from numpy.typing import NDArray

from grader.fingerprint import Fingerprint
from grader.observe import ROUNDED, Observation, Observed, Source, observe
from grader.pairs import PairTable

# What the public bundle's inputs are drawn from: everyone may know it.
PUBLIC_SEED = b"goldgrad public"
Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True)
class Bound:
    """Stands for what an earlier step of the same case bound to ``name``."""

    name: str


ValueTree: TypeAlias = (
    "bool | int | float | str | Array | Bound | list[ValueTree] | dict[str, ValueTree] | None"
)
Pattern: TypeAlias = "str | list[Pattern] | dict[str, Pattern]"


@dataclass(frozen=True)
class Step:
    """One call: ``pattern = function(*args)``."""

    function: str
    """A function or class, ``Net.loss`` for a method of the object that comes first among the
    arguments, ``Net.params:get`` and ``Net.params:set`` for its attribute; ``:keywords`` says that
    the last argument is a dict of keyword arguments (see grader/worker/targets.py)."""
    args: list[ValueTree]
    returns: Pattern

    @cached_property
    def name(self) -> str:
        """What the function is called in messages."""
        return self.function.partition(":")[0]

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """The names of all ``Bound`` among the arguments."""
        return tuple(bound_names(self.args))


def bound_names(tree: ValueTree) -> Iterator[str]:
    """The names of all ``Bound`` in a value tree."""
    if isinstance(tree, Bound):
        yield tree.name
    elif isinstance(tree, list | dict):
        for item in tree.values() if isinstance(tree, dict) else tree:
            yield from bound_names(item)


ArgumentPath: TypeAlias = tuple[int | str, ...]
"""Where an argument lies in a case: (step, argument, key, ...), e.g. (0, 0, "W1")."""


@dataclass(frozen=True)
class Arrangement:
    """The same values with other axes: reshaped, then transposed."""

    shape: tuple[int, ...]
    axes: tuple[int, ...]


@dataclass(frozen=True)
class Composition:
    """How right code computes a case's answer by calling other functions of the student's.

    A net calls layers; batch norm of images calls that of tables. Made of the student's own
    functions, right or wrong, it is what right code would answer with those
    (grader/composition.py).
    """

    steps: list[Step]
    """Calls of those functions alone; they bind the outputs under their names."""
    arranged: Mapping[str, Arrangement] = field(default_factory=dict)
    """Outputs that are bound in another arrangement than they are answered in."""
    added: Mapping[str, Array] = field(default_factory=dict)
    """What comes to an output from elsewhere: a penalty, and its gradient."""
    depends: Mapping[str, list[ArgumentPath]] = field(default_factory=dict)
    """Output -> the arrays among the steps' arguments that it depends on when all is right."""
    hidden_by: Mapping[str, Mapping[str, list[ArgumentPath]]] = field(default_factory=dict)
    """Bug of a called function -> output -> those of them that it no longer depends on."""


@dataclass(frozen=True)
class Tolerance:
    """|got − want| ≤ atol + rtol·|want|, as in torch.testing.assert_close."""

    rtol: float = 1e-7
    atol: float = 1e-7


@dataclass(frozen=True)
class BugAnswer:
    """What one registered bug answers to one case.

    ``outputs`` holds only the outputs that the bug changes in this case; what is absent is golden.
    Where the case must raise but the bug answers, its answer stands there. ``raises`` is the
    exception that it ends in instead.
    """

    bug: str
    outputs: Mapping[str, Fingerprint] = field(default_factory=dict)
    raises: str | None = None


@dataclass(frozen=True)
class Case:
    """One golden case of a problem."""

    id: str
    """Unique within the problem: "stride2_pad1"."""
    category: str
    """What kind of input it is, in words fit for students: "stride 2, padding 1"."""
    tags: frozenset[str]
    """What an assignment selects cases by: {"l2"}, {"overlap"}."""
    steps: list[Step]
    expected: Mapping[str, Array] = field(default_factory=dict)
    raises: str | None = None
    """The exception the last step must end in ("ValueError"); then ``expected`` is empty."""
    tolerance: Tolerance = Tolerance()
    looser: Mapping[str, Tolerance] = field(default_factory=dict)
    """Outputs with a tolerance of their own."""
    observed: Mapping[str, Observation] = field(default_factory=dict)
    """What is compared of answers whose values may vary; ``expected`` holds it by these names."""
    loose_shapes: frozenset[str] = frozenset()
    """Outputs that may have more axes of length 1 than ``expected``."""
    bugs: list[BugAnswer] = field(default_factory=list)
    """Answers of the registered bugs that this case exposes (and only those)."""
    compositions: list[Composition] = field(default_factory=list)
    """Ways to make the answer of other functions of the student's; none for most problems."""

    @cached_property
    def answer_of(self) -> Mapping[str, BugAnswer]:
        """By bug, what it answers; only those that this case exposes."""
        return {answer.bug: answer for answer in reversed(self.bugs)}

    def tolerance_of(self, output: str) -> Tolerance:
        """How far this output may be from its golden value."""
        observation = self.observed.get(output)
        if observation is not None and not observation.exact:
            return self.looser.get(output, Tolerance(ROUNDED, ROUNDED))
        return self.looser.get(output, self.tolerance)

    def label(self, output: str) -> str:
        """What feedback calls an output: its name, or what an observation is in words."""
        observation = self.observed.get(output)
        return (observation.words if observation else None) or output

    def is_number(self, output: str) -> bool:
        """Whether the output is a single number, which may come in any shape."""
        wanted = self.expected.get(output)
        return wanted is not None and wanted.shape == ()

    def in_shape(self, output: str, value: Array) -> Array:
        """The value in its golden shape, where more axes of length 1 make no difference."""
        wanted = self.expected.get(output)
        if wanted is None or output not in self.loose_shapes or value.ndim <= wanted.ndim:
            return value
        alike = [n for n in value.shape if n != 1] == [n for n in wanted.shape if n != 1]
        return value.reshape(wanted.shape) if alike else value

    def argument(self, path: ArgumentPath) -> Any:
        """The argument that lies at ``path``."""
        tree: Any = self.steps[int(path[0])].args
        for key in path[1:]:
            tree = tree[key]
        return tree

    def observations(self, bound: Mapping[str, Any]) -> dict[str, Observed]:
        """All observations of what the steps bound; those of missing parts are absent."""

        def look(source: Source) -> Any:
            found = bound[source] if isinstance(source, str) else self.argument(source)
            return bound[found.name] if isinstance(found, Bound) else found

        return {
            name: observe(observation, look)
            for name, observation in self.observed.items()
            if all(source in bound for source in observation.names)
        }


@dataclass(frozen=True)
class BugNote:
    """What to say about a registered bug."""

    id: str
    message: str
    help: str


@dataclass(frozen=True)
class Derivative:
    """How a problem's backward results follow from its forward ones, for every case alike.

    ``outputs[name]`` is d s / d argument, where s is the bound value ``value`` itself when it is a
    scalar (a loss), else its inner product with the upstream gradient.
    """

    value: str
    """The bound name of the forward result: "loss", "out"."""
    step: int
    """The step that computes it."""
    outputs: Mapping[str, ArgumentPath]
    """Which argument each gradient belongs to: {"dW1": (0, 0, "W1")}."""
    upstream: ArgumentPath | None = None
    """Where the upstream gradient is passed in; None for a scalar value."""


@dataclass(frozen=True)
class Setting:
    """One way in which a problem can be understood."""

    convention: str
    """What may be understood in several ways: "dropout_p"."""
    value: str
    """Which way this is, as assignments name it: "keep"."""
    words: str
    """The same as a clause: "p is the probability that a unit is kept"."""


@dataclass(frozen=True)
class Problem:
    """All golden cases of one problem of the catalogue."""

    name: str
    title: str
    function: str
    """The student's function that is on trial: the last step's of every case."""
    cases: list[Case]
    derivative: Derivative | None = None
    setting: Setting | None = None
    """How this problem understands what may be understood in several ways."""
    alternatives: list[Problem] = field(default_factory=list)
    """The same problem, understood in the other ways."""
    pairs: PairTable | None = None
    """Two bugs at once, where their answers are not those of the one and the other."""

    @property
    def outputs(self) -> list[str]:
        """All outputs that are compared in some case, in alphabetical order."""
        return sorted({name for case in self.cases for name in case.expected})

    @property
    def same_for_all(self) -> bool:
        """Whether nothing is drawn: functions without arguments are asked the same by any seed."""
        return not any(step.args for case in self.cases for step in case.steps)

    def select(self, tags: Iterable[str] | None) -> list[Case]:
        """The cases that carry one of ``tags``; all cases for None."""
        if tags is None:
            return self.cases
        wanted = set(tags)
        return [case for case in self.cases if case.tags & wanted]


@dataclass(frozen=True)
class Bundle:
    """Golden cases of an assignment's problems."""

    assignment: str
    visibility: Literal["public", "hidden"]
    made_by: str
    problems: Mapping[str, Problem]
    bugs: Mapping[str, BugNote]
