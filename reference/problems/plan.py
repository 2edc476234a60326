"""How golden cases come from a seed.

Every case draws from a stream of its own, made from the seed, the problem's name and the case's:
another seed gives other numbers in the same shapes, and a new case leaves the others as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Arrangement, Derivative, Setting, Step, Tolerance
from grader.observe import Observation
from reference.bugs.sheet import Formulas

Draw: TypeAlias = np.random.RandomState
Steps: TypeAlias = Callable[[Draw], list[Step]]


@dataclass(frozen=True)
class CasePlan:
    """One case: fixed shapes, and numbers from a stream."""

    id: str
    category: str
    """What kind of input it is, in words fit for students."""
    tags: frozenset[str]
    steps: Steps
    raises: str | None = None
    observed: Mapping[str, Observation] = field(default_factory=dict)
    """What is compared of answers whose values may vary (see grader/observe.py), by a name that no
    step binds."""


@dataclass(frozen=True)
class Recipe:
    """A case's answer, made by other functions of the students' (grader/composition.py)."""

    steps: list[Step]
    arranged: Mapping[str, Arrangement] = field(default_factory=dict)
    seldom: frozenset[str] = frozenset()
    """Functions of these that are seldom called in this way, since the course hands out quicker
    ones: what their bugs hide is not looked for, which takes long."""


Compose: TypeAlias = Callable[[list[Step]], Recipe | None]
"""From a case's own steps; None where the case is not made in this way."""


@dataclass(frozen=True)
class ProblemPlan:
    """One problem of the catalogue."""

    name: str
    title: str
    function: str
    """The students' function on trial: the last step's of every case."""
    outputs: tuple[str, ...]
    """The bound names that are compared, in the cases that bind them."""
    cases: tuple[CasePlan, ...]
    derivative: Derivative | None = None
    looser: Mapping[str, Tolerance] = field(default_factory=dict)
    """Outputs in which a harmless habit moves more than rounding does."""
    loose_shapes: frozenset[str] = frozenset()
    """Outputs that may have more axes of length 1: dgamma as (1, D) for (D,)."""
    setting: Setting | None = None
    """How this plan understands what may be understood in several ways."""
    changes: Formulas = field(default_factory=dict)
    """The formulas of the function's family that are other ones in this setting."""
    compositions: tuple[Compose, ...] = ()
    """The ways in which right code may build the function of others that students write."""
    penalised: frozenset[str] = frozenset()
    """Outputs to which something comes that no function of a composition computes."""
    alternatives: tuple[ProblemPlan, ...] = ()
    """The other ways in which a solution is right as well: complete plans, of the same function
    and convention; inputs that do not differ are drawn alike for equal ids of cases."""


def gaussian(draw: Draw, *shape: int, scale: float = 1.0) -> NDArray[np.float64]:
    """Normal numbers with this standard deviation, on a grid (see :func:`on_grid`)."""
    return on_grid(scale * draw.standard_normal(shape))


def on_grid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rounded to multiples of 2^-12: exact in float32, too, and a quarter of the bundle's size."""
    return np.round(x * 4096) / 4096


def stream(seed: bytes, problem: str, case: str) -> Draw:
    """The random stream of one case: BLAKE2b of seed, problem and case seeds a Mersenne Twister.

    RandomState, because NumPy's policy freezes its stream for ever; a Generator's may change, and
    the committed public bundle would then no longer be the one its seed gives.
    """
    digest = hashlib.blake2b(digest_size=32, person=b"goldgrad")
    for part in (seed, problem.encode(), case.encode()):
        digest.update(len(part).to_bytes(8, "big") + part)
    return np.random.RandomState(np.frombuffer(digest.digest(), dtype="<u4"))
