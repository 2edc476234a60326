"""Every registered bug, planted in the reference solution, is caught and named as itself.

Each submission is the reference's own text and one line that chooses a bug; it is marked like any
other, behind the wall.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.assignment_file import load_assignment
from grader.grading import grade
from grader.marking import Marking
from grader.result import Result, Status
from grader.sandbox import ForkServer
from reference.bugs.registry import ALL_BUGS, BUGS
from reference.oracle import ReferenceOracle
from reference.problems.solution import SOLUTION

SEED = "tests"  # of the marking fixture
ROOT = Path(__file__).resolve().parents[2]
# The reference imports one class of the harness, which is not there behind the wall.
BUG_NOTE = """
from dataclasses import dataclass

@dataclass(frozen=True)
class BugNote:
    id: str
    message: str
    help: str
"""


def solution_files() -> list[Path]:
    """The reference without what makes bundles of it."""
    reference = ROOT / "reference"
    top = ["__init__.py", "arrays.py", "losses.py", "two_layer_net.py"]
    problems = ["problems/__init__.py", "problems/solution.py"]
    folders = [*reference.glob("layers/*.py"), *reference.glob("bugs/*.py")]
    return [reference / name for name in [*top, *problems]] + folders


def plant(folder: Path, bug: str | None) -> Path:
    """A submission that is the reference with this bug in it."""
    for source in solution_files():
        target = folder / "solution" / source.relative_to(ROOT / "reference")
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text().replace("from reference", "from solution")
        target.write_text(
            text.replace("from grader.bundle import BugNote", "from note import BugNote")
        )
    (folder / "note.py").write_text(BUG_NOTE)
    chosen = "" if bug is None else f"F.update(BUGS[{bug!r}].functions())\n"
    (folder / "planted.py").write_text(
        "from solution.problems.solution import SOLUTION\n"
        "from solution.bugs.registry import BUGS\n"
        f"F = dict(SOLUTION)\n{chosen}"
    )
    for file, names in load_assignment("hw3").files.items():
        lines = [f"{name} = F[{name!r}]" for name in names if name in SOLUTION]
        (folder / file).write_text("\n".join(["from planted import F", *lines]))
    return folder


def value_checks(result: Result) -> dict[str, Status]:
    """Status of every check that compares values."""
    return {
        check.id: check.status
        for part in result.parts
        for check in part.checks
        if part.id in {"forward", "backward", "layers"}
    }


def named(result: Result) -> set[str]:
    """All bugs that are named anywhere in the result."""
    return {
        finding.bug.id
        for part in result.parts
        for check in part.checks
        for finding in check.findings
        if finding.bug is not None
    }


def test_the_reference_itself_passes(tmp_path: Path, server: ForkServer, marking: Marking) -> None:
    """Without a planted bug every value check passes."""
    result = grade(plant(tmp_path, None), marking, train=False, server=server)
    assert set(value_checks(result).values()) == {Status.OK}, result


def visible_bugs() -> list[str]:
    """The bugs that show in a case that hw3 marks; its bundle has a few more cases."""
    rules = load_assignment("hw3")
    bundle = ReferenceOracle().make_bundle("hw3", rules.problems(), SEED.encode(), "hidden")
    seen = {
        answer.bug
        for check in rules.checks()
        if check.kind == "values"
        for case in bundle.problems[check.problem].select(check.cases)
        for answer in case.bugs
    }
    return [bug.id for bug in ALL_BUGS if bug.id in seen]


# The quick suite plants a few of each family; CI plants them all.
PLANTED = [
    pytest.param(bug, marks=[] if index % 60 == 3 else pytest.mark.slow)
    for index, bug in enumerate(visible_bugs())
]


def test_hardly_a_bug_is_invisible_to_the_assignment() -> None:
    """Only what concerns scores of +1000 and -1000 in one sample is left to other assignments."""
    hidden = {bug.id for bug in ALL_BUGS} - set(visible_bugs())
    assert all("log_of" in bug for bug in hidden), hidden


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_caught_and_named(
    bug: str, tmp_path: Path, server: ForkServer, marking: Marking
) -> None:
    """It costs points, it is named, and no other bug is named."""
    result = grade(plant(tmp_path, bug), marking, train=False, server=server)
    statuses = value_checks(result)
    assert Status.FAIL in statuses.values()
    assert named(result) == {bug}, [c for p in result.parts for c in p.checks if c.findings]


def test_one_mistake_costs_one_check(tmp_path: Path, server: ForkServer, marking: Marking) -> None:
    """A named mistake that shows in several checks is charged by the first one alone."""
    assert "two_layer/no_batch_mean" in BUGS
    result = grade(plant(tmp_path, "two_layer/no_batch_mean"), marking, train=False, server=server)
    failing = [name for name, status in value_checks(result).items() if status is Status.FAIL]
    assert failing == ["backward/values"]
    assert "charged there" in result.check("backward/own_loss").notes[0]
