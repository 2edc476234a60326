"""Right homework in unusual styles keeps its marks; tricks that look like homework earn none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.result import Result

Mark = Callable[..., Result]
GOOD = Path(__file__).resolve().parents[3] / "fixtures" / "submissions" / "good"
NET = (GOOD / "two_layer_net.py").read_text()
LAYERS = (GOOD / "layers.py").read_text()
TRAIN = (GOOD / "train.py").read_text()


def edited(text: str, *changes: tuple[str, str]) -> str:
    """The text with each change made; a change that does not apply is an error of the test."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


HONEST = {
    "a schedule that is a function": (
        ('    "epochs": 200,\n', '    "epochs": 200,\n    "schedule": lambda rate, t: rate * t,\n'),
    ),
    "milestones with int keys": (
        ('    "epochs": 200,\n', '    "epochs": 200,\n    "milestones": {100: 0.5},\n'),
    ),
    "declared numbers of other types": (
        ('    "epochs": 200,\n', '    "epochs": np.int32(200),\n'),
        ('    "hidden_size": 10,\n', '    "hidden_size": np.int64(10),\n'),
    ),
    "seeds that are computed with": (
        ("RandomState(seed + 1)", "RandomState(seed * 1000 + 1)"),
    ),
    "losses of shape (1,)": (
        ('history.append(float(loss(params, centered, y, hp["reg"])[0]))',
         'history.append(np.array([loss(params, centered, y, hp["reg"])[0]]))'),
    ),
    "a decay by the epoch": (
        ('0.5 * (1 + np.cos(np.pi * epoch / hp["epochs"]))', "0.98 ** epoch"),
    ),
    "the epochs as a float": (
        ('    "epochs": 200,\n', '    "epochs": 2e2,\n'),
        ('in range(hp["epochs"])', 'in range(int(hp["epochs"]))'),
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("style", HONEST)
def test_honest_training_keeps_its_marks(mark: Mark, style: str) -> None:
    """Training and loss reporting earn everything, whatever the style."""
    result = mark(train=True, train_file=edited(TRAIN, *HONEST[style]))
    lost = {
        check.id: [finding.what for finding in check.findings]
        for part in result.parts
        if part.id in {"training", "loss_reporting"}
        for check in part.checks
        if check.earned < check.points
    }
    assert not lost


def test_a_subclass_of_value_error_is_a_value_error(mark: Mark) -> None:
    """An exception class of the student's own that derives from ValueError is what was asked."""
    text = edited(
        LAYERS,
        ("def output_size(", "class ShapeError(ValueError):\n    pass\n\n\ndef output_size("),
        ("raise ValueError(", "raise ShapeError("),
    )
    result = mark(layers=text)
    for layer in ("conv", "max_pool", "avg_pool"):
        assert result.check(f"{layer}/forward/does_not_fit").earned == 1


def test_computing_in_float32_is_no_mistake(mark: Mark) -> None:
    """Float32 is coarser, not wrong: only scores near 1000 are more than it can hold."""
    text = edited(
        NET,
        ("    n = len(y)\n", "    n = len(y)\n    X = X.astype(np.float32)\n"),
        ('W1, b1 = params["W1"], params["b1"]', F32.format("W1, b1", "W1", "b1")),
        ('W2, b2 = params["W2"], params["b2"]', F32.format("W2, b2", "W2", "b2")),
    )
    result = mark(two_layer_net=text)
    assert result.check("backward/values").earned > 8
    assert result.check("backward/own_loss").earned == 6


F32 = '{0} = params["{1}"].astype(np.float32), params["{2}"].astype(np.float32)'


@pytest.mark.parametrize("grads", ['{k: "" for k in params}', "{k: None for k in params}", "{}"])
def test_absent_gradients_are_no_other_mistakes_business(mark: Mark, grads: str) -> None:
    """A named bug in the loss does not excuse gradients that are not there."""
    text = edited(
        NET,
        ("data_loss = np.mean(logsumexp", "data_loss = np.mean(logsumexp / np.log(2)"),
        ("return data_loss + reg_loss, grads", f"return data_loss + reg_loss, {grads}"),
    )
    result = mark(two_layer_net=text)
    assert result.parts[1].earned == 0


SUM = """

def loss(params, X, y, reg=0.0):
    total = sum(p.sum() for p in params.values()) + X.sum() + float(y @ np.arange(len(y)))
    return float(total), {k: np.ones_like(p) for k, p in params.items()}
"""


def test_a_sum_of_the_arguments_is_no_loss(mark: Mark) -> None:
    """A "loss" whose gradient is 1 everywhere earns no follow-through marks."""
    assert mark(two_layer_net=NET + SUM).parts[1].earned == 0
