"""Gradescope's results.json: each check a test, explained as far as a student may see it.

The format is Gradescope's (https://gradescope-autograders.readthedocs.io/en/latest/specs/).
Gradescope shows a student no total as long as one test is hidden from them, so that every test is
visible here: what must not be seen of a hidden check was taken out before (render/audience.py).

Lateness is not in the score: Gradescope knows when a submission came and applies the course's own
rule. A person's adjustments are.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from grader.render.audience import for_audience
from grader.render.feedback import write_text
from grader.render.markdown import escaped, explanation, why_unchecked
from grader.render.wording import about_the_marks, facts, lost_points, points, seconds, wall_label
from grader.result import CheckResult, Result, Status
from grader.score import rounded
from grader.standing import Adjustment, Course, Standing

_LONGEST = 20_000
"""Characters of one test's explanation; more than anybody reads."""
_CENT = 0.01

Document = dict[str, Any]


def write(course: Course, path: Path) -> None:
    """Write a results.json for each submission, as ``<name>.json`` into the folder ``path``."""
    path.mkdir(parents=True, exist_ok=True)
    for standing in course:
        if not standing.handed_in and not standing.adjustments:
            continue
        write_text(to_text(of_standing(standing)), path / f"{standing.name}.json")


def to_text(document: Document) -> str:
    """The file's content."""
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def of_standing(standing: Standing) -> Document:
    """The document of one row of a gradebook."""
    if standing.result is None:
        words = ["This submission has not been marked yet: a person looks into it."]
        if not standing.adjustments:
            return failure(words[0])
        tests = list(_adjusted(standing.adjustments))
        return _document(standing.final or 0.0, tests, words)
    late = (
        f"The late penalty of {points(standing.penalty)} points that the course's rule takes is not"
        " in this score: Gradescope applies its own."
    )
    return of_result(
        standing.result, standing.adjustments, remarks=[late] if standing.penalty else []
    )


def failure(message: str) -> Document:
    """The document where there is no score to give, since it was the grader that failed.

    A score of 0 would be a mark that nobody has earned. Without ``score`` and ``tests`` Gradescope
    records none and shows an error of the autograder, which can be run again.

    Args:
        message: for the student; staff read the autograder's output.
    """
    return {"output": message, "output_format": "text", "stdout_visibility": "hidden"}


def of_result(
    result: Result,
    adjustments: Iterable[Adjustment] = (),
    *,
    remarks: Iterable[str] = (),
    extra: dict[str, str] | None = None,
    leaderboard: bool = False,
) -> Document:
    """The document of a submission.

    Args:
        result: complete; what students must not see is taken out here.
        adjustments: points that a person gave or took.
        remarks: what else to say at the top, for the student.
        extra: what else to store with the submission.
        leaderboard: whether to enter the measured accuracy.
    """
    seen = for_audience(result, "student")
    adjustments = list(adjustments)
    score = max(0.0, rounded(seen.earned + sum(each.points for each in adjustments)))
    tests = _tests(seen)
    corrections = [*_deducted(seen, tests), *_adjusted(adjustments)]
    _take_no_more_than_there_is(corrections, score - _total([*tests, *corrections]))
    document = _document(score, [*tests, *corrections], [*_words(seen), *remarks])
    document["execution_time"] = seen.timing.total
    document["extra_data"] = {
        "goldgrad": seen.versions.get("goldgrad", ""),
        "assignment": seen.assignment,
        "bundle": seen.bundle.sha256 if seen.bundle else "",
        "wall": seen.wall,
        "submission": seen.submission.sha256,
        **(extra or {}),
    }
    if leaderboard:
        document["leaderboard"] = list(_leaderboard(seen))
    return document


def _document(score: float, tests: list[Document], words: Iterable[str]) -> Document:
    return {
        "score": score,
        "output": "\n\n".join(words),
        "output_format": "md",
        "test_output_format": "md",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }


