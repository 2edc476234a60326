"""Getting ready to mark, two things at a time: our own half, and the process students run in."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from grader.assignment_file import load_assignment
from grader.marking import Marking, Visibility, prepare
from grader.sandbox import ForkServer


@contextmanager
def prepared(
    assignment: str,
    *,
    visibility: Visibility,
    dataset: Path | None = None,
    seed: str | None = None,
) -> Iterator[tuple[Marking, ForkServer]]:
    """What to mark with, and a warm fork server, which is closed at the end.

    The server imports NumPy in a process of its own while this one reads bundle and data.

    Raises:
        GoldgradError: see grader.marking.prepare and ForkServer.start.
    """
    frameworks = load_assignment(assignment).imports.frameworks
    with ExitStack() as stack:
        thread = stack.enter_context(ThreadPoolExecutor(1))
        starting = thread.submit(ForkServer.start, frameworks)
        stack.callback(_close, starting)
        marking = prepare(assignment, visibility=visibility, dataset=dataset, seed=seed)
        yield marking, starting.result()


def _close(starting: Future[ForkServer]) -> None:
    if starting.exception() is None:
        starting.result().close()
