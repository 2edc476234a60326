"""grader/grading.py: how marking ends early. What it finds is in test_end_to_end.py."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from grader.grading import grade
from grader.marking import Marking
from grader.sandbox import ForkServer

ENDLESS = "def train(X, y, hyperparameters, seed):\n    while True: pass\n"
LONG = 3600


def test_an_interruption_does_not_wait_for_what_trains_in_the_background(
    tmp_path: Path, marking: Marking
) -> None:
    """Ctrl-C once is enough, however long train() may take. Without that, this does not end."""
    limits = marking.assignment.limits.model_copy(
        update={"train_cpu_seconds": LONG, "total_cpu_seconds": LONG}
    )
    patient = dataclasses.replace(
        marking, assignment=marking.assignment.model_copy(update={"limits": limits})
    )
    (tmp_path / "train.py").write_text(ENDLESS, "utf-8")

    first = patient.assignment.parts[0].checks[0].title

    def interrupt(doing: str) -> None:
        if doing == first:  # training has begun before it
            raise KeyboardInterrupt

    with ForkServer.start() as server, pytest.raises(KeyboardInterrupt):
        grade(tmp_path, patient, server=server, on_progress=interrupt)