def _words(result: Result) -> list[str]:
    """What concerns the whole submission."""
    words = []
    if result.problem is not None:
        words.append(f"**Not marked:** {escaped(result.problem)}")
    words += [
        f"{escaped(part.title)}: {escaped(part.remark)}" for part in result.parts if part.remark
    ]
    words += [f"Note: {escaped(fact)}" for fact in [*facts(result), *about_the_marks(result)]]
    if any(check.hidden for part in result.parts for check in part.checks):
        words.append("Inputs and expected values of hidden cases are not shown to students.")
    wall = escaped(wall_label(result.wall))
    version = escaped(result.versions.get("goldgrad", ""))
    words.append(f"Marked by goldgrad {version} in {seconds(result.timing.total)}, wall: {wall}.")
    return words


def _tests(result: Result) -> list[Document]:
    told: dict[str, str] = {}
    shares = _shares(result)
    return [
        {
            "number": f"{row}.{column}",
            "name": f"{part.title}: {check.title} ({check.id})",
            "score": shares[check.id],
            "max_score": check.points,
            "status": "failed" if lost_points(check) else "passed",
            "output": _output(result, check, told),
            "output_format": "md",
            "visibility": "visible",
        }
        for row, part in enumerate(result.parts, 1)
        for column, check in enumerate(part.checks, 1)
    ]


def _output(result: Result, check: CheckResult, told: dict[str, str]) -> str:
    if result.problem is not None:
        return "not run, because the submission could not be opened"
    if check.status not in {Status.OK, Status.FAIL}:
        return f"Not checked: {why_unchecked(check)}"
    kept: list[str] = []
    for line in explanation(check, told):
        if sum(map(len, kept)) + len(line) > _LONGEST:
            kept.append("and more like this")
            break
        kept.append(line)
    return "\n".join(kept).strip()


def _total(tests: Iterable[Document]) -> float:
    return rounded(sum(test["score"] for test in tests))


def _deducted(result: Result, tests: list[Document]) -> Iterator[Document]:
    """A test for each deduction; no more is taken than the tests have earned."""
    left = _total(tests)
    for deduction in result.deductions:
        taken = min(left, deduction.points)
        left = rounded(left - taken)
        yield _correction("Deduction", -taken, deduction.reason)


def _adjusted(adjustments: Iterable[Adjustment]) -> Iterator[Document]:
    for each in adjustments:
        yield _correction("Adjustment", each.points, each.reason)


def _correction(what: str, score: float, reason: str) -> Document:
    return {
        "name": what,
        "score": rounded(score) if score else 0.0,
        "max_score": 0,
        "status": "failed" if score < 0 else "passed",
        "output": escaped(reason),
        "output_format": "md",
        "visibility": "visible",
    }


def _shares(result: Result) -> dict[str, float]:
    """The checks' points, which add up to the total before deductions.

    Thirds of points are rounded in each check, and once more, together, in the total: the cents
    between the two go to checks that were rounded.
    """
    checks = [check for part in result.parts for check in part.checks]
    shares = {check.id: check.earned for check in checks}
    if result.earned <= 0:
        return shares  # all that was earned is deducted, however it was rounded
    before = result.earned + sum(deduction.points for deduction in result.deductions)
    missing = rounded(before - sum(shares.values()))
    # Those that earned a part have room in both directions.
    for check in sorted(checks, key=lambda check: not 0 < check.earned < check.points):
        if abs(missing) < _CENT / 2:
            break
        lowest, highest = (0.0, check.points) if check.earned else (0.0, 0.0)
        share = min(highest, max(lowest, check.earned + math.copysign(_CENT, missing)))
        missing -= share - check.earned
        shares[check.id] = round(share, 6)
    return shares


def _take_no_more_than_there_is(corrections: list[Document], over: float) -> None:
    """Give back what was taken below a score of 0, of the last correction first."""
    for test in reversed(corrections):
        if over > 0 and test["score"] < 0:
            back = min(over, -test["score"])
            test["score"] = rounded(test["score"] + back)
            over -= back


def _leaderboard(result: Result) -> Iterator[Document]:
    for part in result.parts:
        for check in part.checks:
            accuracy = check.measured.get("accuracy")
            if isinstance(accuracy, int | float) and math.isfinite(accuracy):
                yield {"name": check.title, "value": rounded(float(accuracy)), "order": "desc"}
