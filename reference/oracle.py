"""What the reference answers at marking time: the harness's one door to the solution.

Registered under the entry-point group ``goldgrad.oracle``; see grader/oracle.py.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from numpy.typing import NDArray

from grader.assignment import Assignment
from grader.bundle import Bundle
from grader.catalogue import CatalogueProblem
from grader.errors import BadAssignment
from grader.network_table import NetworkTable, Volume
from grader.oracle import Registered
from reference import two_layer_net

Array = NDArray[Any]
Parameters = Mapping[str, Array]

_SOURCE = Path(__file__).resolve().parent


class ReferenceOracle:
    """The reference solution behind the harness's protocol."""

    def scores(self, params: Parameters, X: Array) -> Array:
        """Class scores (N, C) of the two-layer net."""
        return two_layer_net.forward(dict(params), X)

    def data_loss(self, params: Parameters, X: Array, y: Array) -> float:
        """Mean softmax cross-entropy, without regularisation; y holds 0..C-1."""
        loss, _ = two_layer_net.loss(dict(params), X, y)
        return float(loss)

    def make_bundle(
        self,
        assignment: str,
        problems: Sequence[str],
        seed: bytes,
        visibility: Literal["public", "hidden"],
    ) -> Bundle:
        """Golden cases for these problems; see :func:`reference.golden.make_bundle`.

        Raises:
            BadAssignment: a problem is not in the catalogue; says what is called nearly so.
        """
        from reference import golden  # with all bugs: only where a bundle is made

        known = self.problems()
        for name in problems:
            if name not in known:
                close = difflib.get_close_matches(name, known, n=1)
                raise BadAssignment(
                    f"the assignment {assignment}: the catalogue has no problem {name!r}",
                    hint=f"did you mean {close[0]!r}?" if close else "`grade catalogue` lists all",
                )
        return golden.make_bundle(assignment, problems, seed, visibility)

    def revision(self) -> str:
        """A hash of the solution's source; bundles of another revision are out of date."""
        digest = hashlib.blake2b(digest_size=16)
        for path in sorted(_SOURCE.rglob("*.py")):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(_SOURCE).as_posix()} {len(content)}\n".encode())
            digest.update(content)
        return digest.hexdigest()

    def problems(self) -> Mapping[str, str]:
        """The catalogue: problem name -> title."""
        from reference.problems.catalogue import CATALOGUE

        return {name: plan.title for name, plan in CATALOGUE.items()}

    def catalogue(self) -> Sequence[CatalogueProblem]:
        """The catalogue; see :func:`reference.listing.catalogue`."""
        from reference.listing import catalogue

        return catalogue()

    def stubs(self) -> Sequence[str]:
        """What students start from; see :func:`reference.listing.stubs`."""
        from reference.listing import stubs

        return stubs()

    def bugs(self, problems: Sequence[str]) -> Mapping[str, Registered]:
        """The registered bugs that change a function of these problems, by id."""
        from reference.bugs.registry import ALL_BUGS
        from reference.problems.catalogue import CATALOGUE

        functions = {CATALOGUE[name].function for name in problems}
        return {
            bug.id: Registered(bug.note, bug.changed)
            for bug in ALL_BUGS
            if functions & set(bug.changed)
        }

    def networks(self) -> Sequence[NetworkTable]:
        """The networks of the course, each for images of its own size."""
        from reference.architectures.registry import NETWORKS

        return [network.table() for network in NETWORKS.values()]

    def network(self, name: str, given: Volume | None = None) -> NetworkTable:
        """One network's layers and what they cost.

        Raises:
            ValueError: a layer does not fit what comes before it.
        """
        from reference.architectures.registry import NETWORKS

        return NETWORKS[name].table(given)

    def trained(self, X: Array, y: Array, classes: int) -> Parameters:
        """Parameters of :func:`reference.training.train_classes`, as submitted."""
        from reference.training import HYPERPARAMETERS, train_classes

        params, _ = train_classes(classes, X, y, HYPERPARAMETERS, seed=0)
        return params

    def solution_files(
        self, assignment: Assignment, *, bug: str | None = None, accuracy: float | None = None
    ) -> Mapping[str, str]:
        """The reference as a submission; see :func:`reference.submission.solution_files`."""
        from reference.submission import solution_files

        return solution_files(assignment, bug=bug, accuracy=accuracy)
