"""Lets your editor's test button, or ``pytest``, run the public checks: one test a check.

It asks the installed ``grade check``; there is nothing to fill in here.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOMEWORK = Path(__file__).resolve().parent
OPTIONS = []


def find_grade():
    """The ``grade`` command of this Python, else any on the search path, else None."""
    return shutil.which("grade", path=str(Path(sys.executable).parent)) or shutil.which("grade")


def run_checks():
    """All public checks as ``(id, status, explanation)``."""
    command = find_grade()
    if command is None:
        return [("grade", "skip", "goldgrad is not installed; your course's page says how")]
    run = subprocess.run(
        [command, "check", "--json", *OPTIONS, "."],
        cwd=HOMEWORK,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        result = json.loads(run.stdout)
    except json.JSONDecodeError:
        return [("grade", "fail", run.stderr or run.stdout or "grade check printed nothing")]
    if result["problem"]:
        return [("grade", "fail", result["problem"])]
    checks = [check for part in result["parts"] for check in part["checks"]]
    return [(check["id"], check["status"], explain(check)) for check in checks]


def explain(check):
    """What a check found, a line each."""
    lines = []
    for finding in check["findings"]:
        bug = finding["bug"]
        lines += [finding["what"], finding["numbers"], finding["student_text"]]
        if finding["place"]:
            lines.append(f"--> {finding['place']['file']}:{finding['place']['line']}")
        lines += [f"bug: {bug['message']}", f"help: {bug['help']}"] if bug else [finding["help"]]
    return "\n".join(line for line in lines if line) or check["title"]


@pytest.mark.parametrize(
    ("status", "explanation"), [pytest.param(*check[1:], id=check[0]) for check in run_checks()]
)
def test_homework(status, explanation):
    """Pass, fail, or skip as the check did."""
    if status == "fail":
        pytest.fail(explanation, pytrace=False)
    if status == "todo":
        pytest.skip("not written yet")
    if status == "wait":
        pytest.skip("after an earlier check")
    if status == "skip":
        pytest.skip(explanation)
