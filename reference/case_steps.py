"""Runs the steps of golden cases on functions in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from grader.bundle import Bound, Pattern, Step
from grader.worker.targets import reached

Functions = Mapping[str, Callable[..., Any]]

_MORE = frozenset({Bound, list, dict})


def run(steps: Iterable[Step], functions: Functions, *, only_read: bool = False) -> dict[str, Any]:
    """Run a case's steps; returns all that the patterns bound, handles included.

    Args:
        steps: what to call with what.
        functions: what they call, by name. A method that stands here itself, as "Net.loss", is
            called with the object before its arguments; others are looked up on the object.
        only_read: no function changes an array, so that objects need no copies of theirs.

    Raises:
        whatever a function raises.
    """
    bound: dict[str, Any] = {}
    for step in steps:
        args = _resolved(step.args, bound)
        function = functions.get(step.function) or reached(functions, step.function)
        if (
            "." in step.function and not only_read
        ):  # an object works on in what it was given, and has given
            _bind(step.returns, _mapped(function(*_mapped(args, _copy)), _copy), bound)
        else:
            _bind(step.returns, function(*args), bound)
    return bound


def extended(steps: Iterable[Step]) -> list[Step]:
    """The same steps on arrays of extended precision (of float64, where there is none)."""

    def widened(leaf: Any) -> Any:
        is_float = isinstance(leaf, np.ndarray) and leaf.dtype == np.float64
        return leaf.astype(np.longdouble) if is_float else leaf

    return [Step(step.function, _mapped(step.args, widened), step.returns) for step in steps]


def _resolved(tree: Any, bound: Mapping[str, Any]) -> Any:
    kind = type(tree)
    if kind is Bound:
        return bound[tree.name]
    # Most leaves are arrays: a call for each of them takes longer than all the rest.
    if kind is list:
        return [_resolved(item, bound) if type(item) in _MORE else item for item in tree]
    if kind is dict:
        return {k: _resolved(v, bound) if type(v) in _MORE else v for k, v in tree.items()}
    return tree


def _mapped(tree: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(tree, list):
        return [_mapped(item, change) for item in tree]
    if isinstance(tree, dict):
        return {key: _mapped(item, change) for key, item in tree.items()}
    return change(tree)


def _copy(leaf: Any) -> Any:
    return leaf.copy() if isinstance(leaf, np.ndarray) else leaf


def _bind(pattern: Pattern, value: Any, bound: dict[str, Any]) -> None:
    if isinstance(pattern, str):
        bound[pattern.removeprefix("#")] = value
        return
    if isinstance(pattern, dict):
        value = [value[key] for key in pattern]
        pattern = list(pattern.values())
    for part, item in zip(pattern, value, strict=True):
        if isinstance(part, str):
            bound[part.removeprefix("#")] = item
        else:
            _bind(part, item, bound)
