"""Results built by hand: one of each kind of trouble, for a reader to look at."""

from __future__ import annotations

import pytest

from grader.result import (
    BundleInfo,
    CheckResult,
    DatasetInfo,
    Deduction,
    Finding,
    Flag,
    NamedBug,
    PartResult,
    Place,
    Result,
    Status,
    SubmissionInfo,
    Timing,
)
from grader.standing import NOT_HANDED_IN, Attempt, Column, Course, Standing, Student

L2 = Finding(
    what="dW1: 64 of 64 values differ, all by the factor 0.5",
    numbers="worst at [3, 5]: got 0.0421, want 0.0842 (exactly half)",
    category="with L2",
    place=Place(file="two_layer_net.py", line=57, function="loss"),
    bug=NamedBug(
        id="l2_gradient_half",
        message="the loss adds reg * sum(W**2), whose gradient is 2 * reg * W; "
        "this one has reg * W",
        help="differentiate the term you added to the loss, factor included",
    ),
    student_text="printed: the secret input was 0.1234",
    excerpt="dW1 += reg * params['W1']",
)
OVERLAP = Finding(
    what="dx: 21 of 126 values differ, only where windows overlap",
    category="3x3 windows, stride 2",
    place=Place(file="layers.py", line=112, function="max_pool_backward"),
    bug=NamedBug(
        id="max_pool_overlap",
        message="where windows overlap, the later one overwrites the earlier one's gradient",
        help="a pixel that wins in two windows receives both gradients",
    ),
)
UNWRITTEN = Finding(
    what="avg_pool_backward is not written yet",
    place=Place(file="layers.py", line=141, function="avg_pool_backward"),
    help="pooling's gradient is shared out evenly over each window",
)


def check(check_id: str, status: Status, points: float, earned: float, **more: object) -> object:
    return CheckResult(
        id=check_id,
        title=str(more.pop("title", check_id.replace("/", " "))),
        status=status,
        points=points,
        earned=earned,
        hidden=bool(more.pop("hidden", True)),
        **more,
    )


def part(part_id: str, title: str, checks: list, remark: str | None = None) -> PartResult:
    return PartResult(
        id=part_id,
        title=title,
        points=sum(c.points for c in checks),
        earned=sum(c.earned for c in checks),
        remark=remark,
        checks=checks,
    )


@pytest.fixture
def parts() -> list[PartResult]:
    ok, fail, todo, wait = Status.OK, Status.FAIL, Status.TODO, Status.WAIT
    return [
        part("forward", "Forward", [check("forward/scores", ok, 15, 15, cases=(6, 6))]),
        part(
            "backward",
            "Backward",
            [
                check("backward/values", ok, 10, 10, cases=(3, 3)),
                check("backward/l2", fail, 4, 0, cases=(0, 2), findings=[L2]),
                check(
                    "backward/own_loss",
                    wait,
                    6,
                    0,
                    waits_for="backward/l2",
                    findings=[Finding(what="cannot be checked before backward/l2 works")],
                ),
            ],
        ),
        part(
            "training",
            "Training",
            [check("training/accuracy", ok, 15, 15, hidden=False, notes=["median of 3 runs"])],
            "accuracy 0.93 [0.86, 0.97], median of 3 runs, fresh task 0.91",
        ),
        part(
            "report",
            "Written report",
            [
                check("report/loss", ok, 8, 8, hidden=False),
                check(
                    "report/accuracy",
                    fail,
                    2,
                    0,
                    hidden=False,
                    findings=[
                        Finding(
                            what="claims an accuracy of 0.99; measured 0.93",
                            numbers="interval [0.86, 0.97] over 100 test lines, "
                            "3 runs: 0.92 0.93 0.93",
                            place=Place(file="report.md", line=3),
                            excerpt="accuracy: 99 %",
                        )
                    ],
                    notes=["a claim inside the interval earns the marks"],
                ),
            ],
        ),
        part(
            "layers",
            "Convolution, pooling",
            [
                check("conv/forward", ok, 5, 5, cases=(5, 5)),
                check("max_pool/forward", ok, 3, 3, cases=(3, 3)),
                check("max_pool/backward", ok, 2, 2, cases=(2, 2)),
                check("max_pool/backward/overlap", fail, 5, 0, cases=(0, 2), findings=[OVERLAP]),
                check("avg_pool/forward", ok, 2, 2, cases=(3, 3)),
                check("avg_pool/backward", todo, 2.5, 0, findings=[UNWRITTEN]),
                check("avg_pool/backward/overlap", todo, 1, 0, findings=[UNWRITTEN]),
            ],
        ),
    ]


@pytest.fixture
def result(parts: list[PartResult]) -> Result:
    """A submission with a named bug, a wrong claim, something unwritten, a flag, a deduction."""
    return make(parts, deductions=[Deduction(reason="uses torch", points=10)])


def make(parts: list[PartResult], **more: object) -> Result:
    earned = sum(p.earned for p in parts) - sum(d.points for d in more.get("deductions", []))
    fields = {
        "assignment": "hw3",
        "title": "Two-layer network in NumPy",
        "submission": SubmissionInfo(
            name="s1042",
            kind="zip",
            sha256="ab" * 32,
            files=["layers.py", "report.md", "train.py", "two_layer_net.py"],
            ignored=["dataset.txt: data is not visible to submissions"],
        ),
        "wall": "full",
        "bundle": BundleInfo(visibility="hidden", sha256="cd" * 32),
        "dataset": DatasetInfo(name="standin.txt", sha256="ef" * 32, stand_in=True),
        "points": sum(p.points for p in parts),
        "earned": earned,
        "parts": parts,
        "flags": [
            Flag(
                kind="literal array",
                message="train.py holds an array of 160 numbers",
                place=Place(file="train.py", line=12),
            )
        ],
        "timing": Timing(total=1.94, student_cpu=1.71),
        "versions": {"goldgrad": "0.1.0", "numpy": "2.4.6", "python": "3.11.7"},
    }
    return Result(**(fields | more))


def standing(name: str, result: Result | None, trouble: str | None = None) -> Standing:
    """The row of a student who is known by a submission's name, and handed in once."""
    student = Student(name)
    return Standing(student, Attempt(student, 1, name), 1, result, trouble)


def absent(name: str) -> Standing:
    """The row of a student on the roster who handed in nothing."""
    student = Student(name)
    return Standing(student, Attempt(student, 0, name), 0, None, NOT_HANDED_IN)


def course(*standings: Standing) -> Course:
    """A course of these; its columns are those of the first result."""
    marked = [each.result for each in standings if each.result is not None]
    parts = marked[0].parts if marked else []
    columns = tuple(Column(part.id, part.title, part.points) for part in parts)
    return Course("hw3", "Homework 3", columns, lambda: iter(standings))
