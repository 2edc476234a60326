"""grader/render/terminal.py and the page it writes on."""

from __future__ import annotations

import re

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.render.page import Page
from grader.render.terminal import render_terminal
from grader.result import Finding, Result, Status

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def replaced(result: Result, finding: Finding) -> Result:
    """The result with ``finding`` in place of the one of backward/l2."""
    part = result.parts[1]
    checks = [c.model_copy(update={"findings": [finding]}) for c in part.checks]
    parts = [result.parts[0], part.model_copy(update={"checks": checks}), *result.parts[2:]]
    return result.model_copy(update={"parts": parts})


def test_the_table_adds_up_and_says_what_was_used(result: Result) -> None:
    """Every part, the deduction, the total, the wall and the stand-in are told."""
    text = render_terminal(result)
    for expected in (
        r"^hw3  Two-layer network in NumPy .* s1042 .* wall: full$",
        r"^Forward +15 / 15$",
        r"^Convolution, pooling +12 / 20.5$",
        r"^Deduction +-10 +uses torch$",
        r"^Total +50 / 80.5 +1.9 s, student's code 1.7 s of CPU time$",
        r"stand-in dataset",
    ):
        assert re.search(expected, text, re.MULTILINE), expected


def test_each_lost_point_is_explained(result: Result) -> None:
    """What, how much, where with the source line, the bug, the help."""
    text = " ".join(render_terminal(result).split())
    assert (
        "FAIL backward/l2 0 / 4 0 of 2 cases "
        "dW1: 64 of 64 values differ, all by the factor 0.5 (with L2) "
        "worst at [3, 5]: got 0.0421, want 0.0842 (exactly half) "
        "--> two_layer_net.py:57, in loss | dW1 += reg * params['W1'] "
        "said: printed: the secret input was 0.1234 bug: the loss adds"
    ) in text
    assert "help: differentiate the term you added to the loss, factor included" in text
    assert "wait backward/own_loss 0 / 6 after backward/l2" in text
    assert "todo avg_pool/backward 0 / 2.5 not written yet (layers.py:141)" in text
    assert "forward/scores" not in text


def test_verbose_shows_every_check(result: Result) -> None:
    """With --verbose nothing is left out: checks that passed, files, hashes, versions."""
    text = render_terminal(result, verbose=True)
    for part in result.parts:
        for check in part.checks:
            assert check.id in text
    assert "ab" * 32 in text
    assert "numpy 2.4.6" in text
    assert "data is not visible" in text


def test_a_bug_is_explained_once(result: Result) -> None:
    """The second check with the same bug refers to the first, unless all is asked for."""
    part = result.parts[1]
    again = part.checks[1].model_copy(update={"id": "backward/again"})
    parts = [part.model_copy(update={"checks": [*part.checks, again]})]
    changed = result.model_copy(update={"parts": parts})
    text = render_terminal(changed)
    assert text.count("differentiate the term") == 1
    assert "bug: the same as at backward/l2" in text
    assert render_terminal(changed, verbose=True).count("differentiate the term") == 2


def test_what_else_a_named_bug_breaks_is_one_line(result: Result) -> None:
    """dW1 and dW2 are wrong by the same bug: it is explained at the first."""
    first = result.check("backward/l2").findings[0]
    second = Finding(what="dW2: all differ", place=first.place, help="some general advice")
    part = result.parts[1]
    checks = [part.checks[1].model_copy(update={"findings": [first, second]})]
    changed = result.model_copy(update={"parts": [part.model_copy(update={"checks": checks})]})
    text = render_terminal(changed)
    assert "    dW2: all differ\n\n" in text
    assert "some general advice" not in text


@pytest.mark.parametrize("width", [50, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal(result: Result, width: int) -> None:
    """Text wraps at the terminal's width."""
    lines = render_terminal(result, width=width, verbose=True).split("\n")
    assert max(len(line) for line in lines) <= width


def test_the_time_stands_below_the_total_where_it_does_not_fit(result: Result) -> None:
    """At 80 columns it is on the total's line, on a narrow terminal on a line of its own."""
    wide = render_terminal(result).split("\n")
    narrow = render_terminal(result, width=40).split("\n")
    at = next(i for i, line in enumerate(narrow) if line.startswith("Total"))
    assert any(line.startswith("Total") and "of CPU time" in line for line in wide)
    assert "CPU time" not in narrow[at]
    assert "CPU time" in narrow[at + 1]


def test_colour_changes_nothing_but_colour(result: Result) -> None:
    """Without its colours the coloured text is the plain text."""
    coloured = render_terminal(result, colour=True)
    assert "\x1b[" in coloured
    assert click.unstyle(coloured) == render_terminal(result)


@given(st.text(max_size=200))
def test_nothing_a_student_wrote_controls_the_terminal(text: str) -> None:
    """Escape sequences, bidirectional marks and markup come out as plain characters."""
    page = Page(80)
    page.text(text)
    page.field("said:", text, 4)
    page.columns(text, text)
    page.row("  FAIL", text)
    assert not CONTROL.search(str(page))


def test_markup_is_not_interpreted(result: Result) -> None:
    """Square brackets in a message stay where they are."""
    finding = Finding(what="[bold red]no[/]", student_text="[link=http://x]100 / 100[/link]")
    text = render_terminal(replaced(result, finding), colour=True)
    assert "[bold red]no[/]" in text
    assert "[link=http://x]100 / 100[/link]" in text


def test_a_submission_that_could_not_be_marked_says_why(result: Result) -> None:
    """A problem: the table, the reason, and no list of all that was not checked."""
    empty = result.model_copy(
        update={"earned": 0.0, "deductions": [], "problem": "the zip is encrypted"}
    )
    text = render_terminal(empty)
    assert "backward/l2" not in text
    assert "Not marked: the zip is encrypted" in text
    assert re.search(r"^Total +0 / 80.5", text, re.MULTILINE)


def test_many_findings_are_cut_unless_asked_for(result: Result) -> None:
    """Three explanations are enough for a first look."""
    many = [Finding(what=f"value {i} differs") for i in range(5)]
    part = result.parts[1]
    check = part.checks[1].model_copy(update={"findings": many, "status": Status.FAIL})
    changed = result.model_copy(
        update={"parts": [part.model_copy(update={"checks": [check]})], "deductions": []}
    )
    assert "and 2 more like this" in render_terminal(changed)
    assert "value 4 differs" in render_terminal(changed, verbose=True)
