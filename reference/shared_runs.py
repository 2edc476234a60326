"""Runs one case with a bug and with two, computing once what the runs have in common.

Bundles record what thousands of pairs of bugs answer; most of what a pair computes is what one of
the two computes alone.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from grader.bundle import Step
from reference.bugs.bug import Bug
from reference.bugs.sheet import Family, Formulas, Function, Sheet, Signature
from reference.case_steps import Functions, run
from reference.problems.plan import ProblemPlan
from reference.traced_sheet import Bits, MixedSheet, Source, TracedSheet, is_same
from reference.variants import setting_of

_NONE: Final[Formulas] = {}


@dataclass(frozen=True)
class Run:
    """What became of a case."""

    bound: Mapping[str, Any] = field(default_factory=dict)
    """All that the patterns bound."""
    error: Exception | None = None
    """What ended it before."""

    @classmethod
    def of(cls, steps: Sequence[Step], functions: Functions, *, only_read: bool = False) -> Run:
        """The run of a case's steps on these functions (see :func:`reference.case_steps.run`)."""
        try:
            return cls(run(steps, functions, only_read=only_read))
        except Exception as error:  # noqa: BLE001  any of them is an answer; who asks judges it
            return cls(error=error.with_traceback(None))


class SharedRuns:
    """The runs of one case.

    The functions are those of :func:`reference.variants.with_bugs`, and so are the results.

    Args:
        steps: the case's.
        plan: says the setting.
        right: the solution in that setting.
        pairs: whether :meth:`two` is going to be asked for; what it needs takes :meth:`one` longer.
        like: the runs of the same case in another setting. What cannot differ from it is taken
            from there: results are then equal in all that functions were asked for.
    """

    def __init__(
        self,
        steps: Sequence[Step],
        plan: ProblemPlan,
        right: Functions,
        *,
        pairs: bool,
        like: SharedRuns | None = None,
    ) -> None:
        self._like = like
        self._steps = steps
        self._pairs = pairs
        self._plan = plan
        self._functions = right
        self._right: Run | None = None
        self._families: dict[str, _FamilyRuns] = {}

    def right(self) -> Run:
        """With no bug."""
        if self._right is None:
            self._right = Run.of(self._steps, self._functions)
        return self._right

    def one(self, bug: Bug) -> Run:
        """With one bug; the same run for all bugs of a family that make no difference."""
        return self._of(bug.family).one(bug).run

    def two(self, one: Bug, other: Bug) -> Run:
        """With two bugs of a family; one's :meth:`one` itself where the other makes no difference.

        Args:
            one: a bug.
            other: another one, that changes other formulas.
        """
        return self._of(one.family).two(one, other)

    def _of(self, family: Family) -> _FamilyRuns:
        found = self._families.get(family.name)
        if found is None:
            setting = setting_of(self._plan, family)
            like = self._like._of(family) if self._like else None  # noqa: SLF001
            found = _FamilyRuns(self._steps, family, setting, self._functions, self._pairs, like)
            self._families[family.name] = found
        return found


@dataclass(frozen=True)
class _Alone:
    """A run with one bug, or with none."""

    run: Run
    changes: Mapping[str, Formulas]
    """By function, the formulas that the bug replaces."""
    changed: Mapping[str, int]
    """The same as sets of names."""
    calls: Sequence[tuple[str, TracedSheet]]
    """The functions that were called, with their sheets."""

    def is_unaffected(self, changed: Mapping[str, int]) -> bool:
        """Whether other formulas in place of these would make no difference."""
        read = self._read
        return not any(read.get(function, 0) & names for function, names in changed.items())

    @cached_property
    def _read(self) -> Mapping[str, int]:
        """By function, all that its sheets read."""
        found: dict[str, int] = {}
        for function, sheet in self.calls:
            found[function] = found.get(function, 0) | sheet.read()
        return found


