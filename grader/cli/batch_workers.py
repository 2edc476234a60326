"""Who marks a batch: processes on this machine, or the workers of a cluster."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import click

from grader.batch.pool import Pool
from grader.batch.run import Workers
from grader.cli.preparation import prepared
from grader.marking import Marking, Visibility, prepare, require_cases
from grader.render.wording import count, wall_label
from grader.sandbox import Tier
from grader.sandbox.policy import pinned


class Crew(Protocol):
    """Workers to be, and what they will mark with."""

    @property
    def marking(self) -> Marking:
        """What they mark with."""

    def assemble(self, todo: int) -> tuple[Workers, str]:
        """The workers for so many submissions, and who they are, in words."""


@contextmanager
def crew(  # noqa: PLR0913 - one argument an option of the command
    assignment: str,
    *,
    visibility: Visibility,
    dataset: Path | None,
    seed: str | None,
    insecure: bool,
    train: bool,
    jobs: int | None,
    scheduler: str | None,
) -> Iterator[Crew]:
    """What to mark with, and who does it.

    Args:
        assignment: a built-in assignment's name or the path of a YAML file.
        visibility: which cases to mark with.
        dataset: the file to train on, None for the usual ones.
        seed: text to draw hidden inputs from instead of the secret seed.
        insecure: whether a wall will do that does not hold hostile code.
        train: whether to run the training checks.
        jobs: submissions at the same time on this machine; None for one a core.
        scheduler: of the cluster that does the work; None for this machine.

    Raises:
        GoldgradError: see grader.marking.prepare, ForkServer.start, grader.sandbox.policy and
            grader.batch.cluster.
    """
    if scheduler is None:
        ready = prepared(
            assignment, visibility=visibility, dataset=dataset, seed=seed, insecure=insecure
        )
        with ready as (marking, server):
            # Every process of the batch has a server of its own, behind this wall.
            tier = server.tier
        yield _Processes(marking, jobs, tier, train)
        return
    marking = prepare(assignment, visibility=visibility, dataset=dataset, seed=seed)
    require_cases(marking.assignment, marking.bundle)
    with _cluster(scheduler, marking, train=train, insecure=insecure) as workers:
        yield workers


class _Processes:
    def __init__(self, marking: Marking, jobs: int | None, tier: Tier, train: bool) -> None:
        self.marking = marking
        self._jobs = jobs
        self._tier = tier
        self._train = train

    def assemble(self, todo: int) -> tuple[Workers, str]:
        jobs = max(1, min(self._jobs or os.cpu_count() or 1, todo))
        pool = Pool(self.marking, jobs, train=self._train, tier=self._tier)
        return pool, f"{count(jobs, 'job')}, wall: {wall_label(self._tier)}"


def _cluster(
    scheduler: str, marking: Marking, *, train: bool, insecure: bool
) -> AbstractContextManager[Crew]:
    # What it imports takes a while, and most batches need none of it.
    from grader.batch.cluster.pool import joined

    def tell(text: str) -> None:
        click.echo(text, err=True)

    return joined(scheduler, marking, train=train, tier=pinned(), insecure=insecure, tell=tell)
