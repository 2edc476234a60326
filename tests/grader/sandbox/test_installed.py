"""Which files belong to a framework: its own and those of all it requires."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from grader.sandbox import installed


class Site:
    """A made-up folder of installed packages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(
        self, name: str, *files: str, requires: tuple[str, ...] = (), record: bool = True
    ) -> None:
        """A distribution, with or without a record of its files."""
        information = self.folder / f"{name.replace('-', '_')}-1.0.dist-info"
        information.mkdir()
        lines = [f"Name: {name}", "Version: 1.0", *(f"Requires-Dist: {r}" for r in requires)]
        information.joinpath("METADATA").write_text("\n".join(lines) + "\n\n")
        if record:
            listed = [*files, f"{information.name}/METADATA", "../../bin/tool", f"{name}.pth"]
            information.joinpath("RECORD").write_text("".join(f"{f},,\n" for f in listed))
        for file in files:
            self.folder.joinpath(file).parent.mkdir(parents=True, exist_ok=True)
            self.folder.joinpath(file).touch()

    def of(self, *frameworks: str) -> set[str]:
        """The names of what the frameworks bring, in this folder."""
        paths = installed.packages(frameworks)
        return {path.name for path in paths if path.parent == self.folder}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    installed._closure.cache_clear()
    return Site(tmp_path)


def test_without_frameworks_it_is_the_worker_and_numpy() -> None:
    """Nothing else is importable, so nothing else need be readable."""
    names = {path.name for path in installed.packages()}
    assert {"worker", "numpy"} <= names <= {"worker", "numpy", "numpy.libs"}


def test_requirements_are_followed_all_the_way(site: Site) -> None:
    """Folders, single modules and library folders, through cycles and differing spellings."""
    site.install(
        "fw", "fw/__init__.py", "fw.libs/a.so", requires=("Dep.One>=2; python_version>'3'",)
    )
    site.install("dep-one", "dep1/__init__.py", "dep1/x.py", requires=("dep_two[fast] (<9)", "fw"))
    site.install("dep_two", "two.py", "__pycache__/two.cpython-311.pyc")
    site.install("stranger", "stranger/__init__.py")
    assert site.of("fw") == {"fw", "fw.libs", "dep1", "two.py"}


def test_extras_are_not_followed(site: Site) -> None:
    """What a framework can use is not what it needs."""
    site.install(
        "fw", "fw/__init__.py", requires=("tool ; extra == 'dev'", "lib; os_name == 'posix'")
    )
    site.install("tool", "tool/__init__.py")
    site.install("lib", "lib/__init__.py")
    assert site.of("fw") == {"fw", "lib"}


def test_a_name_other_than_its_distributions_is_found(site: Site) -> None:
    """As sklearn of scikit-learn."""
    site.install("scikit-fw", "skfw/__init__.py", requires=("threads",))
    site.install("threads", "threads.py")
    assert site.of("skfw") == {"skfw", "threads.py"}


def test_without_a_record_it_is_the_packages_own_folder(site: Site) -> None:
    """As distributions of Linux systems can be."""
    site.install("fw", "fw/__init__.py", requires=("dep-a",), record=False)
    site.install("dep-a", "dep_a/__init__.py", record=False)
    assert site.of("fw") == {"fw", "dep_a"}


def test_what_is_not_installed_is_left_out(site: Site) -> None:
    """Of frameworks and of requirements; whoever needs them says so."""
    site.install("fw", "fw/__init__.py", requires=("gpu-only; platform_system == 'Linux'",))
    assert site.of("fw", "absent") == {"fw"}


def test_no_framework_brings_ourselves(site: Site) -> None:
    """Not through a requirement, nor by a name of ours on the list."""
    site.install("fw", "fw/__init__.py", requires=("goldgrad",))
    got = set(installed.packages(["fw", "grader", "reference"]))
    assert got == {*installed.packages(), site.folder / "fw"}
