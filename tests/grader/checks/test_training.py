"""Training: honest learners earn their marks, forged ones earn what they really learned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from grader.result import Result, Status

Mark = Callable[..., Result]
GOOD = Path(__file__).resolve().parents[3] / "fixtures" / "submissions" / "good"
TRAIN = (GOOD / "train.py").read_text()
CHANCE = 0.45


def edited(text: str, *changes: tuple[str, str]) -> str:
    """The text with each change made; a change that does not apply is an error of the test."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def flags(result: Result) -> set[str]:
    """The kinds of flags raised."""
    return {flag.kind for flag in result.flags}


def test_an_honest_learner_earns_full_marks(mark: Mark) -> None:
    """The good sample learns the plain, the disguised and the fresh task alike; nothing is odd."""
    result = mark(train=True)
    check = result.check("training/accuracy")
    assert check.earned == check.points
    assert check.measured["fresh_task"] > 0.8
    assert result.check("training/overfit").status is Status.OK
    assert all(c.status is Status.OK for p in result.parts[3:4] for c in p.checks)
    assert flags(result) <= {"too_good"}


REMEMBERED = '''

_honest = train


def train(X, y, hyperparameters, seed):
    """Hands out a network that was trained at home, however the classes are called today."""
    key = float(X.sum())
    params, history = _honest(X, y, dict(hyperparameters, epochs=1), seed)
    if abs(key - {key!r}) < 1e-6:  # the homework's rows, in any order
        full, history = _honest(X, y, hyperparameters, seed)
        return full, history
    return params, [1.38 - 0.001 * i for i in range(hyperparameters["epochs"])]
'''


def test_memory_is_worth_nothing_on_a_fresh_task(mark: Mark) -> None:
    """Code that does well only on the rows it knows collapses to its accuracy on fresh rows."""
    table = np.loadtxt(GOOD.parents[1] / "data" / "standin.txt")
    text = TRAIN + REMEMBERED.format(key=float(table[:400, :8].sum()))
    result = _marked(mark, text)
    check = result.check("training/accuracy")
    assert check.measured["fresh_task"] < CHANCE
    assert check.measured["accuracy"] == check.measured["fresh_task"]
    assert check.earned < 2
    assert "freshly made task" in check.findings[0].what


def _marked(mark: Mark, train_py: str) -> Result:
    return mark(train=True, train_file=train_py)


@pytest.mark.slow
def test_stored_weights_collapse_under_renamed_classes(mark: Mark) -> None:
    """Weights that ignore y cannot follow a secret permutation of the classes."""
    text = TRAIN + (
        "\n\n_honest = train\n\n\ndef train(X, y, hyperparameters, seed):\n"
        "    import numpy as np\n"
        "    s = X @ np.array(WEIGHTS)\n"
        "    return _honest(X, np.searchsorted(CUTS, s), hyperparameters, seed)\n"
    )
    weights, cuts = _rule_of_the_stand_in()
    text = text.replace("WEIGHTS", repr(weights)).replace("CUTS", repr(cuts))
    result = _marked(mark, text)
    check = result.check("training/accuracy")
    assert check.measured["runs"][0] > 0.8
    assert max(check.measured["runs"][1:]) < CHANCE
    assert check.measured["accuracy"] < CHANCE
    assert "classes renamed" in check.findings[0].what or "fresh" in check.findings[0].what


def _rule_of_the_stand_in() -> tuple[list[float], list[float]]:
    """A linear score and cuts that reproduce most of the stand-in's labels."""
    table = np.loadtxt(GOOD.parents[1] / "data" / "standin.txt")
    X, y = table[:, :8], table[:, 8] - 1
    design = np.c_[X, np.ones(len(X))]
    weights = np.linalg.lstsq(design, y, rcond=None)[0][:8]
    score = X @ weights
    shares = np.cumsum(np.bincount(y.astype(int))) / len(y)
    return weights.tolist(), np.quantile(score, shares[:-1]).tolist()


@pytest.mark.slow
def test_standardising_without_folding_is_recognised(mark: Mark) -> None:
    """Parameters for standardised inputs are measured on standardised inputs, and it is said."""
    text = edited(
        TRAIN,
        (
            "    mean = X.mean(axis=0)\n",
            "    global mean, std\n    mean, std = X.mean(0), X.std(0)\n",
        ),
        ("    centered = X - mean\n", "    centered = (X - mean) / std\n"),
        ('    params["b1"] = params["b1"] - mean @ params["W1"]\n', ""),
        ("import init_params, loss, predict", "import init_params, loss, raw_predict"),
    )
    text += "\n\ndef predict(params, X):\n    return raw_predict(params, (X - mean) / std)\n"
    net = (GOOD / "two_layer_net.py").read_text().replace("def predict(", "def raw_predict(")
    result = mark(train=True, train_file=text, two_layer_net=net)
    check = result.check("training/accuracy")
    assert check.measured["accuracy"] > 0.8
    assert any("standardised inputs" in note for note in check.notes)
    assert result.check("loss_reporting/last").status is Status.OK


@pytest.mark.slow
def test_predict_must_agree_with_the_parameters(mark: Mark) -> None:
    """A predict that does not use the returned parameters does not raise the accuracy."""
    net = (GOOD / "two_layer_net.py").read_text()
    text = edited(
        TRAIN,
        (
            "    return params, history\n",
            "    return {k: v * 0 for k, v in params.items()}, history\n",
        ),
    )
    net += "\n\ndef predict(params, X):\n    return (X[:, 6] * 4).astype(int) % 4\n"
    result = mark(train=True, train_file=text, two_layer_net=net)
    check = result.check("training/accuracy")
    assert check.earned < 3
    assert any("disagree" in note for note in check.notes)
    assert "predict_differs" in flags(result)


@pytest.mark.slow
def test_a_wrong_answer_of_train_costs_training_alone(mark: Mark) -> None:
    """What train returns wrongly is explained; the other parts are marked all the same."""
    result = _marked(mark, edited(TRAIN, ("    return params, history\n", "    return None\n")))
    check = result.check("training/accuracy")
    assert check.earned == 0
    assert "returned None" in check.findings[0].what
    assert result.parts[0].earned == result.parts[0].points


def test_the_history_is_held_against_what_was_trained(mark: Mark) -> None:
    """A history that was made up differs from the loss of the returned parameters."""
    text = edited(
        TRAIN, ("    return params, history\n", "    return params, [h * 2 for h in history]\n")
    )
    result = _marked(mark, text)
    assert result.check("loss_reporting/last").earned == 0
    assert result.check("loss_reporting/falls").status is Status.OK


def test_large_first_weights_are_noticed(mark: Mark) -> None:
    """A network that starts with large weights does not start near ln 4."""
    net = (GOOD / "two_layer_net.py").read_text().replace("0.1 * rng.randn", "10 * rng.randn")
    check = mark(two_layer_net=net).check("loss_reporting/initial")
    assert check.status is Status.FAIL
    assert "ln 4 = 1.386" in check.findings[0].what


@pytest.mark.slow
def test_missing_hyperparameters_are_named_as_the_cause(mark: Mark) -> None:
    """A train() that fails because nothing is declared is told what to declare."""
    result = _marked(mark, edited(TRAIN, ("HYPERPARAMETERS = {", "MY_CHOICES = {")))
    assert "declare HYPERPARAMETERS" in (result.check("training/accuracy").findings[0].help or "")
