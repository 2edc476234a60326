"""assignment.yaml as a checked model: what is marked, for how many points, under which limits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
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

from grader.late import LateRule

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9_]+(/[a-z0-9_]+)*$")]
Fraction = Annotated[float, Field(ge=0, le=1)]
Points = Annotated[float, Field(ge=0)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DatasetRule(_Model):
    """The dataset: one sample a line, inputs then the class 1..classes."""

    url: str
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    inputs: PositiveInt
    classes: Annotated[int, Field(ge=2)]
    train: PositiveInt
    """The first so many lines are for training."""
    test: PositiveInt
    """The lines after those are for test."""


class ImportRule(_Model):
    """What student code may import."""

    allow: list[str]
    inert: list[str] = []
    """Imported as objects that do nothing (plots, progress bars)."""
    frameworks: dict[str, Points] = {}
    """Allowed frameworks and the points their use costs."""


class Limits(_Model):
    """What one student process may use."""

    import_cpu_seconds: PositiveFloat = 10
    call_cpu_seconds: PositiveFloat = 10
    train_cpu_seconds: PositiveFloat = 60
    total_cpu_seconds: PositiveFloat = 600
    """Of all calls and training runs of one submission together."""
    waiting_seconds: PositiveFloat = 10
    """How long one call may wait, as for input or in sleep(), beyond its limit on CPU time."""
    memory_mb: PositiveInt = 1024
    output_kb: PositiveInt = 64
    upload_mb: PositiveInt = 20


class _Check(_Model):
    id: Identifier
    title: str
    points: Points


class ValuesCheck(_Check):
    """Outputs against golden values."""

    kind: Literal["values"]
    problem: str
    cases: list[str] | None = None
    """Only the golden cases with one of these tags."""
    outputs: list[str] | None = None
    """Only these outputs."""
    follow_through: bool = False
    """Full marks, too, for gradients that are right for the student's own forward pass."""


class OwnGradientsCheck(_Check):
    """Gradients against central differences of the student's own forward pass."""

    kind: Literal["own_gradients"]
    problem: str
    cases: list[str] | None = None


class AccuracyCheck(_Check):
    """Test accuracy of the student's train(), measured by the grader."""

    kind: Literal["accuracy"]
    ladder: Annotated[list[tuple[Fraction, Fraction]], Field(min_length=2)]
    """(accuracy, fraction of the points) pairs, ascending; linear between, flat outside."""
    runs: Annotated[int, Field(ge=1, le=9)] = 3

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if sorted(self.ladder) != self.ladder or len(dict(self.ladder)) != len(self.ladder):
            raise ValueError("the ladder's accuracies must ascend")
        return self


class OverfitCheck(_Check):
    """A few samples can be learned to 100 % training accuracy."""

    kind: Literal["overfit"]
    samples: PositiveInt = 20


class InitialLossCheck(_Check):
    """The untrained net's loss is near ln(classes)."""

    kind: Literal["initial_loss"]


class HistoryCheck(_Check):
    """One property of the loss history that train() returns."""

    kind: Literal["history"]
    rule: Literal["finite", "one_per_epoch", "falls", "last_is_final_loss"]


class ReportCheck(_Check):
    """One statement of the written report, present and true."""

    kind: Literal["report"]
    claim: Literal["loss", "accuracy", "hidden_size", "batch_size", "learning_rate"]


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


class Part(_Model):
    """One row of the score table."""

    id: Identifier
    title: str
    points: Points
    checks: Annotated[list[Check], Field(min_length=1)]

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = sum(check.points for check in self.checks)
        if abs(total - self.points) > 1e-9:
            raise ValueError(f"its checks add up to {total:g} points, not {self.points:g}")
        return self


class Assignment(_Model):
    """A whole assignment."""

    assignment: Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")]
    title: str
    points: Points
    dataset: DatasetRule
    files: dict[str, list[str]]
    """Which file each function is expected in; in a submission it may be in another."""
    imports: ImportRule
    limits: Limits = Limits()
    due: AwareDatetime | None = None
    """The deadline, with its zone: 2026-11-20T23:59:00+01:00."""
    late: LateRule | None = None
    """What lateness costs; without it, nothing."""
    attempts: Literal["last", "best"] = "last"
    """Which one counts of several that a student handed in."""
    parts: Annotated[list[Part], Field(min_length=1)]

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
            raise ValueError(f"the parts add up to {total:g} points, not {self.points:g}")
        seen: set[str] = set()
        for check in self.checks():
            if check.id in seen:
                raise ValueError(f"two checks are called {check.id!r}")
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

    def expected_file(self, name: str) -> str | None:
        """The file a function is expected in."""
        return next((file for file, names in self.files.items() if name in names), None)
