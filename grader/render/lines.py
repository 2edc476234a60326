"""results.jsonl and results.json: every complete Result, for staff (hidden cases are quoted)."""

from __future__ import annotations

from pathlib import Path

from grader.render.machine import to_json_line
from grader.standing import Course


def write(course: Course, path: Path) -> None:
    """Write JSON Lines: a Result a line, of each student who has one."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for standing in course:
            if standing.result is not None:
                file.write(to_json_line(standing.result))
