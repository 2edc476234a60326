"""Checks of functions that were not asked for in every year."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.assignment_file import parse_assignment
from grader.grading import grade
from grader.marking import Marking, prepare
from grader.result import Result
from grader.sandbox import ForkServer

ROOT = Path(__file__).parents[3]
GOOD = (ROOT / "fixtures/submissions/good/layers.py").read_text("utf-8")
POOL = GOOD[GOOD.index("def max_pool_forward") : GOOD.index("def avg_pool_forward")]
CONV = GOOD[: GOOD.index("def max_pool_forward")]


@pytest.fixture(scope="module")
def marking(tmp_path_factory: pytest.TempPathFactory) -> Marking:
    """Pooling backward, for 4 of 6 points, need not be there."""
    text = (ROOT / "fixtures/assignments/windows.yaml").read_text("utf-8")
    text = text.replace(
        "problem: max_pool_backward}", "problem: max_pool_backward, optional: true}"
    )
    assert any(getattr(check, "optional", False) for check in parse_assignment(text, "x").checks())
    path = tmp_path_factory.mktemp("optional") / "optional.yaml"
    path.write_text(text)
    return prepare(path, visibility="hidden", seed="tests")


def _marked(tmp_path: Path, marking: Marking, server: ForkServer, text: str) -> Result:
    (tmp_path / "layers.py").write_text(f"{CONV}\n{text}")
    return grade(tmp_path / "layers.py", marking, server=server)


_FORWARD = POOL[: POOL.index("def max_pool_backward")]
_WRONG = _FORWARD.replace("def max_pool_forward", "def _right") + (
    "\ndef max_pool_forward(x, pool_param):\n"
    "    out, cache = _right(x, pool_param)\n    return out + (len(x) == 1), cache\n"
)


@pytest.mark.parametrize(
    ("text", "earned"),
    [
        (POOL, 10),
        (_FORWARD, 10),  # what is not there costs nothing
        (_WRONG, None),  # and earns no more than what is
        (_FORWARD + "\ndef max_pool_backward(dout, cache):\n    pass\n", 6),  # it was asked for
        ("", 4),
    ],
)
def test_what_is_nowhere_counts_as_the_rest_of_its_part(
    tmp_path: Path, marking: Marking, server: ForkServer, text: str, earned: float | None
) -> None:
    """All of it earns all, half of it half: to delete a function is no way to its points."""
    result = _marked(tmp_path, marking, server, text)
    backward = result.check("pool_backward")
    if earned is not None:
        assert result.earned == earned
    else:
        forward = result.check("pool_forward")
        assert 0 < forward.earned < forward.points
        assert backward.earned / backward.points == pytest.approx(forward.earned / forward.points)
    if text == _FORWARD:
        assert "counted as the rest of this part" in backward.notes[0]
