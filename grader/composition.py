"""What a function should answer that is built of other functions of the student's.

A net that calls the student's layers is right when it answers what right code would answer with
these very layers, whatever mistakes they have. A bundle's ``Composition`` says which calls those
are; here is what is done with their answers, on the reference's functions and on a student's alike.

Where layers return constants, any net is "right". So each output has to depend on the inputs on
which it depends with the reference's layers: each input is moved as a whole, in turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np

from grader.bundle import ArgumentPath, Array, Composition, Step, Tolerance

_SEED: Final = 11
_FARTHEST: Final = 1.0
_GRID: Final = 4096
_FELT: Final = 4.0
_SURELY_FELT: Final = 2e-3


def answers(composition: Composition, bound: Mapping[str, Array]) -> dict[str, Array]:
    """The outputs of a composition, of what its steps bound.

    An output is left out whose shape does not allow what is to be done with it.
    """
    found: dict[str, Array] = {}
    for name, value in bound.items():
        arrangement, added = composition.arranged.get(name), composition.added.get(name)
        whole = value
        if arrangement is not None:
            if value.size != np.prod(arrangement.shape):
                continue
            whole = value.reshape(arrangement.shape).transpose(arrangement.axes)
        if added is not None:
            if whole.shape != added.shape:
                continue
            whole = whole + added
        found[name] = whole
    return found


def inputs(composition: Composition) -> Iterator[tuple[ArgumentPath, Array]]:
    """Every array among the steps' arguments, with the path that leads to it."""
    for number, step in enumerate(composition.steps):
        yield from arrays_in(step.args, (number,))


def with_moved(composition: Composition, path: ArgumentPath) -> list[Step] | None:
    """The steps with one array moved: x (1 + u), u in 0..1; labels change places.

    Signs stay as they are, as variances may be among what is moved. None where nothing can be
    moved: a single label.
    """
    number = int(path[0])
    old = composition.steps[number]
    tree: Any = old.args
    for key in path[1:]:
        tree = tree[key]
    moved = _moved(tree)
    if np.array_equal(moved, tree):
        return None
    step = replace(old, args=_with(old.args, path[1:], moved))
    return [*composition.steps[:number], step, *composition.steps[number + 1 :]]


def surely_felt(before: Array, after: Array, tolerance: Tolerance) -> bool:
    """Whether the reference's output has plainly felt that an input was moved.

    By 0.2 % of its largest value, and five times as far as is asked of a student's, which then is
    not near the limit.
    """
    least = _SURELY_FELT * np.abs(before).max(initial=0.0)
    return _farther(before, after, np.maximum(least, 5 * _allowed(before, tolerance)))


def felt(before: Array, after: Array, tolerance: Tolerance) -> bool:
    """Whether a student's output has felt that an input was moved.

    Args:
        before: the output as it was, without what comes to it from elsewhere.
        after: with the input moved.
        tolerance: within which an answer counts as the output. A change that it could hide would
            not prove that anything was computed.
    """
    return _farther(before, after, _allowed(before, tolerance))


def _allowed(before: Array, tolerance: Tolerance) -> Array:
    return np.asarray(_FELT * (tolerance.atol + tolerance.rtol * np.abs(before)))


def _farther(before: Array, after: Array, allowed: Array) -> bool:
    if before.shape != after.shape:
        return True
    if not (np.isfinite(before).all() and np.isfinite(after).all()):
        return False
    return bool((np.abs(after - before) > allowed).any())


def _moved(array: Array) -> Array:
    if array.dtype.kind != "f":
        return np.roll(array, 1)
    share = _FARTHEST * np.random.default_rng(_SEED).uniform(size=array.shape)
    moved = np.where(array == 0, share, array * (1 + share))
    # As inputs are: code shall not see which one was moved.
    rounded = np.round(moved * _GRID) / _GRID
    return np.where(rounded == array, moved, rounded)


def arrays_in(tree: Any, path: ArgumentPath = ()) -> Iterator[tuple[ArgumentPath, Array]]:
    """Every array of a value tree, with the keys that lead to it."""
    if isinstance(tree, np.ndarray):
        yield path, tree
    elif isinstance(tree, list | dict):
        for key, item in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from arrays_in(item, (*path, key))


def _with(tree: Any, path: ArgumentPath, value: Array) -> Any:
    """A copy of a value tree with the leaf at ``path`` replaced."""
    if not path:
        return value
    copy: Any = dict(tree) if isinstance(tree, dict) else list(tree)
    copy[path[0]] = _with(copy[path[0]], path[1:], value)
    return copy
