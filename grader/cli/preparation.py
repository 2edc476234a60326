"""Getting ready to mark, two things at a time: our own half, and the process students run in."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from grader.assignment_file import load_assignment
from grader.marking import Marking, Visibility, prepare, require_cases
from grader.sandbox import ForkServer
from grader.sandbox.policy import demand, pinned


@contextmanager
def prepared(
    assignment: str,
    *,
    visibility: Visibility,
    dataset: Path | None = None,
    seed: str | None = None,
    insecure: bool = False,
) -> Iterator[tuple[Marking, ForkServer]]:
    """What to mark with, and a warm fork server, which is closed at the end.

    The server imports NumPy in a process of its own while this one reads bundle and data.

    Args:
        assignment: a built-in assignment's name or the path of a YAML file.
        visibility: which cases to mark with.
        dataset: the file to train on, None for the usual ones.
        seed: text to draw hidden inputs from instead of the secret seed.
        insecure: whether a wall will do that does not hold hostile code.

    Raises:
        GoldgradError: see grader.marking.prepare, ForkServer.start and grader.sandbox.policy.
    """
    frameworks = load_assignment(assignment).imports.frameworks
    tier = pinned()
    with ExitStack() as stack:
        thread = stack.enter_context(ThreadPoolExecutor(1))
        starting = thread.submit(ForkServer.start, frameworks, tier=tier)
        stack.callback(_close, starting)
        marking = prepare(assignment, visibility=visibility, dataset=dataset, seed=seed)
        require_cases(marking.assignment, marking.bundle)
        server = starting.result()
        demand(server.wall, insecure=insecure)
        yield marking, server


def _close(starting: Future[ForkServer]) -> None:
    if starting.exception() is None:
        starting.result().close()
