"""A registered bug: which formulas it replaces, and what to tell a student who has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from grader.bundle import BugNote
from reference.bugs.sheet import Family, Formula, Formulas, Function


@dataclass(frozen=True)
class Bug:
    """The reference with one thing changed."""

    note: BugNote
    family: Family
    changes: Formulas
    changed: tuple[str, ...]
    """The students' functions that have the bug, the one it belongs to first; the others of the
    family are right."""

    @property
    def id(self) -> str:
        """Family and name: "two_layer/no_batch_mean"."""
        return self.note.id

    @property
    def home(self) -> str:
        """The function whose golden cases must expose the bug."""
        return self.changed[0]

    def functions(self) -> dict[str, Function]:
        """The family's functions, with the bug in them."""
        return self.family.functions(self.changes, self.changed)


def bugs_of(family: Family, *changed: str) -> Callable[..., Bug]:
    """The word that a table of bugs begins each of its rows with.

    ``bug("name", "what the code does; what it should do", "a hint", quantity=formula)`` is the
    family's functions with ``quantity`` computed by ``formula``, in the functions named in
    ``changed`` (in all of them when none is named).
    """
    functions = changed or tuple(family.signatures)

    def bug(name: str, message: str, help_: str, **changes: Formula) -> Bug:
        unknown = changes.keys() - family.formulas.keys()
        if unknown:
            raise KeyError(f"{family.name} has no formula {', '.join(sorted(unknown))}")
        return Bug(BugNote(f"{family.name}/{name}", message, help_), family, changes, functions)

    return bug
