"""What the sources alone tell: frameworks used, forbidden imports, stored data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from grader.checks.context import Context
from grader.result import Deduction, Flag
from grader.student.inspection import FileFacts
from grader.worker.older import instead_of

# A stored two-layer network for this homework is about a hundred numbers; honest code has few.
_MANY_NUMBERS = 90
_LARGE_LITERAL = 64
_LONG_TEXT = 2000


@dataclass(frozen=True)
class SourceFindings:
    """What follows from it for the Result."""

    deductions: list[Deduction] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def look_at_sources(context: Context) -> SourceFindings:
    """Look at the syntax trees; they are made inside the wall, without running student code."""
    files = context.student.inspection.files
    return SourceFindings(
        deductions=list(_frameworks(files, context)),
        flags=[flag for facts in files for flag in _stored_data(facts, context)],
        notes=[
            note
            for facts in files
            for note in (*_imports(facts, context), *_old_names(facts, context))
        ],
    )


def _frameworks(files: tuple[FileFacts, ...], context: Context) -> Iterator[Deduction]:
    used: dict[str, tuple[str, int]] = {}
    for facts in files:
        for fact in facts.imports:
            used.setdefault(fact.module.split(".")[0], (facts.path, fact.line))
    for framework, points in context.assignment.imports.frameworks.items():
        if framework in used and points:
            place = context.workspace.place(*used[framework])
            yield Deduction(reason=f"uses {framework} ({place})", points=points)


def _imports(facts: FileFacts, context: Context) -> Iterator[str]:
    if PurePosixPath(facts.path).name.startswith(("test_", "conftest", "setup.")):
        return  # such a file may import what it likes; no function of it is called
    for fact in facts.imports:
        if fact.guarded or fact.verdict not in {"forbidden", "missing"}:
            continue
        place = context.workspace.place(facts.path, fact.line)
        why = (
            "which this assignment does not allow"
            if fact.verdict == "forbidden"
            else "which is neither handed in nor a library that is known"
        )
        yield f"{place} imports {fact.module}, {why}; only functions that use it fail"


def _old_names(facts: FileFacts, context: Context) -> Iterator[str]:
    for name, line in facts.old:
        yield f"{context.workspace.place(facts.path, line)}: {instead_of(name)} (nothing deducted)"


def _stored_data(facts: FileFacts, context: Context) -> Iterator[Flag]:
    literals = facts.literals
    if literals.largest >= _LARGE_LITERAL or literals.numbers >= _MANY_NUMBERS:
        yield Flag(
            kind="stored_numbers",
            message=f"{literals.numbers} numbers stand in the source as literals",
            place=context.workspace.place(facts.path, literals.largest_line),
        )
    if literals.longest_text >= _LONG_TEXT:
        yield Flag(
            kind="stored_text",
            message=f"a literal text of {literals.longest_text} characters",
            place=context.workspace.place(facts.path, literals.longest_text_line),
        )
