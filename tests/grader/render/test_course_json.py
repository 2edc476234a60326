"""grader/render/course_json.py and lines.py: Results for programs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from grader.render import course_json, lines
from grader.result import Result
from grader.standing import Adjustment
from tests.grader.render.conftest import absent, course, standing


def test_the_document_holds_what_counts_and_how_it_came_about(
    result: Result, tmp_path: Path
) -> None:
    """Everything of a standing, and the Result as `grade --json` prints it."""
    at = datetime(2026, 11, 21, tzinfo=UTC)
    row = replace(
        standing("Zoë", result), penalty=5.0, adjustments=(Adjustment(2.5, "ill", "ada", at),)
    )
    path = tmp_path / "results.json"
    course_json.write(course(row, absent("s0")), path)
    told = json.loads(path.read_text("utf-8"))
    assert (told["assignment"], told["title"]) == ("hw3", "Homework 3")
    first, second = told["standings"]
    assert (first["student"]["id"], first["earned"], first["penalty"], first["final"]) == (
        *("Zoë", 50, 5, 47.5),
    )
    assert first["adjustments"] == [
        {"points": 2.5, "reason": "ill", "author": "ada", "made_at": "2026-11-21T00:00:00+00:00"}
    ]
    assert Result.model_validate(first["result"]) == result
    assert (second["result"], second["final"], second["attempts"]) == (None, None, 0)


def test_an_empty_course_is_a_document(tmp_path: Path) -> None:
    """Nobody is done yet."""
    course_json.write(course(), tmp_path / "results.json")
    assert json.loads((tmp_path / "results.json").read_text())["standings"] == []


def test_lines_are_the_results_of_those_who_have_one(result: Result, tmp_path: Path) -> None:
    """One JSON document a line."""
    rows = course(standing("s1", result), standing("s2", None, "x"), absent("s3"))
    lines.write(rows, tmp_path / "results.jsonl")
    (line,) = (tmp_path / "results.jsonl").read_text("utf-8").splitlines()
    assert Result.model_validate(json.loads(line)) == result
