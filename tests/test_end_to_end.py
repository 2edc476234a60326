"""Every sample submission, through the real commands, earns and says what variants.yaml promises.

The quick tests mark two of them; the slow ones mark all, also those that never end.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from fixtures.bad_zips import BAD_ZIPS
from fixtures.samples import SUBMISSIONS, Sample, load_samples
from grader.assignment_file import BUILT_IN
from grader.result import CheckResult, PartResult, Result, Status

SAMPLES = load_samples()
ENDING = [sample for sample in SAMPLES.values() if not sample.slow]
ENDLESS = [sample for sample in SAMPLES.values() if sample.slow]
# Checks whose outcome does not depend on training.
_WITHOUT_TRAINING = {"forward", "backward", "layers"}
_UNREADABLE = {
    "not_a_zip",
    "no_bytes",
    "empty",
    "cut_off",
    "encrypted",
    "path_traversal",
    "absolute_name",
    "symlink",
    "too_large",
    "bomb",
}

Folder = pytest.TempPathFactory


def grade(*arguments: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Run the installed command as a person would, with a data folder of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from grader.cli import main; main()", *map(str, arguments)],
        env={**os.environ, "GOLDGRAD_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


def marked(zips: Path, home: Path, *options: str | Path) -> Mapping[str, Result]:
    """`grade batch` of a folder: name -> result."""
    run = grade("batch", zips, "--out", home / "results", "--seed", "samples", *options, home=home)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Traceback" not in run.stdout + run.stderr
    lines = (home / "results/results.jsonl").read_text(encoding="utf-8").splitlines()
    results = [Result.model_validate_json(line) for line in lines]
    return {result.submission.name: result for result in results}


def _written(samples: Iterable[Sample], folder: Path) -> Path:
    for sample in samples:
        sample.write_zip(folder)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: Folder) -> Path:
    """One data folder for all, so that the hidden cases are made once."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: Folder, home: Path) -> Mapping[str, Result]:
    """All samples that end, with training, on $GOLDGRAD_DATASET or the stand-in."""
    return marked(_written(ENDING, tmp_path_factory.mktemp("zips")), home)


@pytest.fixture(scope="module")
def endless(tmp_path_factory: Folder, home: Path) -> Mapping[str, Result]:
    """The samples that never end, under tighter limits."""
    rules = (BUILT_IN / "hw3.yaml").read_text(encoding="utf-8")
    tight = home / "hw3.yaml"
    tight.write_text(
        rules.replace("call_cpu_seconds: 10", "call_cpu_seconds: 1").replace(
            "waiting_seconds: 10", "waiting_seconds: 2"
        )
    )
    zips = _written(ENDLESS, tmp_path_factory.mktemp("zips"))
    return marked(zips, home, "--assignment", tight)


@pytest.mark.slow
@pytest.mark.parametrize("sample", ENDING, ids=lambda sample: sample.name)
def test_all_checks(sample: Sample, trained: Mapping[str, Result]) -> None:
    """The same with training, loss reporting and the report."""
    result = trained[sample.name]
    assert list(_disagreements(sample, result.parts)) == []


@pytest.mark.slow
@pytest.mark.parametrize("sample", ENDLESS, ids=lambda sample: sample.name)
def test_what_never_ends(sample: Sample, endless: Mapping[str, Result]) -> None:
    """Endless code costs its own checks; the others are marked."""
    assert list(_disagreements(sample, endless[sample.name].parts)) == []


def _disagreements(sample: Sample, parts: Iterable[PartResult]) -> Iterator[str]:
    expect = sample.expect
    for part in parts:
        lost_in_part = sum(check.points - check.earned for check in part.checks)
        for check in part.checks:
            if check.status is Status.SKIP:
                continue
            lost = check.points - check.earned
            if check.id in expect.lost:
                wanted = expect.lost[check.id]
            elif part.id in expect.lost:
                # The part as a whole; which of its checks pay is not told.
                wanted, lost = expect.lost[part.id], lost_in_part
            else:
                wanted = check.points if "all" in expect.lost else 0
            if not _as_wanted(lost, wanted):
                said = [finding.what for finding in check.findings]
                yield f"{check.id} lost {lost:g}, not {wanted}: {said}"
            yield from _misses(sample, check)


def _as_wanted(lost: float, wanted: float | str | None) -> bool:
    if wanted is None:
        return True
    return lost > 0 if wanted == "some" else lost == pytest.approx(wanted, abs=0.005)


def _misses(sample: Sample, check: CheckResult) -> Iterator[str]:
    expect = sample.expect
    bugs = [finding.bug.id for finding in check.findings if finding.bug]
    if (bug := expect.bugs.get(check.id)) and bug not in bugs:
        yield f"{check.id} names {bugs}, not {bug}"
    words = " ".join(f"{finding.what} {finding.student_text}" for finding in check.findings)
    if (wanted := expect.says.get(check.id)) and str(wanted) not in words:
        yield f"{check.id} does not say {wanted!r}: {words}"
    if (wanted := expect.notes.get(check.id)) and wanted not in " ".join(check.notes):
        yield f"{check.id} does not note {wanted!r}: {check.notes}"
    if (wanted := expect.place.get(check.id)) and not _points_to(sample, check, wanted):
        yield f"{check.id} does not point to {wanted!r}: {[str(f.place) for f in check.findings]}"


