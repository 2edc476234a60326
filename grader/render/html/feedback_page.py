"""A student's feedback as an HTML page: the same story as in Markdown, with the training drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grader.render.audience import for_audience
from grader.render.explain import Explained, explained, headline
from grader.render.feedback import how_counted, write_text
from grader.render.html.curve import curve, strip
from grader.render.html.environment import environment, policy
from grader.render.training_figures import accuracies_of, losses_of
from grader.render.wording import (
    about_the_marks,
    facts,
    lost_points,
    seconds,
    waiting,
    wall_label,
    where,
)
from grader.result import CheckResult, PartResult, Result, Status
from grader.standing import Course, Standing


def write(course: Course, path: Path) -> None:
    """Write a page for each standing into the folder ``path``; what else is in it stays."""
    path.mkdir(parents=True, exist_ok=True)
    for standing in course:
        if standing.handed_in:
            write_one(standing, path)


def write_one(standing: Standing, folder: Path) -> None:
    """Write one student's page, whole or not at all."""
    write_text(feedback(standing), folder / file_name(standing.name))


def file_name(name: str) -> str:
    """What the page of a submission of this name is called."""
    return f"{name}.html"


def marked(name: str, result: Result | None) -> str:
    """What is known when a submission has just been marked, before lateness and adjustments."""
    return _page(name, result, final=0.0 if result is None else result.earned)


def feedback(standing: Standing) -> str:
    """The student's page."""
    return _page(
        standing.name,
        standing.result,
        person=standing.student.name,
        final=standing.final or 0.0,
        counted=how_counted(standing),
    )


def _page(name: str, result: Result | None, **more: Any) -> str:
    told: dict[str, Any] = {"policy": policy(), "name": name, "result": None}
    told |= {"heading": "Feedback", "person": "", "counted": [], "remarks": []} | more
    if result is not None:
        told |= _of_result(for_audience(result, "student"))
    return environment().get_template("feedback_page.html").render(told)


def _of_result(result: Result) -> dict[str, Any]:
    losses, accuracies = losses_of(result), accuracies_of(result)
    parts = result.parts if result.problem is None else []
    causes: dict[str, str] = {}
    return {
        "result": result,
        "heading": f"{result.assignment}: {result.title}",
        "headline": headline,
        "losses": losses,
        "curve": losses and curve(losses),
        "accuracies": accuracies and strip(accuracies),
        "lost": [_lost(part, causes) for part in parts if any(map(lost_points, part.checks))],
        "right": [check for part in parts for check in part.checks if not lost_points(check)],
        "remarks": _remarks(result),
    }


def _lost(
    part: PartResult, causes: dict[str, str]
) -> tuple[PartResult, list[tuple[CheckResult, list[Explained]]], list[tuple[CheckResult, str]]]:
    """A part, what ran of it and lost points, and what did not run with the reason."""
    lost = [check for check in part.checks if lost_points(check)]
    ran = [check for check in lost if check.status in {Status.OK, Status.FAIL}]
    return (
        part,
        [(check, list(explained(check, causes))) for check in ran],
        [(check, _why_unchecked(check)) for check in lost if check not in ran],
    )


def _why_unchecked(check: CheckResult) -> str:
    if check.status is Status.TODO:
        places = where(check.findings)
        return f"not written yet ({places})" if places else "not written yet"
    if check.status is Status.WAIT:
        return f"{waiting(check)} works"
    return "; ".join(check.notes) or "not run"


def _remarks(result: Result) -> list[str]:
    remarks = [f"Note: {fact}" for fact in [*facts(result), *about_the_marks(result)]]
    if any(check.hidden for part in result.parts for check in part.checks):
        remarks.append("Inputs and expected values of hidden cases are not shown to students.")
    version = result.versions.get("goldgrad", "")
    took = f"{seconds(result.timing.total)}, wall: {wall_label(result.wall)}"
    return [*remarks, f"Marked by goldgrad {version} in {took}."]
