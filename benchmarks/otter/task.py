"""One small homework, written down for both graders: does conv_forward answer as it should?"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Final

import numpy as np
import yaml

import grader.assignments
from fixtures.samples import Expectation, Sample, load_samples
from grader.bundle import Case
from grader.marking import prepare

SEED: Final = "benchmark"
_ASSIGNMENTS: Final = Path(grader.assignments.__file__).parent
_CHECK: Final = "conv/forward"
_OTTER_TEST: Final = """\
import numpy as np
from otter.test_files import test_case

OK_FORMAT = False
name = "conv_forward"
points = 5


@test_case()
def test_conv_forward(conv_forward):
    for args, expected, rtol, atol in {cases}:
        arrays = [np.array(value) if isinstance(value, list) else value for value in args]
        out, _ = conv_forward(*arrays)
        np.testing.assert_allclose(out, np.array(expected), rtol=rtol, atol=atol)
"""


def write_assignment(folder: Path) -> Path:
    """Our half: the built-in homework with nothing but this check."""
    rules = yaml.safe_load((_ASSIGNMENTS / "hw3.yaml").read_text(encoding="utf-8"))
    parts = []
    for part in rules["parts"]:
        checks = [check for check in part["checks"] if check["id"] == _CHECK]
        if checks:
            parts.append({**part, "checks": checks, "points": checks[0]["points"]})
    rules.update(assignment="conv", parts=parts, points=parts[0]["points"])
    file = folder / "conv.yaml"
    file.write_text(yaml.safe_dump(rules), encoding="utf-8")
    return file


def write_autograder(assignment: Path, folder: Path, otter: Path) -> Path:
    """Otter's half: the same cases, compared with the same tolerance."""
    problem = prepare(assignment, visibility="hidden", seed=SEED).bundle.problems["conv_forward"]
    cases = [_as_literals(case) for case in problem.select(["plain"])]
    tests = folder / "tests"
    tests.mkdir()
    text = _OTTER_TEST.format(cases=json.dumps(cases))
    (tests / "conv_forward.py").write_text(text, encoding="utf-8")
    archive = folder / "autograder.zip"
    command = [str(otter), "generate", "-t", str(tests), "-o", str(archive)]
    command += ["--no-environment", "--no-requirements", "--no-config"]
    subprocess.run(command, check=True, cwd=folder, capture_output=True)
    return archive


def write_submissions(notebooks: Path, zips: Path, number: int) -> list[Path]:
    """The right solution many times, no two alike: as notebooks, and the same as zips.

    Returns:
        The notebooks.
    """
    notebooks.mkdir()
    layers = load_samples()["good"].files["layers.py"].decode()
    files = []
    for index in range(number):
        name, source = f"s{index:05}", f"# submission {index}\n{layers}"
        file = notebooks / f"{name}.ipynb"
        file.write_text(json.dumps(_notebook(source)), encoding="utf-8")
        files.append(file)
        Sample(name, "", {"layers.py": source.encode()}, Expectation()).write_zip(zips)
    return files


def _as_literals(case: Case) -> list[Any]:
    tolerance = case.tolerance_of("out")
    args = [a.tolist() if isinstance(a, np.ndarray) else a for a in case.steps[0].args]
    return [args, case.expected["out"].tolist(), tolerance.rtol, tolerance.atol]


def _notebook(cell: str) -> dict[str, Any]:
    code = {
        "cell_type": "code",
        "id": "layers",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": cell,
    }
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": [code], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
