"""Layers that compute in float32, where differences of their own values are noise."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.grading import grade
from grader.marking import Marking, prepare
from grader.sandbox import ForkServer

pytestmark = pytest.mark.slow  # a bundle of its own

ROOT = Path(__file__).parents[3]
LAYERS = (ROOT / "fixtures/submissions/good/layers.py").read_text("utf-8")
SINGLE = LAYERS.replace(
    'conv_param["stride"], conv_param["pad"]\n',
    'conv_param["stride"], conv_param["pad"]\n'
    "    x, w, b = x.astype(np.float32), w.astype(np.float32), b.astype(np.float32)\n",
).replace("return out, cache", "return out.astype(np.float32), cache", 1)
WRONG = SINGLE.replace("db[f] += g\n", "db[f] += g / 2\n")

ASSIGNMENT = """
assignment: single
title: Convolution
points: 1
files: {layers.py: [conv_forward, conv_backward]}
imports: {allow: [numpy]}
parts:
  - id: conv
    title: Convolution
    points: 1
    checks:
      - {id: conv, title: own gradients, points: 1, kind: own_gradients, problem: conv_backward}
"""


@pytest.fixture(scope="module")
def marking(tmp_path_factory: pytest.TempPathFactory) -> Marking:
    """One check: the gradients of the student's own convolution."""
    path = tmp_path_factory.mktemp("single") / "single.yaml"
    path.write_text(ASSIGNMENT)
    return prepare(path, visibility="hidden", seed="tests")


@pytest.mark.parametrize(
    ("text", "earned"), [(LAYERS, 1), (SINGLE, 1), (WRONG, 0.67)], ids=["double", "single", "db"]
)
def test_a_float32_layer_is_judged_by_the_golden_gradient(
    tmp_path: Path, marking: Marking, server: ForkServer, text: str, earned: float
) -> None:
    """Right gradients earn everything in either precision, and a wrong one nothing."""
    assert text == LAYERS or "float32" in text
    (tmp_path / "layers.py").write_text(text)
    assert grade(tmp_path, marking, server=server).check("conv").earned == pytest.approx(
        earned, abs=0.01
    )
