"""A golden bundle: what a student's functions are called with, and what they should answer.

Bundles are the border between the solution and the harness. ``reference/golden.py`` writes them;
the harness only reads them. A *public* bundle goes into the student kit; the *hidden* one stays
with the grader and only its inputs ever cross the wall.

A **case** is a little program for the student's module, as data: a list of steps, each a call of
one function. Arguments and results are *value trees*: numbers, strings, None, lists, dicts with
string keys, arrays, and ``Bound("name")`` for something an earlier step bound. What a call returns
is taken apart by a *pattern*: a name binds the value; ``#name`` binds a handle to something that
stays inside the student's process (a cache); a list takes a tuple apart; a dict takes a dict
apart. The bound names that also stand in ``expected`` are compared.

File format: a NumPy ``.npz`` without pickles, holding the arrays and one JSON manifest.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.errors import BadBundle
from grader.fingerprint import Fingerprint

FORMAT = 1
# What the public bundle's inputs are drawn from: everyone may know it.
PUBLIC_SEED = b"goldgrad public"
Array: TypeAlias = NDArray[Any]


# What a damaged file can make zipfile, zlib, json and NumPy's reader raise.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    LookupError,
    ValueError,
    TypeError,
    EOFError,
    RuntimeError,
    OverflowError,
    OSError,
    SyntaxError,
    AttributeError,
)


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
    args: list[ValueTree]
    returns: Pattern


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
    bugs: list[BugAnswer] = field(default_factory=list)
    """Answers of the registered bugs that this case exposes (and only those)."""

    def tolerance_of(self, output: str) -> Tolerance:
        """How far this output may be from its golden value."""
        return self.looser.get(output, self.tolerance)


@dataclass(frozen=True)
class BugNote:
    """What to say about a registered bug."""

    id: str
    message: str
    help: str


ArgumentPath: TypeAlias = tuple[int | str, ...]
"""Where an argument lies in a case: (step, argument, key, ...), e.g. (0, 0, "W1")."""


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
class Problem:
    """All golden cases of one problem of the catalogue."""

    name: str
    title: str
    function: str
    """The student's function that is on trial: the last step's of every case."""
    cases: list[Case]
    derivative: Derivative | None = None

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

    def to_bytes(self) -> bytes:
        """The bundle as a file's content; equal bundles give equal bytes."""
        arrays: dict[str, Array] = {}
        manifest = {
            "format": FORMAT,
            "assignment": self.assignment,
            "visibility": self.visibility,
            "made_by": self.made_by,
            "bugs": [[b.id, b.message, b.help] for b in self.bugs.values()],
            "problems": [_problem_to_json(p, arrays) for p in self.problems.values()],
        }
        text = json.dumps(manifest, separators=(",", ":"), allow_nan=True)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            _add(archive, "manifest.json", text.encode())
            for name, array in arrays.items():
                entry = io.BytesIO()
                # Not ascontiguousarray, which makes a 0-d array (a loss) 1-d.
                contiguous = np.asarray(array, order="C")
                np.lib.format.write_array(entry, contiguous, allow_pickle=False)
                _add(archive, f"{name}.npy", entry.getvalue())
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes, source: str = "bundle") -> Bundle:
        """Read :meth:`to_bytes`'s format.

        Raises:
            BadBundle: not such a file, or of another format version.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                manifest = json.loads(archive.read("manifest.json"))
                if manifest["format"] != FORMAT:
                    raise BadBundle(
                        f"{source} has bundle format {manifest['format']}; this version of "
                        f"goldgrad reads format {FORMAT}",
                        hint="make it anew with `grade golden`",
                    )
                arrays = {
                    name.removesuffix(".npy"): np.lib.format.read_array(
                        io.BytesIO(archive.read(name)), allow_pickle=False
                    )
                    for name in archive.namelist()
                    if name.endswith(".npy")
                }
            return cls(
                assignment=manifest["assignment"],
                visibility=manifest["visibility"],
                made_by=manifest["made_by"],
                problems={p["name"]: _problem_from_json(p, arrays) for p in manifest["problems"]},
                bugs={b[0]: BugNote(*b) for b in manifest["bugs"]},
            )
        except _DAMAGE as error:
            raise BadBundle(
                f"{source} is not a golden bundle ({type(error).__name__}: {error})",
                hint="make it anew with `grade golden`",
            ) from error

    @property
    def sha256(self) -> str:
        """Hash of the content, recorded in every Result."""
        return hashlib.sha256(self.to_bytes()).hexdigest()


def read_bundle(path: Path) -> Bundle:
    """The bundle in a file.

    Raises:
        BadBundle: the file cannot be read or is no bundle.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadBundle(f"cannot read the bundle {path}: {error.strerror}") from error
    return Bundle.from_bytes(content, source=path.name)


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    # A fixed date keeps equal bundles equal byte for byte.
    info = zipfile.ZipInfo(name, date_time=(2024, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, content)


def _problem_to_json(problem: Problem, arrays: dict[str, Array]) -> dict[str, Any]:
    return {
        "name": problem.name,
        "title": problem.title,
        "function": problem.function,
        "derivative": _derivative_to_json(problem.derivative),
        "cases": [_case_to_json(case, arrays) for case in problem.cases],
    }


def _problem_from_json(data: dict[str, Any], arrays: Mapping[str, Array]) -> Problem:
    cases = [_case_from_json(case, arrays) for case in data["cases"]]
    derivative = _derivative_from_json(data["derivative"])
    return Problem(data["name"], data["title"], data["function"], cases, derivative)


def _derivative_to_json(derivative: Derivative | None) -> list[Any] | None:
    if derivative is None:
        return None
    return [derivative.value, derivative.step, dict(derivative.outputs), derivative.upstream]


def _derivative_from_json(data: list[Any] | None) -> Derivative | None:
    if data is None:
        return None
    value, step, outputs, upstream = data
    paths = {name: tuple(path) for name, path in outputs.items()}
    return Derivative(value, step, paths, None if upstream is None else tuple(upstream))


def _case_to_json(case: Case, arrays: dict[str, Array]) -> dict[str, Any]:
    return {
        "id": case.id,
        "category": case.category,
        "tags": sorted(case.tags),
        "steps": [[s.function, _tree_to_json(s.args, arrays), s.returns] for s in case.steps],
        "expected": {k: _tree_to_json(v, arrays) for k, v in case.expected.items()},
        "raises": case.raises,
        "tolerance": [case.tolerance.rtol, case.tolerance.atol],
        "looser": {name: [t.rtol, t.atol] for name, t in case.looser.items()},
        "bugs": [
            [b.bug, {k: f.to_json() for k, f in b.outputs.items()}, b.raises] for b in case.bugs
        ],
    }


def _case_from_json(data: dict[str, Any], arrays: Mapping[str, Array]) -> Case:
    return Case(
        id=data["id"],
        category=data["category"],
        tags=frozenset(data["tags"]),
        steps=[Step(s[0], _tree_from_json(s[1], arrays), s[2]) for s in data["steps"]],
        expected={k: _tree_from_json(v, arrays) for k, v in data["expected"].items()},
        raises=data["raises"],
        tolerance=Tolerance(*data["tolerance"]),
        looser={name: Tolerance(*pair) for name, pair in data["looser"].items()},
        bugs=[
            BugAnswer(bug, {k: Fingerprint.from_json(f) for k, f in outputs.items()}, raises)
            for bug, outputs, raises in data["bugs"]
        ],
    )


def _tree_to_json(tree: Any, arrays: dict[str, Array]) -> Any:
    if isinstance(tree, np.ndarray):
        name = f"a{len(arrays)}"
        arrays[name] = tree
        return {"$array": name}
    if isinstance(tree, Bound):
        return {"$bound": tree.name}
    if isinstance(tree, dict):
        return {key: _tree_to_json(value, arrays) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_tree_to_json(value, arrays) for value in tree]
    return tree


def _tree_from_json(tree: Any, arrays: Mapping[str, Array]) -> Any:
    if isinstance(tree, list):
        return [_tree_from_json(value, arrays) for value in tree]
    if isinstance(tree, dict):
        if tree.keys() == {"$array"}:
            return arrays[tree["$array"]]
        if tree.keys() == {"$bound"}:
            return Bound(tree["$bound"])
        return {key: _tree_from_json(value, arrays) for key, value in tree.items()}
    return tree
