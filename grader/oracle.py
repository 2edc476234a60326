"""The seam: the only door through which the harness asks the solution something.

``reference`` registers an oracle under the entry-point group ``goldgrad.oracle``. In a student kit
no oracle is installed; what needs one is then reported as "not verified".
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any, Final, Literal, Protocol, cast

from numpy.typing import NDArray

from grader.assignment import Assignment
from grader.bundle import BugNote, Bundle
from grader.catalogue import CatalogueProblem
from grader.errors import GraderFailure
from grader.network_table import NetworkTable, Volume

GROUP: Final = "goldgrad.oracle"
"""The group of entry points under which an oracle is registered."""

Array = NDArray[Any]
Parameters = Mapping[str, Array]


@dataclass(frozen=True)
class Registered:
    """A bug that the solution knows."""

    note: BugNote
    functions: tuple[str, ...]
    """The students' functions that have it, the one it belongs to first."""


class Oracle(Protocol):
    """What the solution answers at marking time. Parameters are W1, b1, W2, b2."""

    def scores(self, params: Parameters, X: Array) -> Array:
        """Class scores (N, C) of the two-layer net."""

    def data_loss(self, params: Parameters, X: Array, y: Array) -> float:
        """Mean softmax cross-entropy, without regularisation; y holds 0..C-1."""

    def make_bundle(
        self,
        assignment: str,
        problems: Sequence[str],
        seed: bytes,
        visibility: Literal["public", "hidden"],
    ) -> Bundle:
        """Golden cases for these problems of the catalogue, with inputs drawn from the seed.

        Raises:
            BadAssignment: a problem is not in the catalogue, or a registered bug passes.
        """

    def revision(self) -> str:
        """Changes whenever the solution does; cached bundles of another revision are not used."""

    def problems(self) -> Mapping[str, str]:
        """The catalogue: problem name -> title."""

    def catalogue(self) -> Sequence[CatalogueProblem]:
        """The catalogue with all that one needs to know to choose from it."""

    def stubs(self) -> Sequence[str]:
        """Python texts with every function of the solution as students get it, unwritten."""

    def bugs(self, problems: Sequence[str]) -> Mapping[str, Registered]:
        """The registered bugs that change a function of these problems, by id."""

    def networks(self) -> Sequence[NetworkTable]:
        """The networks of the course, each for images of its own size."""

    def network(self, name: str, given: Volume | None = None) -> NetworkTable:
        """One network's layers and what they cost.

        Args:
            name: as in ``networks``; no alias.
            given: the size of an image; None for the network's own.

        Raises:
            ValueError: a layer does not fit what comes before it.
        """

    def trained(self, X: Array, y: Array, classes: int) -> Parameters:
        """Parameters of the reference's own training on these samples; y holds 0..classes-1."""

    def solution_files(
        self, assignment: Assignment, *, bug: str | None = None, accuracy: float | None = None
    ) -> Mapping[str, str]:
        """The reference as a submission: path -> text.

        Args:
            assignment: says in which files the functions are expected.
            bug: id of the registered bug to plant; None for none.
            accuracy: test accuracy that the report states, 0..1; None leaves it out.
        """


@functools.cache
def find_oracle() -> Oracle | None:
    """The installed oracle, or None in a student kit.

    Raises:
        GraderFailure: one is registered but cannot be loaded.
    """
    for point in entry_points(group=GROUP):
        try:
            factory = point.load()
        except ImportError as error:
            raise GraderFailure(
                f"the reference solution is registered but cannot be imported: {error}",
                hint="install goldgrad again",
            ) from error
        return cast("Oracle", factory())
    return None
