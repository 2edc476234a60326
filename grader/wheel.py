"""Wheels of the installed harness, for machines that mark or check: a kit's, an autograder's.

Equal sources give equal bytes: hatchling dates all files alike.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import metadata, requires
from pathlib import Path

import grader
from grader.errors import GraderFailure
from grader.oracle import GROUP
from grader.shipped import shipped

DISTRIBUTION = "goldgrad"
LEFT_OUT = shutil.ignore_patterns("__pycache__", "_shipped", "*.pyc", ".*")
# Needed to make wheels and what is written about a class; marking one submission needs none.
_FOR_COURSES = ("hatchling", "jinja2", "matplotlib", "openpyxl", "packaging")
_HARNESS = Path(grader.__file__).resolve().parent

_PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "{version}"
description = "{description}"
requires-python = "{python}"
dependencies = [
{dependencies}
]

[project.scripts]
grade = "grader.cli:main"
{entry_points}
[tool.hatch.build]
ignore-vcs = true

[tool.hatch.build.targets.wheel]
packages = [{packages}]
"""


def requirements() -> Iterator[str]:
    """What the harness requires to mark or check a submission: "numpy>=1.26"."""
    for requirement in requires(DISTRIBUTION) or []:
        if "extra ==" not in requirement and not requirement.startswith(_FOR_COURSES):
            yield requirement


def python_requirement() -> str:
    """The versions of Python that the harness runs on: ">=3.11"."""
    return metadata(DISTRIBUTION)["Requires-Python"]


def stage_harness(stage: Path) -> Path:
    """Copy the harness and the files that it ships, public bundles apart.

    Args:
        stage: a new folder.

    Returns:
        The copied package.
    """
    package = stage / "grader"
    shutil.copytree(_HARNESS, package, ignore=LEFT_OUT)
    for what in ("student_template", "data"):
        shutil.copytree(shipped(what), package / "_shipped" / what, ignore=LEFT_OUT)
    (package / "_shipped" / "bundles").mkdir()
    return package


def build_wheel(
    stage: Path,
    folder: Path,
    *,
    label: str,
    description: str,
    packages: Iterable[str] = ("grader",),
    entry_points: Mapping[str, str] | None = None,
) -> Path:
    """Build the wheel of what was staged.

    Args:
        stage: where the packages lie.
        folder: where the wheel is to go.
        label: of this kind of wheel, the end of its version: "kit".
        description: a sentence about it, without quotation marks.
        packages: names of folders in the stage.
        entry_points: of the group that the oracle registers under: name -> object.

    Raises:
        GraderFailure: hatchling is not installed.
    """
    # Only this function needs hatchling, which a student's installation lacks.
    try:
        from hatchling.builders.wheel import WheelBuilder
    except ImportError as error:
        raise GraderFailure(
            "building a wheel needs hatchling", hint="pip install hatchling"
        ) from error
    points = [f'{name} = "{target}"' for name, target in (entry_points or {}).items()]
    text = _PYPROJECT.format(
        name=DISTRIBUTION,
        version=f"{grader.__version__}+{label}",
        description=description,
        python=python_requirement(),
        dependencies="\n".join(f"    '{requirement}'," for requirement in requirements()),
        entry_points="\n".join([f'\n[project.entry-points."{GROUP}"]', *points, ""])
        if points
        else "",
        packages=", ".join(f'"{package}"' for package in packages),
    )
    (stage / "pyproject.toml").write_text(text, encoding="utf-8")
    builder = WheelBuilder(str(stage))
    (artifact,) = builder.build(directory=str(folder), versions=["standard"])
    return Path(artifact)
