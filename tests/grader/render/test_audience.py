"""grader/render/audience.py: the one rule about who may see what."""

from __future__ import annotations

import pytest

from grader.render.audience import for_audience
from grader.render.machine import to_json
from grader.render.markdown import render_markdown
from grader.render.self_check import render_self_check
from grader.render.terminal import render_terminal
from grader.result import Result

SECRETS = ["0.0421", "0.0842", "0.1234"]
RENDERERS = [
    to_json,
    render_markdown,
    lambda result: render_terminal(result, verbose=True),
    lambda result: render_self_check(result, everything=True),
]


@pytest.mark.parametrize("render", RENDERERS)
def test_a_student_never_sees_numbers_or_text_of_a_hidden_check(result: Result, render) -> None:
    """Whatever the output: no expected value, no channel for the inputs, no flag."""
    told = render(for_audience(result, "student"))
    assert not [secret for secret in SECRETS if secret in told]
    assert "literal array" not in told
    assert "two_layer_net.py" in told
    assert "reg" in told


@pytest.mark.parametrize("render", RENDERERS[:3])
def test_staff_see_everything(result: Result, render) -> None:
    """The same outputs for staff hold the numbers, the student's text and the flags."""
    told = render(for_audience(result, "staff"))
    assert [secret for secret in SECRETS if secret in told] == SECRETS
    assert "literal array" in told


def test_open_checks_keep_their_numbers(result: Result) -> None:
    """What is not hidden is not hidden: the measured accuracy belongs to the student."""
    open_check = for_audience(result, "student").check("report/accuracy")
    assert open_check == result.check("report/accuracy")


def test_points_are_the_same_for_both(result: Result) -> None:
    """The audience changes explanations, never marks, and never the Result it was given."""
    before = result.model_dump()
    seen = for_audience(result, "student")
    assert (seen.earned, seen.points) == (result.earned, result.points)
    assert [p.earned for p in seen.parts] == [p.earned for p in result.parts]
    assert result.model_dump() == before