def _points_to(sample: Sample, check: CheckResult, wanted: str) -> bool:
    """Whether the first finding's place is that source line, or lies in that function."""
    place = check.findings[0].place
    if place is None or place.line is None:
        return False
    text = sample.files[place.file].decode()
    if text.splitlines()[place.line - 1].strip() == wanted:
        return True
    spans = {
        node.name: range(node.lineno, (node.end_lineno or 0) + 1)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
    }
    return place.line in spans[wanted]


@pytest.mark.cross
def test_an_allowed_framework_earns_full_marks_less_its_deduction(
    tmp_path: Path, home: Path
) -> None:
    """With PyTorch allowed for 20 points, its tensors are taken as arrays: 80 of 100."""
    pytest.importorskip("torch", reason="needs PyTorch: pip install 'goldgrad[cross]'")
    rules = (BUILT_IN / "hw3.yaml").read_text(encoding="utf-8")
    allowing = tmp_path / "hw3.yaml"
    allowing.write_text(rules.replace("  frameworks: {}", "  frameworks: {torch: 20}"))
    sample = SAMPLES["torch_net"].write_zip(tmp_path)
    run = grade(sample, "--json", "--seed", "samples", "--assignment", allowing, home=home)
    result = Result.model_validate_json(run.stdout)
    assert sum(part.earned for part in result.parts) == 100
    assert result.earned == 80


# --------------------------------------------------------------------------- bad zips


@pytest.fixture(scope="module")
def bad_zips(tmp_path_factory: Folder, home: Path) -> Mapping[str, Result]:
    """Every odd, broken and hostile zip, marked without training."""
    zips = tmp_path_factory.mktemp("zips")
    for name, make in BAD_ZIPS.items():
        (zips / f"{name}.zip").write_bytes(make(SAMPLES["good"]))
    return marked(zips, home, "--no-train")


@pytest.mark.parametrize("name", BAD_ZIPS)
@pytest.mark.slow
def test_bad_zips(name: str, bad_zips: Mapping[str, Result]) -> None:
    """What cannot be read has a result that says why; what can be read is marked as usual."""
    result = bad_zips[name]
    if name in _UNREADABLE:
        assert result.earned == 0
        assert result.problem
    elif name == "lying_bomb":  # the file that lies is left out, the others are marked
        earned = {part.id: part.earned for part in result.parts}
        assert (earned["forward"], earned["backward"], earned["layers"]) == (15, 20, 0)
        assert any("layers.py was left out" in note for note in result.notes)
    else:
        assert sum(part.earned for part in result.parts if part.id in _WITHOUT_TRAINING) == 65
        assert result.check("report/hidden_size").earned == 2


@pytest.mark.slow
def test_every_submission_of_a_batch_has_a_row(bad_zips: Mapping[str, Result]) -> None:
    """Nothing is lost: the readable and the unreadable are all there."""
    assert set(bad_zips) == set(BAD_ZIPS)


# ------------------------------------------------------------------------ single commands


@pytest.mark.parametrize(
    "form", ["zip", *(pytest.param(f, marks=pytest.mark.slow) for f in ("folder", "notebook"))]
)
def test_grade_marks_the_good_sample_with_100(tmp_path: Path, home: Path, form: str) -> None:
    """100 of 100 in each form, with exit code 0."""
    good = SAMPLES["good"]
    path = {
        "zip": good.write_zip,
        "folder": good.write_folder,
        "notebook": lambda _: SUBMISSIONS / "notebook/hw3.ipynb",
    }[form](tmp_path)
    run = grade(path, "--json", "--seed", "samples", home=home)
    assert run.returncode == 0, run.stderr
    result = Result.model_validate_json(run.stdout)
    assert result.submission.kind == form
    assert result.earned == result.points == 100


def test_grade_says_what_is_wrong_at_the_terminal(tmp_path: Path, home: Path) -> None:
    """A lost point is explained with the bug's name, the place and help."""
    sample = SAMPLES["two_bugs"].write_zip(tmp_path)
    run = grade(sample, "--no-train", "--no-color", "--seed", "samples", home=home)
    assert run.returncode == 0
    for words in ("FAIL backward/l2", "bug: ", "help: ", "--> two_layer_net.py:", "max_pool"):
        assert words in run.stdout
    assert "\x1b" not in run.stdout


@pytest.mark.parametrize(("name", "code"), [("good", 0), ("bug_conv_pad0", 1), ("template", 1)])
@pytest.mark.slow
def test_grade_check_ends_with_0_only_when_all_is_right(
    tmp_path: Path, home: Path, name: str, code: int
) -> None:
    """A student's mistake is a 1, never a 2 or 3."""
    folder = SAMPLES[name].write_folder(tmp_path)
    run = grade("check", folder, home=home)
    assert run.returncode == code, run.stdout + run.stderr


@pytest.mark.parametrize("arguments", [["notes.pdf"], ["nothing_there.zip"], ["--no-such-option"]])
@pytest.mark.slow
def test_what_is_no_submission_ends_with_2(
    tmp_path: Path, home: Path, arguments: list[str]
) -> None:
    """One sentence on stderr, nothing on stdout, no traceback."""
    (tmp_path / "notes.pdf").write_bytes(b"%PDF-1.7 no homework")
    run = grade(*(tmp_path / a if "." in a else a for a in arguments), home=home)
    assert run.returncode == 2
    assert run.stderr.startswith("grade: ")
    assert "Traceback" not in run.stderr
    assert run.stdout == ""
