"""What an assignment can be composed of, as plain data: the catalogue without the solution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.bundle import BugNote, Setting


@dataclass(frozen=True)
class CatalogueCase:
    """A golden case of a problem, without its numbers."""

    id: str
    category: str
    """What kind of input it is, in words fit for students."""
    tags: tuple[str, ...]
    raises: str | None
    """The exception that is right here, if one is."""


@dataclass(frozen=True)
class CatalogueProblem:
    """A problem that a check of an assignment can name."""

    name: str
    title: str
    area: str
    """The field of the course: "normalisation"."""
    function: str
    """The function, class or method on trial."""
    signature: str
    """How it is called: "(x, w, b, conv_param)"."""
    cases: tuple[CatalogueCase, ...]
    outputs: tuple[str, ...]
    gradients: tuple[str, ...]
    """Those of the outputs that `own_gradients` can compare with central differences."""
    settings: tuple[Setting, ...]
    """How it can be meant, the assignment's own choice first; none where only one way is right."""
    bugs: tuple[BugNote, ...]
    """The mistakes that are named."""

    @property
    def tags(self) -> Mapping[str, int]:
        """What `cases:` of a check can select by, and how many cases each selects."""
        found: dict[str, int] = {}
        for case in self.cases:
            for tag in case.tags:
                found[tag] = found.get(tag, 0) + 1
        return found
