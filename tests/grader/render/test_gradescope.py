"""grader/render/gradescope.py: what Gradescope is given, and what its students see."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.gradescope_contract import faults, is_without_score
from grader.render import gradescope
from grader.render.exports import export
from grader.result import Deduction, Finding, PartResult, Result, Status
from grader.standing import Adjustment, Attempt, Standing, Student
from tests.grader.render.conftest import check, course, make, part, standing

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def adjusted(points: float, reason: str = "a good question") -> Adjustment:
    return Adjustment(points, reason, "ta", NOON)


def told(document: gradescope.Document) -> str:
    """Everything in it that is text."""
    return json.dumps(document, ensure_ascii=False)


def test_every_check_is_a_visible_test_and_the_total_is_the_results(result: Result) -> None:
    """One test a check in the assignment's order, a deduction as one more; all add up."""
    document = gradescope.of_result(result)
    assert faults(gradescope.to_text(document)) == []
    assert document["score"] == result.earned
    checks = [check for part in result.parts for check in part.checks]
    *tests, deduction = document["tests"]
    assert [test["score"] for test in tests] == [check.earned for check in checks]
    assert [test["max_score"] for test in tests] == [check.points for check in checks]
    assert [test["number"] for test in tests][:4] == ["1.1", "2.1", "2.2", "2.3"]
    assert [test["status"] for test in tests][:4] == ["passed", "passed", "failed", "failed"]
    assert (deduction["score"], deduction["output"]) == (-10, "uses torch")
    assert document["stdout_visibility"] == "hidden"
    assert "Training: accuracy 0.93" in document["output"]


def test_a_student_learns_what_to_mend_and_no_hidden_number(result: Result) -> None:
    """Category, place, named bug and help; no expected value, nothing that the code printed."""
    document = gradescope.of_result(result)
    l2 = next(test for test in document["tests"] if "backward/l2" in test["name"])
    assert l2["name"] == "Backward: backward l2 (backward/l2)"
    for words in ("with L2", "two_layer_net.py:57", "**bug:** the loss adds", "**help:**"):
        assert words in l2["output"]
    for secret in ("0.0842", "0.1234", "literal array"):
        assert secret not in told(document)
    assert "claims an accuracy of 0.99; measured 0.93" in told(document)
    assert "interval [0.86, 0.97] over 100 test lines" in told(document).replace("\\\\", "")


def test_what_did_not_run_says_why(result: Result) -> None:
    """A check that waits names what it waits for, an unwritten one the place."""
    outputs = {test["name"]: test["output"] for test in gradescope.of_result(result)["tests"]}
    assert outputs["Backward: backward own_loss (backward/own_loss)"] == (
        "Not checked: after backward/l2 works"
    )
    unwritten = outputs["Convolution, pooling: avg_pool backward (avg_pool/backward)"]
    assert unwritten == "Not checked: not written yet (`layers.py:141`)"


def test_what_is_stored_says_how_the_marks_came_about(result: Result) -> None:
    """Version, bundle and wall, and what the caller adds."""
    document = gradescope.of_result(result, extra={"submitted_at": "2026-11-20T12:00:00+00:00"})
    assert document["extra_data"] == {
        "goldgrad": "0.1.0",
        "assignment": "hw3",
        "bundle": "cd" * 32,
        "wall": "full",
        "submission": "ab" * 32,
        "submitted_at": "2026-11-20T12:00:00+00:00",
    }
    assert document["execution_time"] == 1.94


def test_a_submission_that_cannot_be_opened_has_its_zero_and_the_reason(
    parts: list[PartResult],
) -> None:
    """This 0 is the submission's own."""
    nothing = [
        p.model_copy(
            update={
                "earned": 0.0,
                "checks": [
                    c.model_copy(update={"earned": 0.0, "status": Status.SKIP, "findings": []})
                    for c in p.checks
                ],
            }
        )
        for p in parts
    ]
    document = gradescope.of_result(make(nothing, problem="the zip <b>is</b> encrypted"))
    assert faults(gradescope.to_text(document)) == []
    assert document["score"] == 0
    assert document["output"].startswith(r"**Not marked:** the zip \<b\>is\</b\> encrypted")
    assert {test["output"] for test in document["tests"]} == {
        "not run, because the submission could not be opened"
    }


