"""Bugs of another family's table, in a family that shares its formulas.

Stanford CS231n has one computation under several names (naive and vectorised, function and method).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from reference.bugs.bug import Bug
from reference.bugs.sheet import Family


def adopted(
    bugs: Iterable[Bug],
    family: Family,
    functions: Mapping[str, Collection[str]],
    but: Collection[str] = (),
) -> tuple[Bug, ...]:
    """The bugs of ``bugs`` that concern ``family``, as its own.

    Args:
        bugs: a table of another family, whose formulas ``family`` has, too.
        family: where they shall belong.
        functions: function of the other family -> the functions of this one that compute the same;
            a bug of none of these is left out.
        but: names of bugs that are left out as well.
    """
    found = []
    for bug in bugs:
        name = bug.id.partition("/")[2]
        changed = {mine: None for theirs in bug.changed for mine in functions.get(theirs, ())}
        if changed and name not in but:
            note = replace(bug.note, id=f"{family.name}/{name}")
            found.append(Bug(note, family, bug.changes, tuple(changed)))
    return tuple(found)
