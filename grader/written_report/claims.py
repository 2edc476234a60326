"""What a report claims, with the words it claims it in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

T_co = TypeVar("T_co", covariant=True)

LossName = Literal["cross_entropy", "squared_error", "hinge", "other"]


@dataclass(frozen=True)
class Claim(Generic[T_co]):
    """One statement of the report.

    Prose is ambiguous: a report may name several accuracies and leave to the reader which one is
    the final one. Then ``value`` is the most likely reading and ``alternatives`` are the others.
    A check accepts the claim when any of ``readings()`` is true.
    """

    value: T_co
    quote: str
    """The words, at most 120 characters, safe to show."""
    line: int
    """Line of the report's text, from 1."""
    resolution: float = 0.0
    """Half a unit of the last digit stated, in the units of ``value``: "93 %" has 0.005."""
    alternatives: tuple[Claim[T_co], ...] = ()

    def readings(self) -> Iterator[Claim[T_co]]:
        """All readings, the most likely first."""
        yield self
        yield from self.alternatives


@dataclass(frozen=True)
class LearningRate:
    """A learning-rate strategy; at least one of the two is stated."""

    rate: float | None
    """The (initial) learning rate."""
    schedule: str | None
    """"constant", "cosine", "step", "exponential", "linear", "inverse time", "plateau",
    "warm-up", "cyclic", "decay" (of an unnamed kind) or "adaptive" (Adam, RMSprop, ...)."""


@dataclass(frozen=True)
class Claims:
    """What a report claims; None where it says nothing."""

    loss: Claim[LossName] | None = None
    accuracy: Claim[float] | None = None
    """On the test lines, as a fraction 0..1."""
    hidden_size: Claim[int] | None = None
    batch_size: Claim[int] | None = None
    """ "Full batch" is the number of training samples, "one sample at a time" is 1."""
    learning_rate: Claim[LearningRate] | None = None
