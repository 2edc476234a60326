"""CS231n homework as students write it: right in many styles, and each mistake that was seen.

fixtures/cs231n/students.yaml has a table of both; every row is marked behind the wall. So no style
costs points, and every mistake is called by its name.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from grader.grading import grade
from grader.marking import Marking, prepare
from grader.result import CheckResult, Status
from grader.sandbox import ForkServer

pytestmark = pytest.mark.slow

_TABLE = Path(__file__).parents[2] / "fixtures/cs231n/students.yaml"
_ROWS: dict[str, list[dict[str, Any]]] = yaml.load(
    _TABLE.read_text("utf-8"),
    # libyaml reads ten times as fast; not every build of PyYAML has it.
    Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader),
)
_RIGHT = {row["name"]: row for row in _ROWS["right"]}


@pytest.fixture(scope="module")
def cs231n() -> Marking:
    """What such homework is marked with."""
    return prepare("cs231n", visibility="hidden", seed="students")


def _code(row: dict[str, Any]) -> str:
    """A row's own code after that of its neighbours, or another's with some text replaced."""
    if "of" not in row:
        neighbours = [_code(_RIGHT[name]) for name in row.get("with", [])]
        return "\n".join([*neighbours, row["code"]])
    text = _code(_RIGHT[row["of"]])
    for old, new in row["change"]:
        assert old in text, old
        text = text.replace(old, new)
    return text


def _marked(
    row: dict[str, Any], folder: Path, marking: Marking, server: ForkServer
) -> list[CheckResult]:
    """The results of the checks that a row is about."""
    (folder / "layers.py").write_text(f"import numpy as np\n\n{_code(row)}", "utf-8")
    result = grade(folder, marking, server=server)
    ours = tuple(row.get("checks") or _RIGHT[row["of"]]["checks"])
    return [c for part in result.parts for c in part.checks if c.id.startswith(ours)]


@pytest.mark.parametrize("row", _ROWS["right"], ids=lambda row: row["name"])
def test_no_style_costs_points(
    row: dict[str, Any], tmp_path: Path, cs231n: Marking, server: ForkServer
) -> None:
    """Loops, columns, any cache, any year's conventions: all earn all points."""
    checks = _marked(row, tmp_path, cs231n, server)
    assert checks
    assert [(c.id, c.findings) for c in checks if c.status is not Status.OK] == []


@pytest.mark.parametrize("row", _ROWS["wrong"], ids=lambda row: row["name"])
def test_each_mistake_is_named(
    row: dict[str, Any], tmp_path: Path, cs231n: Marking, server: ForkServer
) -> None:
    """Points are lost, and the mistake that is named, and no other, is the one that was made."""
    checks = _marked(row, tmp_path, cs231n, server)
    named = {finding.bug.id for c in checks for finding in c.findings if finding.bug}
    assert named == {row["bug"]}
