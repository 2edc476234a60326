"""results.json: the whole course as one document, standings with their Results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from grader.render.machine import to_json_line
from grader.standing import Course, Standing


def write(course: Course, path: Path) -> None:
    """Write ``{"assignment", "title", "parts", "standings"}``, a standing a line."""
    head = {
        "assignment": course.assignment,
        "title": course.title,
        "parts": [{"id": c.id, "title": c.title, "points": c.points} for c in course.columns],
    }
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "standings": [')
        between = "\n"
        for standing in course:
            file.write(between + _standing(standing))
            between = ",\n"
        file.write("\n]}\n")


def _standing(standing: Standing) -> str:
    student, attempt = standing.student, standing.attempt
    at = attempt.submitted_at
    told: dict[str, Any] = {
        "student": {
            "id": student.id,
            "name": student.name,
            "email": student.email,
            "section": student.section,
        },
        "submission": standing.name,
        "attempt": attempt.number,
        "attempts": standing.attempts,
        "submitted_at": None if at is None else at.isoformat(),
        "late_seconds": attempt.late_seconds,
        "earned": standing.earned,
        "points": standing.points,
        "penalty": standing.penalty,
        "adjustments": [
            {
                "points": each.points,
                "reason": each.reason,
                "author": each.author,
                "made_at": each.made_at.isoformat(),
            }
            for each in standing.adjustments
        ],
        "final": standing.final,
        "trouble": standing.trouble,
        "failed": standing.failed,
    }
    # The Result is written as it is published, not by way of this dictionary.
    result = "null" if standing.result is None else to_json_line(standing.result).rstrip("\n")
    return json.dumps(told, ensure_ascii=False)[:-1] + f', "result": {result}}}'
