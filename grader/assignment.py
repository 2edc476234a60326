"""assignment.yaml as a checked model: what is marked, for how many points, under which limits."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PositiveFloat,
    PositiveInt,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from grader.late import LateRule

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9_]+(/[a-z0-9_]+)*$")]
Fraction = Annotated[float, Field(ge=0, le=1)]
Points = Annotated[float, Field(ge=0)]
FunctionName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)?$")]
"""A function, a class, or a method with its class before it."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DatasetRule(_Model):
    """The dataset: one sample a line, inputs then the class 1..classes."""

    url: str
    """Where `grade dataset` fetches it from."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Of the file's bytes; a file with another one is refused."""
    inputs: PositiveInt
    """Numbers before the class on each line."""
    classes: Annotated[int, Field(ge=2)]
    """How many there are; the file counts them from 1, code from 0."""
    train: PositiveInt
    """The first so many lines are for training."""
    test: PositiveInt
    """The lines after those are for test."""


class ImportRule(_Model):
    """What student code may import."""

    allow: list[str]
    """Modules, with all that is in them; what is not listed anywhere here cannot be imported."""
    inert: list[str] = []
    """Imported as objects that do nothing (plots, progress bars)."""
    frameworks: dict[str, Points] = {}
    """Allowed frameworks and the points their use costs; they must be installed to mark."""
    provided: dict[str, str] = {}
    """Modules that you hand out: name (without its package) -> Python text, best as a block after
    `|`. Imported where a submission has no file of that name; for them, its files lie beside."""

    provided_to: list[str] | None = None
    """The functions and classes that may use them; without it, all. Name those that are no mere
    copies of what you hand out: a net, not the layers that it could take from there."""

    @field_validator("provided")
    @classmethod
    def _is_python(cls, value: dict[str, str]) -> dict[str, str]:
        for name, text in value.items():
            if not name.isidentifier():
                raise ValueError(f"{name!r} is no module's name: give it without package and .py")
            try:
                ast.parse(text)
            except (SyntaxError, ValueError) as error:
                line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
                raise ValueError(f"{name} is not Python{line}: {error.args[0]}") from None
        return value


class Limits(_Model):
    """What one student process may use."""

    import_cpu_seconds: PositiveFloat = 10
    """CPU seconds for importing a file."""
    call_cpu_seconds: PositiveFloat = 10
    """CPU seconds for one call of one function on a golden case."""
    train_cpu_seconds: PositiveFloat = 60
    """CPU seconds for one call of train()."""
    total_cpu_seconds: PositiveFloat = 600
    """CPU seconds for all calls and training runs of one submission together."""
    waiting_seconds: PositiveFloat = 10
    """Seconds that one call may wait, as for input or in sleep(), beyond its limit on CPU time."""
    memory_mb: PositiveInt = 1024
    """Mebibytes (2²⁰ bytes) of memory."""
    output_kb: PositiveInt = 64
    """Kibibytes (2¹⁰ bytes) that are kept of what is printed."""
    upload_mb: PositiveInt = 20
    """Megabytes (10⁶ bytes) of a zip or file; a zip may unpack to ten times that."""


class _Check(_Model):
    """What every check has, whatever its kind."""

    id: Identifier
    """Unique in the assignment; gradebooks and `--regrade lost:CHECK` call it by this."""
    title: str
    """What feedback calls it: "convolution forward"."""
    points: Points
    """What it is worth."""


class ValuesCheck(_Check):
    """Outputs against golden values."""

    kind: Literal["values"]
    """Which kind of check it is."""
    problem: str
    """A problem of the reference's catalogue."""
    cases: list[str] | None = None
    """Only the golden cases with one of these tags; without it, all."""
    outputs: list[str] | None = None
    """Only these outputs; without it, all."""
    follow_through: bool = False
    """Full marks, too, for what is right for the student's own functions: gradients for their own
    forward pass; a net for their own layers, whose mistakes have cost points at other checks."""
    optional: bool = False
    """Where no file defines the function, this check earns the share that the rest of its part
    earns: for what was not asked for in every year."""


