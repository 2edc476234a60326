"""Golden bundles as JSON that refers to arrays: what stands in a bundle's file, and is read back.

Trees of values keep their shape; an array stands as ``{"$array": name}``, a bound name as
``{"$bound": name}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.bundle import (
    ArgumentPath,
    Arrangement,
    Array,
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
    Tolerance,
)
from grader.fingerprint import Fingerprint
from grader.observe import Observation
from grader.pairs import PairTable


class _Arrays(dict[str, Array]):
    """Arrays by name; equal ones once, as inputs in several settings of a convention are."""

    def __init__(self) -> None:
        super().__init__()
        self._names: dict[tuple[str, tuple[int, ...], bytes], str] = {}

    def name_of(self, array: Array) -> str:
        """The array's name, under which it stands here from now on."""
        what = (array.dtype.str, array.shape, array.tobytes())
        name = self._names.setdefault(what, f"a{len(self)}")
        self.setdefault(name, array)
        return name


def bundle_to_manifest(bundle: Bundle) -> tuple[dict[str, Any], dict[str, Array]]:
    """The bundle as JSON data, and the arrays that these refer to by name."""
    arrays = _Arrays()
    manifest = {
        "assignment": bundle.assignment,
        "visibility": bundle.visibility,
        "made_by": bundle.made_by,
        "bugs": [[b.id, b.message, b.help] for b in bundle.bugs.values()],
        "problems": [_problem_to_json(p, arrays) for p in bundle.problems.values()],
    }
    return manifest, arrays


def bundle_from_manifest(manifest: Mapping[str, Any], arrays: Mapping[str, Array]) -> Bundle:
    """The bundle of :func:`bundle_to_manifest`.

    Raises:
        LookupError, ValueError, TypeError, AttributeError: the data are not a bundle's.
    """
    return Bundle(
        assignment=manifest["assignment"],
        visibility=manifest["visibility"],
        made_by=manifest["made_by"],
        problems={p["name"]: _problem_from_json(p, arrays) for p in manifest["problems"]},
        bugs={b[0]: BugNote(*b) for b in manifest["bugs"]},
    )


def _problem_to_json(problem: Problem, arrays: _Arrays) -> dict[str, Any]:
    return {
        "name": problem.name,
        "title": problem.title,
        "function": problem.function,
        "derivative": _derivative_to_json(problem.derivative),
        "setting": problem.setting
        and [problem.setting.convention, problem.setting.value, problem.setting.words],
        "cases": [_case_to_json(case, arrays) for case in problem.cases],
        "alternatives": [_problem_to_json(p, arrays) for p in problem.alternatives],
        "pairs": problem.pairs and _pairs_to_json(problem.pairs, arrays),
    }


def _pairs_to_json(pairs: PairTable, arrays: _Arrays) -> list[Any]:
    names = sorted({bug for pair in pairs.bugs for bug in pair})
    number = {name: i for i, name in enumerate(names)}
    indices = np.array([[number[bug] for bug in pair] for pair in pairs.bugs], dtype=np.int16)
    return [names, _tree_to_json(indices, arrays), pairs.cases, _tree_to_json(pairs.rows, arrays)]


def _pairs_from_json(data: list[Any] | None, arrays: Mapping[str, Array]) -> PairTable | None:
    if data is None:
        return None
    names, indices, cases, rows = (_tree_from_json(part, arrays) for part in data)
    pairs = tuple((names[one], names[other]) for one, other in indices.tolist())
    return PairTable(pairs, tuple(cases), rows)


def _problem_from_json(data: dict[str, Any], arrays: Mapping[str, Array]) -> Problem:
    cases = [_case_from_json(case, arrays) for case in data["cases"]]
    derivative = _derivative_from_json(data["derivative"])
    setting = data["setting"] and Setting(*data["setting"])
    alternatives = [_problem_from_json(p, arrays) for p in data["alternatives"]]
    return Problem(
        data["name"],
        data["title"],
        data["function"],
        cases,
        derivative,
        setting,
        alternatives,
        _pairs_from_json(data["pairs"], arrays),
    )


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


def _case_to_json(case: Case, arrays: _Arrays) -> dict[str, Any]:
    return {
        "id": case.id,
        "category": case.category,
        "tags": sorted(case.tags),
        "steps": _steps_to_json(case.steps, arrays),
        "expected": {k: _tree_to_json(v, arrays) for k, v in case.expected.items()},
        "raises": case.raises,
        "tolerance": [case.tolerance.rtol, case.tolerance.atol],
        "looser": {name: [t.rtol, t.atol] for name, t in case.looser.items()},
        "observed": {name: [o.kind, o.of, o.words] for name, o in case.observed.items()},
        "loose_shapes": sorted(case.loose_shapes),
        "bugs": [
            [b.bug, {k: f.to_json() for k, f in b.outputs.items()}, b.raises] for b in case.bugs
        ],
        # Most cases have none, and bundles were made before there were any.
        **({"compositions": found} if (found := _compositions_to_json(case, arrays)) else {}),
    }


def _case_from_json(data: dict[str, Any], arrays: Mapping[str, Array]) -> Case:
    return Case(
        id=data["id"],
        category=data["category"],
        tags=frozenset(data["tags"]),
        steps=_steps_from_json(data["steps"], arrays),
        expected={k: _tree_from_json(v, arrays) for k, v in data["expected"].items()},
        raises=data["raises"],
        tolerance=Tolerance(*data["tolerance"]),
        looser={name: Tolerance(*pair) for name, pair in data["looser"].items()},
        observed={
            name: Observation(
                kind, tuple(tuple(s) if isinstance(s, list) else s for s in of), words
            )
            for name, (kind, of, words) in data["observed"].items()
        },
        loose_shapes=frozenset(data["loose_shapes"]),
        bugs=[
            BugAnswer(bug, {k: Fingerprint.from_json(f) for k, f in outputs.items()}, raises)
            for bug, outputs, raises in data["bugs"]
        ],
        compositions=[_composition(part, arrays) for part in data.get("compositions", [])],
    )


def _compositions_to_json(case: Case, arrays: _Arrays) -> list[list[Any]]:
    return [
        [
            _steps_to_json(composition.steps, arrays),
            {name: [a.shape, a.axes] for name, a in composition.arranged.items()},
            {name: _tree_to_json(array, arrays) for name, array in composition.added.items()},
            composition.depends,
            composition.hidden_by,
        ]
        for composition in case.compositions
    ]


def _composition(data: list[Any], arrays: Mapping[str, Array]) -> Composition:
    steps, arranged, added, depends, hidden_by = data
    return Composition(
        _steps_from_json(steps, arrays),
        {name: Arrangement(tuple(shape), tuple(axes)) for name, (shape, axes) in arranged.items()},
        {name: _tree_from_json(array, arrays) for name, array in added.items()},
        _paths(depends),
        {bug: _paths(lost) for bug, lost in hidden_by.items()},
    )


def _paths(data: Mapping[str, list[Any]]) -> dict[str, list[ArgumentPath]]:
    return {name: [tuple(path) for path in paths] for name, paths in data.items()}


def _steps_to_json(steps: list[Step], arrays: _Arrays) -> list[list[Any]]:
    return [[s.function, _tree_to_json(s.args, arrays), s.returns] for s in steps]


def _steps_from_json(data: list[Any], arrays: Mapping[str, Array]) -> list[Step]:
    return [Step(s[0], _tree_from_json(s[1], arrays), s[2]) for s in data]


def _tree_to_json(tree: Any, arrays: _Arrays) -> Any:
    if isinstance(tree, np.ndarray):
        return {"$array": arrays.name_of(tree)}
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
