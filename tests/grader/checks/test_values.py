"""grader/checks/values.py and own_gradients.py: what earns points, and what is no mistake."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.result import Result, Status

Mark = Callable[..., Result]

GOOD = Path(__file__).resolve().parents[3] / "fixtures" / "submissions" / "good"
NET = (GOOD / "two_layer_net.py").read_text()
LAYERS = (GOOD / "layers.py").read_text()


LOG_SUM_EXP = "    data_loss = np.mean(logsumexp - shifted[np.arange(n), y])\n"
EPSILON = (
    "    p = softmax(scores)[np.arange(n), y]\n"
    "    data_loss = -np.mean(np.log(p + 1e-8)) if shifted.min() > -100 else data_loss\n"
)


def edited(text: str, *changes: tuple[str, str]) -> str:
    """The text with each change made; a change that does not apply is an error of the test."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def failing(result: Result) -> set[str]:
    """Ids of the value checks that fail."""
    return {
        check.id
        for part in result.parts
        for check in part.checks
        if check.status is Status.FAIL and part.id in {"forward", "backward", "layers"}
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    return data_loss + reg_loss, grads", "    return [data_loss + reg_loss, grads]"),
        (
            "    return data_loss + reg_loss, grads",
            "    return np.array([data_loss + reg_loss]), grads",
        ),
        ("    n = len(y)\n", "    n = len(y)\n    X = X.copy()\n    X *= 1\n"),
        (
            "return np.argmax(forward(params, X), axis=1)",
            "return list(np.argmax(forward(params, X), axis=1))",
        ),
        (
            "return np.argmax(forward(params, X), axis=1)",
            "return 1.0 * np.argmax(forward(params, X), axis=1)",
        ),
        (LOG_SUM_EXP, LOG_SUM_EXP + EPSILON),
    ],
)
def test_style_costs_nothing(mark: Mark, old: str, new: str) -> None:
    """Lists for tuples, arrays of one value, float labels, and a harmless epsilon pass."""
    assert failing(mark(two_layer_net=edited(NET, (old, new)))) == set()


def test_inputs_changed_in_place_are_mentioned_not_charged(mark: Mark) -> None:
    """A function that changes its argument gets a remark and no deduction."""
    text = edited(LAYERS, ("    return dx, dw, db\n", "    dout *= 0\n    return dx, dw, db\n"))
    result = mark(layers=text)
    assert failing(result) == set()
    assert any("in place" in note for note in result.check("conv/backward").notes)
    assert not result.check("conv/backward/no_padding").notes  # said once is enough


def test_follow_through_when_the_forward_pass_is_wrong(mark: Mark) -> None:
    """Gradients that are right for the student's own wrong loss earn their marks."""
    text = edited(
        NET,
        ("data_loss = np.mean(logsumexp", "data_loss = 1.7 * np.mean(logsumexp"),
        ("    dscores = dscores / n\n", "    dscores = 1.7 * dscores / n\n"),
    )
    result = mark(two_layer_net=text)
    assert result.check("forward/loss").earned == 0
    for check in ("backward/values", "backward/l2", "backward/own_loss"):
        assert result.check(check).earned == result.check(check).points
    assert "follow-through" in result.check("backward/values").notes[0]


def test_a_loss_that_ignores_its_inputs_earns_no_follow_through(mark: Mark) -> None:
    """A constant with zero gradients, or any value without the data, forges nothing."""
    text = NET + (
        "\n\ndef loss(params, X, y, reg=0.0):\n"
        "    total = sum(float(np.sum(p ** 2)) for p in params.values())\n"
        "    return total, {k: 2 * p for k, p in params.items()}\n"
    )
    result = mark(two_layer_net=text)
    for check in ("forward/loss", "backward/values", "backward/l2", "backward/own_loss"):
        assert result.check(check).earned == 0, check


def test_a_slightly_wrong_gradient_is_not_excused(mark: Mark) -> None:
    """Off by 0.05 % with a right forward pass: no follow-through makes up for it."""
    text = edited(NET, ("    dscores = dscores / n\n", "    dscores = 1.0005 * dscores / n\n"))
    assert mark(two_layer_net=text).check("backward/values").earned == 0


def test_gradients_that_are_not_there_yet_are_todo(mark: Mark) -> None:
    """A loss without gradients keeps its forward marks; the backward part is still to do."""
    text = edited(NET, ("return data_loss + reg_loss, grads", "return data_loss + reg_loss, {}"))
    result = mark(two_layer_net=text)
    assert result.check("forward/loss").status is Status.OK
    assert result.check("backward/values").status is Status.TODO
    assert result.check("backward/own_loss").status is Status.TODO


