"""grader/checks/report_claims.py: a statement earns its marks when it is made and is true."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.result import Result, Status

Mark = Callable[..., Result]
GOOD = Path(__file__).resolve().parents[3] / "fixtures" / "submissions" / "good"
REPORT = """# Homework 3

The loss is the softmax cross-entropy. The hidden layer has 10 neurons. I use a batch size of 40 and
a learning rate of 0.5 that decays with a cosine. The final test accuracy is 0.94.
"""
CLAIMS = ("loss", "accuracy", "hidden_size", "batch_size", "learning_rate")


def lost(result: Result) -> set[str]:
    """The claims that did not earn full marks."""
    return {name for name in CLAIMS if result.check(f"report/{name}").earned < 2}


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("", "", None),
        ("is 0.94", "is 0.55", "accuracy"),
        pytest.param("10 neurons", "12 neurons", "hidden_size", marks=pytest.mark.slow),
        pytest.param("size of 40", "size of 32", "batch_size", marks=pytest.mark.slow),
        pytest.param("rate of 0.5", "rate of 0.05", "learning_rate", marks=pytest.mark.slow),
        pytest.param("softmax cross-entropy", "squared error", "loss", marks=pytest.mark.slow),
        pytest.param("accuracy is 0.94", "is good", "accuracy", marks=pytest.mark.slow),
        pytest.param("has 10 neurons", "is small", "hidden_size", marks=pytest.mark.slow),
    ],
)
def test_each_claim_is_held_against_the_measurement(
    mark: Mark, old: str, new: str, wrong: str | None
) -> None:
    """A false or missing statement costs its own marks and no others."""
    text = REPORT.replace(old, new) if old else REPORT
    assert text != REPORT or not old
    result = mark(train=True, report=text)
    assert lost(result) == ({wrong} if wrong else set())
    if wrong:
        finding = result.check(f"report/{wrong}").findings[0]
        assert finding.place is not None
        assert finding.place.file == "report.md"


def test_without_training_claims_are_not_called_wrong(mark: Mark) -> None:
    """What was not measured is accepted and marked as not verified."""
    result = mark(train=False, report=REPORT.replace("0.94", "0.12"))
    check = result.check("report/accuracy")
    assert check.status is Status.OK
    assert "not verified" in check.notes[0]


def test_no_report_is_not_written_yet(mark: Mark) -> None:
    """Without a report the claims are still to be made, and the code is marked all the same."""
    result = mark(report=None)
    assert {result.check(f"report/{name}").status for name in CLAIMS} == {Status.TODO}
    assert result.parts[0].earned == 15
