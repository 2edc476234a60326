"""What the view lets one read: enough for NumPy, nothing of ours, on every layout we know of."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import grader
from grader.sandbox import view as view_module
from grader.sandbox.launch import environment
from grader.sandbox.view import View, interpreter_view
from grader.worker import landlock

_REPOSITORY = Path(grader.__file__).parent.parent

# The package folder itself is not readable: the place of NumPy is looked up before the wall
# closes, as the fork server does; it is loaded behind it.
_WALLED = """
import sys
grader, packages, *paths = sys.argv[1:]
sys.path.insert(0, grader)
from importlib.machinery import PathFinder
from worker import landlock
PathFinder.find_spec("numpy", [packages])
sys.path[0] = packages
landlock.restrict([landlock.open_path(path) for path in paths], [])
"""


def walled(view: View, source: str) -> str:
    """What a fresh interpreter prints that can read no more than the view's Landlock paths."""
    if landlock.version() == 0:
        pytest.skip("THE VIEW WAS NOT TESTED: this kernel has no Landlock")
    folders = (_REPOSITORY / "grader", Path(np.__file__).parent.parent)
    done = subprocess.run(
        [
            view.executable,
            "-s",
            "-S",
            "-P",
            "-c",
            _WALLED + source,
            *folders,
            *view.landlock_paths(),
        ],
        env=environment(Path("/")),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def sees(view: View, path: Path) -> bool:
    """Whether a file or folder is in the view; both ways to put one together must agree."""
    real = path.resolve()

    def below(folders: tuple[Path, ...]) -> bool:
        return any(real.is_relative_to(folder) for folder in folders)

    by_mounts = below(view.packages) or (below(view.roots) and not below(view.hidden))
    by_landlock = below(tuple(view.landlock_paths()))
    # Landlock's paths may leave out what nobody looks for in a folder of libraries, never more.
    assert by_mounts or not by_landlock
    return by_mounts and (by_landlock or not path.name.endswith((".so", ".py")))


class TestThisInterpreter:
    """The one that runs the tests, in a real process."""

    def test_it_starts_and_loads_numpy_and_compiled_modules(self) -> None:
        """All of NumPy that homework uses, and the standard library's users of C libraries."""
        printed = walled(
            interpreter_view(),
            """
import importlib
for name in ("numpy", "numpy.fft", "numpy.random", "numpy.linalg", "numpy.testing", "decimal",
             "hashlib", "ctypes", "json", "asyncio", "unittest", "zlib"):
    importlib.import_module(name)
for name in ("sqlite3", "ssl", "lzma"):  # where Python was built with them
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        pass
import numpy as np
print(np.linalg.matrix_rank(np.eye(3)), np.fft.fft(np.ones(2))[0].real)
""",
        )
        assert printed.split() == ["3", "2.0"]

    def test_nothing_of_ours_or_the_machines_can_be_opened(self) -> None:
        """The harness, the reference, the tests, other packages, passwords, devices' folders."""
        site = Path(pytest.__file__).parent
        paths = [
            __file__, _REPOSITORY / "grader" / "bundle.py", _REPOSITORY / "reference" / "oracle.py",
            _REPOSITORY / "pyproject.toml", site / "__init__.py", "/etc/passwd", "/proc/self/maps",
            _REPOSITORY / "fixtures", _REPOSITORY / "tests", _REPOSITORY, site.parent, Path.home(),
            "/tmp", "/etc", "/sys", "/proc", "/",
        ]  # fmt: skip
        source = f"""
import os
for path in {list(map(str, paths))!r}:
    try:
        os.close(os.open(path, os.O_RDONLY))
    except PermissionError:
        continue
    print(path)
"""
        assert all(Path(path).exists() for path in paths)
        assert walled(interpreter_view(), source) == ""

    def test_every_path_exists_and_is_real(self) -> None:
        """What cannot be bound or opened would end the server's start."""
        view = interpreter_view()
        for path in (view.executable, *view.roots, *view.hidden, *view.packages):
            assert path.exists()
            assert path == path.resolve()
        assert all(
            link.is_symlink() and link.parent == link.parent.resolve() for link in view.links
        )

    def test_the_workers_code_is_the_only_part_of_ours(self) -> None:
        """The fork server itself runs from it."""
        view = interpreter_view()
        assert sees(view, _REPOSITORY / "grader" / "worker" / "bootstrap.py")
        assert not sees(view, _REPOSITORY / "grader" / "__init__.py")

    def test_a_library_from_a_place_of_its_own_is_followed(self, tmp_path: Path) -> None:
        """With the links the linker knows it by, and without its neighbours."""
        real = next(path for path in view_module._mapped() if path.name.startswith("libm.so"))
        shutil.copy(real, tmp_path / "libodd.so.1.2")
        (tmp_path / "libodd.so.1").symlink_to("libodd.so.1.2")
        (tmp_path / "libother.so").write_text("")
        source = f"""
import ctypes, numpy
ctypes.CDLL({str(tmp_path / "libodd.so.1")!r})
from grader.sandbox.view import interpreter_view
view = interpreter_view()
print(*view.packages, *view.links, sep="\\n")
"""
        done = subprocess.run([sys.executable, "-c", source], capture_output=True, check=True)
        lines = done.stdout.decode().splitlines()
        here = [Path(line).name for line in lines if line.startswith(str(tmp_path))]
        assert sorted(here) == ["libodd.so.1", "libodd.so.1.2"]


class Machine:
    """A made-up file system with an interpreter, NumPy and ourselves, as this process's own."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self._patch = monkeypatch
        system = [
            str(root / name) for name in ("lib", "lib64", "usr/lib", "usr/lib64", "usr/local/lib")
        ]
        monkeypatch.setattr(view_module, "_SYSTEM", system)
        monkeypatch.setattr(view_module, "_LINKER", (str(root / "etc/alternatives"),))
        monkeypatch.setattr(sys.implementation, "_multiarch", "x86_64-linux-gnu")
        monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
        monkeypatch.delenv("GOLDGRAD_HOME", raising=False)

    def add(self, *names: str) -> Path:
        """Empty files (or folders, with a slash at the end); the last one's path."""
        for name in names:
            path = self.root / name
            (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
            if not name.endswith("/"):
                path.touch()
        return path

    def link(self, name: str, target: str) -> None:
        """A symbolic link."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target)

    def python(self, prefix: str, standard: str, platlibdir: str = "lib") -> None:
        """The interpreter's own folders."""
        self.add(f"{standard}/os.py", f"{standard}/json/a.py", f"{standard}/lib-dynload/_b.so")
        self._patch.setattr(os, "__file__", str(self.root / standard / "os.py"))
        self._patch.setattr(sys, "platlibdir", platlibdir)
        for name in ("base_prefix", "base_exec_prefix"):
            self._patch.setattr(sys, name, str(self.root / prefix))

    def packages(self, folder: str) -> None:
        """NumPy, another package, and goldgrad from a wheel, side by side."""
        self.add(
            f"{folder}/numpy/__init__.py", f"{folder}/numpy.libs/libblas.so",
            f"{folder}/pandas/__init__.py", f"{folder}/goldgrad-1.dist-info/RECORD",
            f"{folder}/grader/bundle.py", f"{folder}/grader/worker/loop.py",
            f"{folder}/reference/oracle.py", f"{folder}/grader/_shipped/bundles/hw3.npz",
        )  # fmt: skip
        self._patch.setattr(np, "__file__", str(self.root / folder / "numpy/__init__.py"))
        self._patch.setattr(grader, "__file__", str(self.root / folder / "grader/__init__.py"))

    def check(self, *, seen: tuple[str, ...] = (), unseen: tuple[str, ...] = ()) -> View:
        """Which of the names are in the view."""
        view = interpreter_view()
        # A link that one allows is its target allowed.
        assert [path for path in view.landlock_paths() if path != path.resolve()] == []
        assert [name for name in seen if not sees(view, self.root / name)] == []
        assert [name for name in unseen if sees(view, self.root / name)] == []
        return view

    def check_packages(self, folder: str) -> View:
        """What holds for packages wherever they are installed."""
        seen = ("numpy/__init__.py", "numpy.libs/libblas.so", "grader/worker/loop.py")
        unseen = (
            "pandas/__init__.py", "goldgrad-1.dist-info/RECORD", "grader/bundle.py",
            "grader/_shipped/bundles/hw3.npz", "reference/oracle.py", "",
        )  # fmt: skip
        return self.check(
            seen=tuple(f"{folder}/{name}" for name in seen),
            unseen=tuple(f"{folder}/{name}" for name in unseen),
        )


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


class TestLayouts:
    """Made-up trees of the ways interpreters and packages are installed."""

    def test_packages_inside_the_interpreters_own_folder(self, machine: Machine) -> None:
        """As pip without a virtual environment, conda, pyenv and the official images do it."""
        machine.python("conda", "conda/lib/python3.11")
        machine.packages("conda/lib/python3.11/site-packages")
        machine.add(
            "conda/lib/libmkl_rt.so.2", "conda/lib/python3.9/site-packages/grader/bundle.py",
            "conda/lib/engines/a.so", "conda/pkgs/x.py", "conda/lib/notes.txt",
        )  # fmt: skip
        machine.link("conda/lib/secret.so", "../pkgs/x.py")
        machine.check_packages("conda/lib/python3.11/site-packages")
        view = machine.check(
            seen=(
                "conda/lib/python3.11/os.py", "conda/lib/python3.11/json/a.py",
                "conda/lib/python3.11/lib-dynload/_b.so", "conda/lib/libmkl_rt.so.2",
                "conda/lib/engines/a.so",
            ),
            unseen=("conda/lib/python3.9/site-packages/grader/bundle.py", "conda/pkgs/x.py"),
        )  # fmt: skip
        assert machine.root / "conda/lib/notes.txt" not in view.landlock_paths()

    def test_debian(self, machine: Machine) -> None:
        """Libraries in one folder; NumPy is Debian's, its BLAS found through two links."""
        libraries = "usr/lib/x86_64-linux-gnu"
        machine.python("usr", "usr/lib/python3.11")
        machine.packages("usr/lib/python3/dist-packages")
        machine.link("lib", "usr/lib")
        machine.add(
            f"{libraries}/libc.so.6", f"{libraries}/openblas/libblas.so.3", "usr/lib/libold.so.1",
            "usr/lib/git-core/x.py", "usr/lib/locale/C.utf8/LC_CTYPE",
            "usr/lib/python3.11/dist-packages/y.py", "usr/local/lib/python3.11/dist-packages/z.py",
        )  # fmt: skip
        machine.link(
            "etc/alternatives/blas", str(machine.root / libraries / "openblas/libblas.so.3")
        )
        machine.link(f"{libraries}/libblas.so.3", str(machine.root / "etc/alternatives/blas"))
        machine.check_packages("usr/lib/python3/dist-packages")
        view = machine.check(
            seen=(
                f"{libraries}/libblas.so.3", "etc/alternatives/blas", "usr/lib/libold.so.1",
                "usr/lib/locale/C.utf8/LC_CTYPE", "usr/lib/python3.11/os.py",
            ),
            unseen=(
                "usr/lib/git-core/x.py", "usr/lib/python3.11/dist-packages/y.py",
                "usr/local/lib/python3.11/dist-packages/z.py",
            ),
        )  # fmt: skip
        assert machine.root / "lib" in view.links

    def test_fedora(self, machine: Machine) -> None:
        """Libraries loose in lib64 beside Python's folder, which is there twice."""
        machine.python("usr", "usr/lib64/python3.11", "lib64")
        machine.packages("usr/lib64/python3.11/site-packages")
        machine.link("lib64", "usr/lib64")
        machine.link("lib", "usr/lib")
        machine.add(
            "usr/lib64/libc.so.6", "usr/lib64/libopenblas.so.0", "usr/lib64/gconv/a.so",
            "usr/lib/python3.11/site-packages/x.py",
        )  # fmt: skip
        machine.check_packages("usr/lib64/python3.11/site-packages")
        view = machine.check(
            seen=("lib64/libc.so.6", "usr/lib64/libopenblas.so.0", "usr/lib64/gconv/a.so"),
            unseen=("usr/lib/python3.11/site-packages/x.py", "lib/python3.11/site-packages/x.py"),
        )
        assert {machine.root / "lib", machine.root / "lib64"} <= set(view.links)

    def test_an_environment_made_of_links(self, machine: Machine) -> None:
        """uv's: the prefix is a link, and each file of a package one into a cache."""
        machine.add("python-3.11.7/lib/python3.11/")
        machine.link("python-3.11", "python-3.11.7")
        machine.python("python-3.11", "python-3.11/lib/python3.11")
        machine.packages("course/.venv/lib/python3.11/site-packages")
        for name in ("numpy/core.py", "numpy.libs/libgfortran.so"):
            machine.add(f"cache/1/{name}", "cache/1/other/x.py")
            target = str(machine.root / "cache/1" / name)
            machine.link(f"course/.venv/lib/python3.11/site-packages/{name}", target)
        machine.check_packages("course/.venv/lib/python3.11/site-packages")
        view = machine.check(
            seen=(
                "python-3.11.7/lib/python3.11/os.py", "cache/1/numpy/core.py",
                "cache/1/numpy.libs/libgfortran.so",
            ),
            unseen=("cache/1/other/x.py", "course/.venv/x.py"),
        )  # fmt: skip
        assert machine.root / "python-3.11" in view.links

    def test_an_interpreter_inside_the_checkout(self, machine: Machine) -> None:
        """Hiding the checkout must not hide what the interpreter needs."""
        machine.python("course/python", "course/python/lib/python3.11")
        machine.packages("course")
        machine.add("course/pyproject.toml", "course/fixtures/a.py")
        machine.check(
            seen=("course/python/lib/python3.11/os.py", "course/numpy/__init__.py"),
            unseen=(
                "course/fixtures/a.py",
                "course/grader/bundle.py",
                "course/reference/oracle.py",
            ),
        )

    def test_ourselves_below_a_folder_of_libraries(
        self, machine: Machine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A checkout, a home and a seed that were put where libraries are."""
        machine.python("opt", "opt/lib/python3.11")
        machine.packages("usr/local/lib/course")
        machine.add("usr/local/lib/course/pyproject.toml", "usr/local/lib/course/fixtures/a.py")
        machine.add("usr/local/lib/home/a.py", "usr/local/lib/seed/a.py", "usr/local/lib/liba.so")
        monkeypatch.setenv("HOME", str(machine.root / "usr/local/lib/home"))
        monkeypatch.setenv("GOLDGRAD_HOME", str(machine.root / "usr/local/lib/seed"))
        machine.check_packages("usr/local/lib/course")
        machine.check(
            seen=("usr/local/lib/liba.so",),
            unseen=(
                "usr/local/lib/course/fixtures/a.py", "usr/local/lib/home/a.py",
                "usr/local/lib/seed/a.py",
            ),
        )  # fmt: skip

    def test_a_home_that_holds_the_interpreter(
        self, machine: Machine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A service's user may live among the libraries; they stay readable."""
        machine.python("opt", "opt/lib/python3.11")
        machine.packages("site-packages")
        monkeypatch.setenv("HOME", str(machine.root / "opt/lib"))
        machine.check(seen=("opt/lib/python3.11/os.py",))

    def test_the_linkers_variable_opens_libraries_only(
        self, machine: Machine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Its folders may hold anything; the current one, by an empty name, is not meant."""
        machine.python("opt", "opt/lib/python3.11")
        machine.packages("site-packages")
        machine.add("libs/libcuda.so.1.2", "libs/answers.py", "libs/deep/a.py", "here/libhere.so")
        machine.link("libs/libcuda.so", "libcuda.so.1.2")
        monkeypatch.setenv("LD_LIBRARY_PATH", f":{machine.root / 'libs'}:here")
        monkeypatch.chdir(machine.root / "here")
        view = machine.check(
            seen=("libs/libcuda.so.1.2", "libs/libcuda.so"),
            unseen=("libs/answers.py", "libs/deep/a.py", "here/libhere.so"),
        )
        assert machine.root / "libs/libcuda.so" in view.links
