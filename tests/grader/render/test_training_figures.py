"""grader/render/training_figures.py."""

from __future__ import annotations

import pytest

from grader.render.training_figures import Losses, accuracies_of, losses_of
from grader.result import Result, Status
from tests.grader.render.conftest import check, make, part


def trained(**measured: object) -> Result:
    """A Result whose only check measured this."""
    return make([part("t", "Training", [check("t/a", Status.OK, 1, 1, measured=measured)])])


def test_what_a_result_measured_is_found() -> None:
    """Losses by epoch, accuracies with their interval and single runs."""
    result = trained(
        history=[1.4, 0.5],
        history_epochs=[1.0, 60.0],
        accuracy=0.9,
        interval=[0.8, 0.95],
        runs=[0.9, 0.88],
        fresh_task=0.7,
    )
    assert losses_of(result) == Losses((1.0, 60.0), (1.4, 0.5))
    found = accuracies_of(result)
    assert found is not None
    assert (found.marked, found.low, found.high) == (0.9, 0.8, 0.95)
    assert (found.runs, found.fresh) == ((0.9, 0.88), 0.7)


@pytest.mark.parametrize(
    "measured",
    [
        {},
        {"history": [1.0], "history_epochs": [1.0, 2.0]},
        {"history": [], "history_epochs": []},
        {"history": "1.0", "history_epochs": "1.0"},
        {"history": [float("nan")], "history_epochs": [1.0]},
        {"history": [float("inf")], "history_epochs": [1.0]},
        {"history": [1.0]},
    ],
)
def test_what_is_no_curve_is_none(measured: dict) -> None:
    """Results of other versions, and of training that came to nothing."""
    assert losses_of(trained(**measured)) is None
    assert accuracies_of(trained(**measured)) is None


def test_a_table_shows_first_and_last() -> None:
    """Six rows of a long training, all of a short one."""
    epochs = tuple(float(epoch) for epoch in range(1, 201))
    rows = Losses(epochs, epochs).samples()
    assert len(rows) == 6
    assert (rows[0], rows[-1]) == ((1.0, 1.0), (200.0, 200.0))
    assert len(Losses(epochs[:4], epochs[:4]).samples()) == 4
