"""What a course hands to its students: template, public cases, and the harness as one wheel.

The wheel is built from the installed ``grader`` package alone. ``reference`` is never opened, no
oracle is registered, and of the bundles only the public one goes in.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from importlib.metadata import metadata, requires
from pathlib import Path

import grader
from grader.assignment import Assignment
from grader.assignment_file import BUILT_IN, load_assignment
from grader.bundle_file import bundle_to_bytes
from grader.errors import GraderFailure, UnusableInput
from grader.marking import public_bundle
from grader.oracle import find_oracle
from grader.shipped import shipped

_PACKAGE = Path(grader.__file__).resolve().parent
_DISTRIBUTION = "goldgrad"
# Needed to make kits and a class's pages, which students do not.
_NOT_FOR_STUDENTS = ("hatchling", "jinja2", "matplotlib")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "_shipped", "*.pyc", ".*")
_ZIP_DATE = (2024, 1, 1, 0, 0, 0)

_PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "{version}"
description = "Checks {assignment} on its public cases: run `grade check` in the homework's folder."
requires-python = "{python}"
dependencies = [
{dependencies}
]

[project.scripts]
grade = "grader.cli:main"

[tool.hatch.build]
ignore-vcs = true

[tool.hatch.build.targets.wheel]
packages = ["grader"]
"""

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
    grade check --train             # train your network, too
    grade check --watch             # check again at every save
    grade doctor                    # when something does not work at all

The checker uses public cases. Your mark comes from other cases of the same kinds, so do not
write code for these numbers: write it for any shape.
"""


@dataclass(frozen=True)
class Kit:
    """What was written."""

    folder: Path
    archive: Path
    """The folder as a zip."""
    wheel: Path


def build_kit(out: Path, assignment: str | Path = "hw3") -> Kit:
    """Write the kit of an assignment into a new folder, and the same as a zip beside it.

    Raises:
        UnusableInput: the folder is not empty or cannot be written, or the reference is not
            installed.
        BadAssignment: there is no such assignment.
        GraderFailure: hatchling is not installed, or the build failed.
    """
    rules = load_assignment(assignment)
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
            _stage_package(stage, rules, assignment)
            bundles = stage / "grader/_shipped/bundles"
            bundles.mkdir()
            bundle = public_bundle(rules, oracle)
            (bundles / f"{rules.assignment}.public.npz").write_bytes(bundle_to_bytes(bundle))
            built = _build_wheel(stage, Path(name) / "dist")
            return _assemble(out, rules, built)
    except OSError as error:
        raise UnusableInput(f"cannot write the kit to {out}: {error.strerror}") from error


def _refuse_full(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UnusableInput(
            f"{out} is not empty; nothing was changed", hint="give a new folder with -o"
        )


def _stage_package(stage: Path, rules: Assignment, assignment: str | Path) -> None:
    """The package with this assignment as its only built-in one, and the files it ships."""
    package = stage / "grader"
    shutil.copytree(_PACKAGE, package, ignore=_LEFT_OUT)
    for present in (package / BUILT_IN.name).glob("*.yaml"):
        present.unlink()
    source = BUILT_IN / f"{rules.assignment}.yaml"
    if str(assignment) != rules.assignment:
        source = Path(assignment)
        source = source / "assignment.yaml" if source.is_dir() else source
    shutil.copyfile(source, package / BUILT_IN.name / f"{rules.assignment}.yaml")
    for what in ("student_template", "data"):
        shutil.copytree(shipped(what), package / "_shipped" / what, ignore=_LEFT_OUT)
    dependencies = [
        requirement
        for requirement in requires(_DISTRIBUTION) or []
        if "extra ==" not in requirement and not requirement.startswith(_NOT_FOR_STUDENTS)
    ]
    text = _PYPROJECT.format(
        name=_DISTRIBUTION,
        version=f"{grader.__version__}+kit",
        assignment=rules.assignment,
        python=metadata(_DISTRIBUTION)["Requires-Python"],
        dependencies="\n".join(f"    '{requirement}'," for requirement in dependencies),
    )
    (stage / "pyproject.toml").write_text(text, encoding="utf-8")


def _build_wheel(stage: Path, folder: Path) -> Path:
    # Only this function needs hatchling, which a student's installation lacks.
    try:
        from hatchling.builders.wheel import WheelBuilder
    except ImportError as error:
        raise GraderFailure(
            "building a kit needs hatchling", hint="pip install hatchling"
        ) from error
    builder = WheelBuilder(str(stage))
    (artifact,) = builder.build(directory=str(folder), versions=["standard"])
    return Path(artifact)


def _assemble(out: Path, rules: Assignment, built: Path) -> Kit:
    out.mkdir(parents=True, exist_ok=True)
    wheel = out / built.name
    shutil.copyfile(built, wheel)
    shutil.copytree(shipped("student_template"), out / "homework", ignore=_LEFT_OUT)
    readme = _README.format(
        title=rules.title,
        wheel=wheel.name,
        python=metadata(_DISTRIBUTION)["Requires-Python"].replace(">=", "") + " or newer",
        distribution=_DISTRIBUTION,
    )
    (out / "README.md").write_text(readme, encoding="utf-8")
    return Kit(out, _zipped(out), wheel)


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