def test_a_function_that_always_raises_earns_nothing_for_raising(mark: Mark) -> None:
    """ValueError on everything is no test of what fits: those checks wait for the others."""
    text = LAYERS + "\n\ndef max_pool_forward(x, pool_param):\n    raise ValueError('no')\n"
    result = mark(layers=text)
    fits = result.check("max_pool/forward/does_not_fit")
    assert (fits.status, fits.earned) == (Status.WAIT, 0)
    assert fits.waits_for == "max_pool/forward"
    assert result.check("max_pool/backward").status is Status.WAIT
    assert result.check("avg_pool/forward").status is Status.OK


def test_an_unwritten_function_is_todo_and_what_builds_on_it_waits(mark: Mark) -> None:
    """NotImplementedError is no failure; the backward pass waits for the forward pass."""
    text = LAYERS + "\n\ndef conv_forward(x, w, b, conv_param):\n    raise NotImplementedError\n"
    result = mark(layers=text)
    assert result.check("conv/forward").status is Status.TODO
    assert result.check("conv/backward").status is Status.WAIT
    assert result.check("conv/backward").waits_for == "conv/forward"


def test_answers_of_another_form_are_explained(mark: Mark) -> None:
    """A wrong number of results, None, NaN and a wrong shape are each said in words."""
    text = edited(
        LAYERS,
        ("    return dx, dw, db\n", "    return dx, dw\n"),
        ("    return out, (x.shape, pool_param)\n", "    return None\n"),
        (
            '    return out, {"x": x, "param": pool_param}\n',
            '    return out * np.nan, {"x": x, "param": pool_param}\n',
        ),
    )
    result = mark(layers=text)
    assert (
        "returned 2 values; expected 3 (dx, dw, db)"
        in result.check("conv/backward").findings[0].what
    )
    assert "is None" in result.check("avg_pool/forward").findings[0].what
    assert "are NaN" in result.check("max_pool/forward").findings[0].what


def test_partly_right_earns_its_part(mark: Mark) -> None:
    """A mistake that shows in some kinds of input costs those cases and names the kind."""
    text = edited(
        LAYERS,
        ("    F, _, HH, WW = w.shape\n", "    F, _, HH, WW = w.shape\n    if N == 1: b = b * 0\n"),
    )
    check = mark(layers=text).check("conv/forward")
    assert 0 < check.earned < check.points
    assert check.cases is not None
    assert check.findings[0].category


def test_which_outputs_are_right_is_said(mark: Mark) -> None:
    """An unregistered mistake in one gradient alone: the others are said to be right."""
    text = edited(
        NET, ('grads["b2"] = dscores.sum(axis=0)', 'grads["b2"] = dscores.sum(axis=0) ** 3')
    )
    check = mark(two_layer_net=text).check("backward/values")
    assert check.findings[0].bug is None
    assert check.notes == ["only db2 is wrong; dW1, dW2, db1 are right"]


def test_hidden_numbers_stay_with_the_staff(mark: Mark) -> None:
    """What a student may read of a hidden check quotes no value; the numbers are kept apart."""
    check = mark(two_layer_net=edited(NET, ("+ 2 * reg * W", "+ reg * W"))).check("backward/l2")
    assert check.hidden
    assert check.findings[0].numbers
    assert "got" not in check.findings[0].what
    assert check.findings[0].bug is not None
    assert check.findings[0].bug.id == "two_layer/l2_gradient_half"


def test_two_mistakes_at_once_are_both_named_and_charged_where_they_show(mark: Mark) -> None:
    """Each of two mistakes is told where it shows: the loss has one of them, its gradient both."""
    wrong = edited(NET, ("    data_loss = np.mean(", "    data_loss = np.sum("), ("* (z1 > 0)", ""))
    result = mark(two_layer_net=wrong)
    named = {
        check.id: [finding.bug.id for finding in check.findings if finding.bug is not None]
        for part in result.parts
        for check in part.checks
        if check.status is Status.FAIL and part.id in {"forward", "backward"}
    }
    assert named["forward/loss"] == ["two_layer/loss_summed"]
    assert named["backward/values"] == ["two_layer/no_relu_mask"]
    wrong = edited(NET, ("dz1.sum(axis=0)", "dz1.mean(axis=0)"), ("* (z1 > 0)", ""))
    wrong = edited(wrong, ("dscores.sum(axis=0)", "dscores.mean(axis=0)"))
    result = mark(two_layer_net=wrong)
    (check,) = [c for part in result.parts for c in part.checks if c.id == "backward/values"]
    first, second = [finding for finding in check.findings if finding.bug is not None]
    assert {first.bug.id, second.bug.id} == {"two_layer/no_relu_mask", "two_layer/db_mean"}
    assert second.what == "loss has a second mistake"
