"""The figures of the training that are plotted, or shown as a table: losses and accuracies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard

from grader.brief import accuracy_check, checks_of
from grader.result import Result

_SAMPLES = 6


@dataclass(frozen=True)
class Losses:
    """The losses that the student's ``train`` returned; never empty, all finite."""

    epochs: tuple[float, ...]
    """Ascending, from 1; of a long training not every one."""
    losses: tuple[float, ...]

    def samples(self) -> list[tuple[float, float]]:
        """A few (epoch, loss) for a table, first and last among them."""
        pairs = list(zip(self.epochs, self.losses, strict=True))
        if len(pairs) <= _SAMPLES:
            return pairs
        step = (len(pairs) - 1) / (_SAMPLES - 1)
        return [pairs[round(step * index)] for index in range(_SAMPLES)]


@dataclass(frozen=True)
class Accuracies:
    """How well the trained network did on lines it had not seen; all in [0, 1]."""

    marked: float
    low: float
    high: float
    """The interval that the number of test lines leaves open."""
    runs: tuple[float, ...]
    """On the published task, and on the same in disguise."""
    fresh: float | None
    """On a task of its own."""


def losses_of(result: Result) -> Losses | None:
    """The loss curve; None where there is none to show."""
    for check in checks_of(result):
        epochs, losses = check.measured.get("history_epochs"), check.measured.get("history")
        if not _are_numbers(epochs) or not _are_numbers(losses) or len(epochs) != len(losses):
            continue
        if all(map(math.isfinite, [*epochs, *losses])):
            return Losses(tuple(epochs), tuple(losses))
    return None


def accuracies_of(result: Result) -> Accuracies | None:
    """The accuracies; None where training was not measured."""
    check = accuracy_check(result)
    if check is None:
        return None
    marked, interval = check.measured["accuracy"], check.measured["interval"]
    runs, fresh = check.measured.get("runs"), check.measured.get("fresh_task")
    if not isinstance(marked, float | int) or not _are_numbers(interval) or len(interval) != 2:
        return None
    low, high = interval
    return Accuracies(
        *(marked, low, high, tuple(runs) if _are_numbers(runs) else ()),
        fresh if isinstance(fresh, float | int) else None,
    )


def _are_numbers(value: object) -> TypeGuard[Sequence[float]]:
    return isinstance(value, list) and bool(value)