class OwnGradientsCheck(_Check):
    """Gradients against central differences of the student's own forward pass."""

    kind: Literal["own_gradients"]
    """Which kind of check it is."""
    problem: str
    """A problem of the catalogue that has gradients."""
    cases: list[str] | None = None
    """Only the golden cases with one of these tags; without it, all."""


class AccuracyCheck(_Check):
    """Test accuracy of the student's train(), measured by the grader."""

    kind: Literal["accuracy"]
    """Which kind of check it is."""
    ladder: Annotated[list[tuple[Fraction, Fraction]], Field(min_length=2)]
    """(accuracy, fraction of the points) pairs, ascending; linear between, flat outside."""
    runs: Annotated[int, Field(ge=1, le=9)] = 3
    """Training runs: one on the data as they are, the others disguised; their median counts."""

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if sorted(self.ladder) != self.ladder or len(dict(self.ladder)) != len(self.ladder):
            raise ValueError("the ladder's accuracies must ascend")
        return self


class OverfitCheck(_Check):
    """A few samples can be learned to 100 % training accuracy."""

    kind: Literal["overfit"]
    """Which kind of check it is."""
    samples: PositiveInt = 20
    """How many."""


class InitialLossCheck(_Check):
    """The untrained net's loss is near ln(classes)."""

    kind: Literal["initial_loss"]
    """Which kind of check it is."""


class HistoryCheck(_Check):
    """One property of the loss history that train() returns."""

    kind: Literal["history"]
    """Which kind of check it is."""
    rule: Literal["finite", "one_per_epoch", "falls", "last_is_final_loss"]
    """Which property."""


class ReportCheck(_Check):
    """One statement of the written report, present and true."""

    kind: Literal["report"]
    """Which kind of check it is."""
    claim: Literal["loss", "accuracy", "hidden_size", "batch_size", "learning_rate"]
    """Which statement."""


Check = Annotated[
    ValuesCheck
    | OwnGradientsCheck
    | AccuracyCheck
    | OverfitCheck
    | InitialLossCheck
    | HistoryCheck
    | ReportCheck,
    Field(discriminator="kind"),
]


TRAINED: frozenset[str] = frozenset({"accuracy", "overfit", "history", "initial_loss"})
"""The kinds of checks that train on a dataset, or look at it."""


