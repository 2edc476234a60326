"""An assignment composed from the catalogue needs no dataset; nothing is trained then."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.assignment_file import parse_assignment
from grader.dataset.source import dataset_file, find_dataset
from grader.errors import BadAssignment, BadDataset
from grader.grading import grade
from grader.marking import prepare
from grader.sandbox import ForkServer

WINDOWS = Path(__file__).parents[2] / "fixtures/assignments/windows.yaml"
TEXT = WINDOWS.read_text(encoding="utf-8")


def test_it_is_marked(server: ForkServer) -> None:
    """A submission earns its points, with training asked for and with none there."""
    marking = prepare(WINDOWS, visibility="hidden", seed="tests")
    good = Path(__file__).parents[2] / "fixtures/submissions/good"
    result = grade(good, marking, server=server)
    assert (marking.dataset, result.dataset, result.earned) == (None, None, 10)


@pytest.mark.parametrize(
    "check",
    [
        "kind: accuracy, ladder: [[0.2, 0], [0.9, 1]]",
        "kind: overfit",
        "kind: initial_loss",
        "kind: history, rule: falls",
        "kind: report, claim: accuracy",
    ],
)
def test_a_check_that_trains_is_refused_by_file_and_line(check: str) -> None:
    """What cannot be marked without a dataset is an error in the YAML, not at marking time."""
    text = f"{TEXT}      - {{id: extra, title: more, points: 0, {check}}}\n"
    with pytest.raises(BadAssignment) as caught:
        parse_assignment(text, "mine.yaml")
    line = text.count("\n")
    assert str(caught.value).startswith(f"mine.yaml:{line}:9: extra: a check of kind ")
    assert "needs a dataset, and the assignment has none" in str(caught.value)


def test_a_claim_that_needs_no_training_is_fine() -> None:
    """A report may state the batch size of what nobody trains here."""
    extra = "      - {id: extra, title: more, points: 0, kind: report, claim: batch_size}\n"
    assert parse_assignment(TEXT + extra, "mine.yaml").dataset is None


def test_a_file_that_is_given_all_the_same_is_refused(tmp_path: Path) -> None:
    """--dataset with nothing to train is a mistake of whoever typed it; the variable is not."""
    with pytest.raises(BadDataset, match="has no dataset"):
        find_dataset(None, tmp_path / "data.txt")
    assert dataset_file(None) is None
