"""What a course hands to its students: template, public cases, and the harness as one wheel.

The wheel is built from the installed ``grader`` package alone. ``reference`` is never opened, no
oracle is registered, and of the bundles only the public one goes in.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.assignment import Assignment
from grader.assignment_file import BUILT_IN, assignment_text, parse_assignment
from grader.bundle_file import bundle_to_bytes
from grader.errors import UnusableInput
from grader.marking import public_bundle
from grader.oracle import find_oracle
from grader.template import starting_files, write_files
from grader.wheel import DISTRIBUTION, build_wheel, python_requirement, stage_harness

_ZIP_DATE = (2024, 1, 1, 0, 0, 0)

_README = """\
# {title}

What is here:

- `homework/`: your starting point. Every function says what it takes and returns.
- `{wheel}`: the checker.

Install the checker once, best in an environment of its own (Python {python}):

    python3 -m venv .venv
    . .venv/bin/activate            # on Windows: .venv\\Scripts\\activate
    pip install ./{distribution}-*.whl

Then, as often as you like:

    cd homework
    grade check                     # what is right, and the first thing to mend
    grade check --all               # every mistake
{train}    grade check --watch             # check again at every save
    grade doctor                    # when something does not work at all

The checker uses public cases. Your mark comes from other cases of the same kinds, so do not
write code for these numbers: write it for any shape.
"""
_TRAIN = "    grade check --train             # train your network, too\n"


@dataclass(frozen=True)
class Kit:
    """What was written."""

    folder: Path
    archive: Path
    """The folder as a zip."""
    wheel: Path
    given_away: tuple[str, ...]
    """Functions whose public cases are those that are marked: the kit holds their answers."""


def build_kit(out: Path, assignment: str | Path = "hw3") -> Kit:
    """Write the kit of an assignment into a new folder, and the same as a zip beside it.

    Raises:
        UnusableInput: the folder is not empty or cannot be written, or the reference is not
            installed.
        BadAssignment: there is no such assignment.
        GraderFailure: hatchling is not installed, or the build failed.
    """
    text, source = assignment_text(assignment)
    rules = parse_assignment(text, source)
    oracle = find_oracle()
    if oracle is None:
        raise UnusableInput(
            "kits are made where the reference solution is installed; this is a student kit",
            hint="ask your course's staff for a kit, or install goldgrad whole",
        )
    _refuse_full(out)
    try:
        with tempfile.TemporaryDirectory(prefix="goldgrad-kit-") as name:
            stage = Path(name) / "stage"
            files = starting_files(rules, oracle)
            _only_this(stage_harness(stage), rules, text, files)
            bundle = public_bundle(rules, oracle)
            public = stage / f"grader/_shipped/bundles/{rules.assignment}.public.npz"
            public.write_bytes(bundle_to_bytes(bundle))
            built = build_wheel(
                stage,
                Path(name) / "dist",
                label="kit",
                description=f"Checks {rules.assignment} on its public cases: "
                "run `grade check` in the homework's folder.",
            )
            same = [
                problem.function for problem in bundle.problems.values() if problem.same_for_all
            ]
            return _assemble(out, rules, built, files, tuple(dict.fromkeys(same)))
    except OSError as error:
        raise UnusableInput(f"cannot write the kit to {out}: {error.strerror}") from error


def _refuse_full(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UnusableInput(
            f"{out} is not empty; nothing was changed", hint="give a new folder with -o"
        )


def _only_this(package: Path, rules: Assignment, text: str, files: Mapping[str, bytes]) -> None:
    """Make this assignment, and its template, the only one that the staged package comes with."""
    folder = package / BUILT_IN.name
    for present in folder.glob("*.yaml"):
        present.unlink()
    (folder / f"{rules.assignment}.yaml").write_text(text, encoding="utf-8")
    template = package / "_shipped" / "student_template"
    shutil.rmtree(template)
    write_files(template, files)


def _assemble(
    out: Path,
    rules: Assignment,
    built: Path,
    files: Mapping[str, bytes],
    given_away: tuple[str, ...],
) -> Kit:
    out.mkdir(parents=True, exist_ok=True)
    wheel = out / built.name
    shutil.copyfile(built, wheel)
    write_files(out / "homework", files)
    readme = _README.format(
        title=rules.title,
        wheel=wheel.name,
        python=python_requirement().replace(">=", "") + " or newer",
        distribution=DISTRIBUTION,
        train=_TRAIN if rules.dataset else "",
    )
    (out / "README.md").write_text(readme, encoding="utf-8")
    return Kit(out, _zipped(out), wheel, given_away)


def _zipped(folder: Path) -> Path:
    """The folder as a zip; equal folders give equal bytes."""
    archive = folder.with_name(f"{folder.resolve().name}.zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"{archive.stem}/{path.relative_to(folder).as_posix()}"
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            target.writestr(info, path.read_bytes())
    return archive