class Part(_Model):
    """One row of the score table."""

    id: Identifier
    """What a gradebook's column is called."""
    title: str
    """What feedback calls it: "Backward"."""
    points: Points
    """The sum of its checks' points."""
    checks: Annotated[list[Check], Field(min_length=1)]
    """What it is made of."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = sum(check.points for check in self.checks)
        if abs(total - self.points) > 1e-9:
            raise ValueError(f"its checks add up to {total:g} points, not {self.points:g}")
        return self


def _inconsistent(told: str, *at: str | int) -> PydanticCustomError:
    """An error of the whole file that belongs to one place in it."""
    return PydanticCustomError("inconsistent", "{told}", {"told": told, "at": at})


class Assignment(_Model):
    """A whole assignment."""

    assignment: Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")]
    """Its short name; files are called after it."""
    title: str
    """What students know it as."""
    points: Points
    """The sum of its parts' points."""
    dataset: DatasetRule | None = None
    """What train() is run on; an assignment that trains nothing needs none."""
    files: dict[str, list[str]]
    """Which file each function is expected in; in a submission it may be in another."""
    names: dict[str, FunctionName] = {}
    """What students call a function, where it is not called as in the catalogue."""
    conventions: dict[str, str] = {}
    """How problems are meant that can be understood in several ways: the convention and its value,
    or `any` to accept each and tell the student which one was found."""
    imports: ImportRule
    """What student code may import."""
    limits: Limits = Limits()
    """What one submission may use."""
    due: AwareDatetime | None = None
    """The deadline, with its zone: 2026-11-20T23:59:00+01:00."""
    late: LateRule | None = None
    """What lateness costs; without it, nothing."""
    attempts: Literal["last", "best"] = "last"
    """Which one counts of several that a student handed in."""
    parts: Annotated[list[Part], Field(min_length=1)]
    """The rows of the score table."""

    @field_validator("due", mode="before")
    @classmethod
    def _moment(cls, value: object) -> object:
        # YAML reads a time without a zone as one that could be meant anywhere on earth.
        if value is None or (isinstance(value, datetime) and value.tzinfo is not None):
            return value
        if isinstance(value, str):
            try:
                moment = datetime.fromisoformat(value)
            except ValueError:
                moment = None
            if moment is not None and moment.tzinfo is not None:
                return moment
        raise ValueError("give date, time and zone, as in 2026-11-20T23:59:00+01:00")

    @field_validator("files")
    @classmethod
    def _each_in_one_place(cls, value: dict[str, list[str]]) -> dict[str, list[str]]:
        for path in value:
            parts = PurePosixPath(path).parts
            if not path.endswith(".py") or "\\" in path or path[0] == "/" or ".." in parts:
                raise ValueError(f"{path!r} is no Python file in the homework's folder")
        places = Counter(name for names in value.values() for name in set(names))
        for name, number in places.items():
            if number > 1:
                raise ValueError(f"{name} is expected in {number} files")
        return value

    @field_validator("names")
    @classmethod
    def _one_to_one(cls, value: dict[str, str]) -> dict[str, str]:
        for name, theirs in value.items():
            if list(value.values()).count(theirs) > 1:
                raise ValueError(f"two functions are called {theirs!r}")
            if theirs in value and theirs != name:
                raise ValueError(f"{theirs!r} is renamed and a new name as well")
        return value

    @field_validator("late")
    @classmethod
    def _needs_a_deadline(cls, value: LateRule | None, info: ValidationInfo) -> LateRule | None:
        if value is not None and info.data.get("due", value) is None:
            raise ValueError("there is no deadline to be late for: say when it is, as due: ...")
        return value

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        total = sum(part.points for part in self.parts)
        if abs(total - self.points) > 1e-9:
            told = f"the parts add up to {total:g} points, not {self.points:g}"
            raise _inconsistent(told, "points")
        seen: set[str] = set()
        for i, part in enumerate(self.parts):
            if part.id in {other.id for other in self.parts[:i]}:
                raise _inconsistent(f"two parts are called {part.id!r}", "parts", i, "id")
            for j, check in enumerate(part.checks):
                if check.id in seen:
                    told = f"two checks are called {check.id!r}"
                    raise _inconsistent(told, "parts", i, "checks", j, "id")
                seen.add(check.id)
        return self

    def checks(self) -> Iterator[Check]:
        """All checks, in the parts' order."""
        for part in self.parts:
            yield from part.checks

    def problems(self) -> list[str]:
        """The catalogue's problems that the checks use, each once, in order of use."""
        used = (c.problem for c in self.checks() if isinstance(c, ValuesCheck | OwnGradientsCheck))
        return list(dict.fromkeys(used))

    def untrainable(self) -> Iterator[tuple[tuple[str | int, ...], Check]]:
        """Where the checks stand that need a dataset, when there is none."""
        for i, part in enumerate(self.parts if self.dataset is None else []):
            for j, check in enumerate(part.checks):
                claim = check.claim if isinstance(check, ReportCheck) else None
                if check.kind in TRAINED or claim == "accuracy":
                    yield ("parts", i, "checks", j), check

    def expected_file(self, name: str) -> str | None:
        """The file a function is expected in."""
        return next((file for file, names in self.files.items() if name in names), None)