class _FamilyRuns:
    """The runs of one case with bugs of one family."""

    def __init__(
        self,
        steps: Sequence[Step],
        family: Family,
        setting: Formulas,
        right: Functions,
        pairs: bool,
        like: _FamilyRuns | None,
    ) -> None:
        self._steps = steps
        self._pairs = pairs
        self._like = like
        self._formulas = {**family.formulas, **setting}
        own = {name: self._function(name, each) for name, each in family.signatures.items()}
        self._functions = {**right, **own}
        # The first call is given the same whatever the bugs.
        self._first_is_alike = steps[0].function in own and not steps[0].needs
        self._bits: Bits = like._bits if like else Bits()  # noqa: SLF001
        self._alone: dict[str, _Alone] = {}
        # Of the run at work: its bugs' formulas by function; what its values may be taken from,
        # with the names of what is another one there; the calls so far; the sheets in use.
        self._changes: tuple[Mapping[str, Formulas], ...] = ()
        self._sources: tuple[tuple[_Alone, Mapping[str, int]], ...] = ()
        self._calls: list[tuple[str, TracedSheet]] = []
        self._called = 0
        self._working: list[Sheet] = []

    def one(self, bug: Bug | None) -> _Alone:
        """With one bug, or with none."""
        name = bug.id if bug else ""
        found = self._alone.get(name)
        if found is None:
            found = self._alone[name] = (bug and self._as_in_like(bug)) or self._traced(bug)
        return found

    def two(self, one: Bug, other: Bug) -> Run:
        mine, theirs = self.one(one), self.one(other)
        if mine.is_unaffected(theirs.changed):
            return mine.run
        if theirs.is_unaffected(mine.changed):
            return theirs.run
        self._changes = (mine.changes, theirs.changes)
        self._sources = ((mine, theirs.changed), (theirs, mine.changed))
        return self._ran()

    def _as_in_like(self, bug: Bug) -> _Alone | None:
        """The run in the other setting, where it cannot differ from this one."""
        if self._like is None or not self._pairs:
            return None
        there = self._like.one(bug)
        mine, theirs = self.one(None).calls, self._like.one(None).calls
        if [name for name, _ in mine] != [name for name, _ in theirs]:
            return None
        affected = False
        for number, ((function, here), (_, other)) in enumerate(zip(mine, theirs, strict=True)):
            changed = there.changed.get(function, 0)
            touched = affected or bool((here.read() | other.read()) & changed)
            if number == len(there.calls):
                break  # an exception has ended it before
            if affected and not self._steps_are_alike:
                return None  # what it is given follows from what the first one answers
            formulas = [name for name in self._differing if not self._bits[name] & changed]
            differing = here.differing(other, () if affected else formulas, changed, not touched)
            differing |= self._bits.of(formulas) if affected else 0
            if there.calls[number][1].read() & differing:
                return None
            affected = touched
        return there if affected else None

    @cached_property
    def _differing(self) -> list[str]:
        """The formulas that are other ones in the other setting."""
        theirs = self._like._formulas if self._like else self._formulas  # noqa: SLF001
        names = self._formulas.keys() | theirs.keys()
        return [name for name in names if self._formulas.get(name) is not theirs.get(name)]

    @cached_property
    def _steps_are_alike(self) -> bool:
        theirs = self._like._steps if self._like else []  # noqa: SLF001
        return len(theirs) == len(self._steps) and all(
            one.function == other.function
            and one.returns == other.returns
            and is_same(one.args, other.args)
            for one, other in zip(self._steps, theirs, strict=True)
        )

    def _traced(self, bug: Bug | None) -> _Alone:
        changes = dict.fromkeys(bug.changed, bug.changes) if bug else {}
        changed = {function: self._bits.of(each) for function, each in changes.items()}
        self._changes, self._sources = (changes,), ()
        if bug:
            right = self.one(None)
            if right.is_unaffected(changed):
                return _Alone(right.run, changes, changed, right.calls)
            self._changes, self._sources = (changes,), ((right, changed),)
        return _Alone(self._ran(), changes, changed, self._calls)

    def _ran(self) -> Run:
        self._calls, self._called = [], 0
        self._working.clear()
        return Run.of(self._steps, self._functions, only_read=True)

    def _function(self, name: str, signature: Signature) -> Function:
        itself = weakref.ref(self)  # in no circle, all of this is gone when nobody asks for it

        def function(*args: Any) -> Any:
            runs = itself()
            assert runs is not None  # noqa: S101  it is what calls this
            given = signature.given(*args)
            sheet = runs._sheet(name, given)  # noqa: SLF001  this is its own
            working = runs._working  # noqa: SLF001
            working.append(sheet)
            try:
                return signature.returns(sheet)
            finally:
                working.pop()
                if isinstance(sheet, TracedSheet):
                    sheet.close(given)

        return function

    def _sheet(self, function: str, given: Mapping[str, Any]) -> Sheet:
        number, self._called = self._called, self._called + 1
        alike = number == 0 and self._first_is_alike
        sources: list[Source] = []
        for alone, changed in self._sources:
            if number < len(alone.calls) and alone.calls[number][0] == function:
                sheet = alone.calls[number][1]
                sources.append(sheet.as_source(None if alike else given, changed.get(function, 0)))
        changes = [each[function] for each in self._changes if function in each]
        if self._sources and not (self._pairs and len(self._sources) == 1):
            all_ = {**changes[0], **changes[1]} if len(changes) > 1 else (changes or [_NONE])[0]
            return MixedSheet(self._formulas, all_, given, sources)
        for outer in self._working:
            if isinstance(outer, TracedSheet):
                outer.nested()
        formulas = {**self._formulas, **changes[0]} if changes else self._formulas
        traced = TracedSheet(formulas, given, sources, self._bits)
        self._calls.append((function, traced))
        return traced