def test_where_the_grader_failed_no_score_is_given() -> None:
    """Gradescope then records none, rather than a 0 that nobody earned."""
    failed = standing("s1", None, "the grader failed: no fork server")
    for document in (gradescope.failure("tell the staff"), gradescope.of_standing(failed)):
        text = gradescope.to_text(document)
        assert is_without_score(text)
        assert "fork server" not in text


def test_lateness_is_left_to_gradescope_and_adjustments_are_not(result: Result) -> None:
    """The penalty is named and not taken; a person's points count, with their reason."""
    student = Student("s1")
    row = Standing(
        student, Attempt(student, 1, "s1"), 1, result, penalty=7.0, adjustments=(adjusted(2.5),)
    )
    document = gradescope.of_standing(row)
    assert faults(gradescope.to_text(document)) == []
    assert document["score"] == result.earned + 2.5
    assert "late penalty of 7 points" in document["output"]
    assert document["tests"][-1]["output"] == "a good question"


def test_an_adjustment_alone_is_a_score() -> None:
    """A person's mark for what could not be marked by a program."""
    student = Student("s1")
    row = Standing(student, Attempt(student, 1, "s1"), 1, None, "x", adjustments=(adjusted(40),))
    document = gradescope.of_standing(row)
    assert faults(gradescope.to_text(document)) == []
    assert document["score"] == 40


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=12),
    st.lists(st.integers(1, 1000), max_size=2),
    st.lists(st.integers(-1000, 1000), max_size=2),
)
def test_tests_add_up_to_the_score_whatever_was_rounded(
    fractions: list[tuple[int, int]], deductions: list[int], adjustments: list[int]
) -> None:
    """Thirds of points, deductions below 0 and adjustments either way give no other total."""
    worth = [(points, points * min(part, 12) / 12) for points, part in fractions]
    checks = [
        check(f"c{n}", Status.FAIL, points, round(earned, 2))
        for n, (points, earned) in enumerate(worth)
    ]
    exact = sum(earned for _, earned in worth)
    taken = min(exact, sum(deductions) / 100)
    result = make(
        [part("p", "P", checks)],
        deductions=[Deduction(reason="r", points=each / 100) for each in deductions],
        earned=round(exact - taken + 1e-9, 2),
    )
    document = gradescope.of_result(result, [adjusted(each / 100) for each in adjustments])
    assert faults(gradescope.to_text(document)) == []
    wanted = max(0.0, result.earned + sum(adjustments) / 100)
    assert document["score"] == pytest.approx(wanted, abs=0.006)


def test_the_accuracy_is_on_the_leaderboard_only_where_it_is_wanted() -> None:
    """Others can see it there; what is no number has no row."""
    checks = [
        check("a", Status.OK, 1, 1, title="test accuracy", measured={"accuracy": 0.93}),
        check("b", Status.OK, 1, 1, measured={"accuracy": float("nan")}),
    ]
    result = make([part("p", "P", checks)])
    assert "leaderboard" not in gradescope.of_result(result)
    document = gradescope.of_result(result, leaderboard=True)
    assert faults(gradescope.to_text(document)) == []
    assert document["leaderboard"] == [{"name": "test accuracy", "value": 0.93, "order": "desc"}]


def test_what_a_student_wrote_means_nothing_and_is_cut() -> None:
    """Markup in an excerpt is code, endless findings end."""
    loud = Finding(what="x" * 1_000, excerpt="</code><script>alert(1)</script>")
    findings = [loud.model_copy(update={"what": f"{n} {loud.what}"}) for n in range(99)]
    checks = [check("a", Status.FAIL, 1, 0, findings=findings)]
    (test,) = gradescope.of_result(make([part("p", "P", checks)]))["tests"]
    assert "<script>" not in test["output"].replace("`</code><script>alert(1)</script>`", "")
    assert len(test["output"]) < 25_000
    assert test["output"].endswith("and more like this")


def test_a_course_is_a_folder_of_documents(result: Result, tmp_path: Path) -> None:
    """One for each submission, called like it; whoever handed in nothing has none."""
    absent = replace(standing("s3", None), attempts=0)
    rows = course(standing("s1", result), standing("s2", None), absent)
    folder = export(rows, "gradescope", tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == ["s1.json", "s2.json"]
    assert faults((folder / "s1.json").read_text("utf-8")) == []
    assert is_without_score((folder / "s2.json").read_text("utf-8"))
