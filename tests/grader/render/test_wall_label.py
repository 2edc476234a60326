"""A wall that is not secure is named as such wherever a result is shown."""

from __future__ import annotations

import pytest

from grader.render.gradebook import csv_lines
from grader.render.markdown import render_markdown
from grader.render.overview import render_overview
from grader.render.self_check import render_self_check
from grader.render.terminal import render_terminal
from grader.result import Result
from tests.grader.render.conftest import course, standing

NOT_SECURE = "basic (not secure)"


@pytest.fixture
def weak(result: Result) -> Result:
    return result.model_copy(update={"wall": "basic"})


def test_every_output_says_that_the_wall_was_not_secure(weak: Result) -> None:
    """Terminal, feedback, gradebook and overview; a mark never comes about so in silence."""
    assert f"wall: {NOT_SECURE}\n" in render_terminal(weak)
    assert f"wall: {NOT_SECURE}." in render_markdown(weak)
    assert f",{NOT_SECURE}," in "".join(csv_lines(course(standing("s1042", weak))))
    assert f"wall: {NOT_SECURE}" in render_overview(course(standing("s1042", weak)), 1, [])


def test_a_self_check_is_called_one(weak: Result) -> None:
    """Students are not alarmed: it is their own code."""
    assert "wall: basic (self-check, not secure)" in render_self_check(weak).split("\n")[0]


@pytest.mark.parametrize("tier", ["full", "kernel"])
def test_a_secure_wall_is_named_and_no_more(result: Result, tier: str) -> None:
    """No remark where there is nothing to remark on."""
    secure = result.model_copy(update={"wall": tier})
    for text in (render_terminal(secure), render_markdown(secure), render_self_check(secure)):
        assert f"wall: {tier}" in text
        assert "secure" not in text
    assert "wall" not in render_overview(course(standing("s1042", secure)), 1, [])
