"""grader/render/checkup.py: the page of `grade doctor`."""

from __future__ import annotations

from dataclasses import replace

import click
import pytest

from grader.assignment_file import load_assignment
from grader.checkup import Checkup, Speed, Trouble
from grader.render.checkup import render_checkup
from grader.sandbox import Obstacle, Wall

OBSTACLE = Obstacle("full", "bubblewrap is not installed", "install it: apt install bubblewrap")
KERNEL = Wall("kernel", ("mount", "pid"), 6, True, 65000, obstacles=(OBSTACLE,))


@pytest.fixture
def found() -> Checkup:
    return Checkup(
        load_assignment("hw3"),
        wall=KERNEL,
        speed=Speed(0.214, 0.0042),
        dataset="dataset.txt",
        reference=True,
        free_bytes=12 * 10**9,
    )


def test_each_mechanism_has_a_line(found: Checkup) -> None:
    """What was proved, not what the tier's name promises."""
    text = render_checkup(found)
    for line in (
        "wall: kernel",
        "bubblewrap     not installed",
        "namespaces     mount, pid",
        "Landlock       version 6",
        "seccomp        yes",
        "student code   runs as user 65000",
        "server start   0.21 s",
        "fresh process  4.2 ms, median of 20",
    ):
        assert line in text


def test_what_is_in_the_way_is_no_reason_to_refuse(found: Checkup) -> None:
    """The obstacle and its remedy are shown; the wall that holds is accepted."""
    text = render_checkup(found)
    assert "  full: bubblewrap is not installed\n    help: install it" in text
    assert text.endswith("\n`grade` and `grade batch` mark here.\n")


def test_a_trouble_is_shown_with_its_remedy_and_changes_the_verdict(found: Checkup) -> None:
    """The last line is what to do."""
    found.troubles.append(Trouble("secrets", "others can read ~/seed", "chmod 600 ~/seed"))
    text = render_checkup(found)
    assert "To mend\n  secrets: others can read ~/seed\n    help: chmod 600 ~/seed\n" in text
    assert text.endswith("\nMend this first.\n")


def test_without_a_wall_nothing_can_be_marked(found: Checkup) -> None:
    """A server that does not start is the end of it."""
    found.wall = found.speed = None
    assert render_checkup(found).endswith("\nNothing can be marked here.\n")


@pytest.mark.parametrize("width", [50, 80, 100])
def test_no_line_is_wider_than_the_terminal(found: Checkup, width: int) -> None:
    """Reasons come from the system, and may be long."""
    long = Obstacle("full", "bwrap: " + "setting up uid map: Permission denied " * 6, "a " * 90)
    found.wall = replace(KERNEL, obstacles=(long,))
    assert max(map(len, render_checkup(found, width=width).split("\n"))) <= width


def test_colour_is_only_around_the_text(found: Checkup) -> None:
    """What is copied from a terminal reads the same."""
    assert click.unstyle(render_checkup(found, colour=True)) == render_checkup(found)
