"""What `grade doctor` finds out: what this machine's wall proves, and whether all else is in place.

Nothing is taken for granted that can be tried: the wall is a real fork server's, and the cost of a
process is measured on it. What is wrong becomes a ``Trouble``; the examination itself goes on.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import platform
import shlex
import shutil
import stat
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from grader import __version__
from grader.assignment import Assignment
from grader.assignment_file import load_assignment
from grader.dataset.source import find_dataset
from grader.errors import GoldgradError, GraderFailure
from grader.marking import require_frameworks
from grader.oracle import find_oracle
from grader.sandbox import Deadline, ForkServer, ProcessLimits, Tier, Wall
from grader.sandbox.bubblewrap import find_bubblewrap
from grader.secret import seed_file

_SAMPLES: Final = 20
_LEAST_FREE_BYTES: Final = 200_000_000
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Trouble:
    """Something that is not as it should be, and what to do about it."""

    about: str
    reason: str
    hint: str | None = None


@dataclass(frozen=True)
class Private:
    """A file or folder of the instructor's."""

    path: Path
    mode: int | None
    """Its permission bits; None when it does not exist (yet)."""
    owned: bool = True

    @property
    def private(self) -> bool:
        """Whether nobody but its owner, who is this user, can read it."""
        return self.mode is None or os.name != "posix" or (self.owned and not self.mode & _OTHERS)


@dataclass(frozen=True)
class Speed:
    """What processes cost here, in seconds."""

    server_start: float
    fresh_process: float
    """Median of twenty: forking, walling off, and answering a first request."""


@dataclass
class Checkup:
    """All that was found out."""

    assignment: Assignment
    wall: Wall | None = None
    """None when no fork server can be started."""
    speed: Speed | None = None
    bubblewrap: str | None = None
    """Its version and where it is; None when it is not installed."""
    frameworks: dict[str, bool] = field(default_factory=dict)
    """Packages that the assignment allows beside NumPy -> whether they are installed here."""
    dataset: str | None = None
    stand_in: bool = False
    reference: bool = False
    seed: Private | None = None
    bundles: Private | None = None
    bundle_files: int = 0
    temporary: Path = field(default_factory=lambda: Path(tempfile.gettempdir()))
    free_bytes: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    goldgrad: str = __version__
    python: str = field(default_factory=platform.python_version)
    numpy: str = np.__version__
    system: str = field(
        default_factory=lambda: f"{platform.system()} {platform.release().split('-')[0]}"
    )
    machine: str = field(default_factory=platform.machine)

    @property
    def accepted(self) -> bool:
        """Whether `grade` marks here; of a student kit, whether it checks."""
        return self.wall is not None and (self.wall.secure or not self.reference)


def examine(assignment: str | Path, *, tier: Tier | None = None) -> Checkup:
    """Try everything that marking needs.

    Args:
        assignment: a built-in assignment's name or the path of a YAML file.
        tier: of the wall; None for the strongest that can be had.

    Raises:
        BadAssignment: there is no such assignment.
    """
    found = Checkup(load_assignment(assignment))
    parts: dict[str, Callable[[Checkup], None]] = {
        "wall": functools.partial(_try_wall, tier=tier),
        "packages": _find_packages,
        "dataset": _find_data,
        "secrets": _look_at_secrets,
        "disk": _measure_disk,
    }
    for about, part in parts.items():
        try:
            part(found)
        except GoldgradError as error:
            found.troubles.append(Trouble(about, str(error), error.hint))
    return found


def _try_wall(found: Checkup, tier: Tier | None) -> None:
    found.bubblewrap = _bubblewrap()
    started = time.perf_counter()
    with ForkServer.start(found.assignment.imports.frameworks, tier=tier) as server:
        start = time.perf_counter() - started
        found.wall = server.wall
        limits = ProcessLimits.of(found.assignment.limits)
        costs = [_cost(server, limits) for _ in range(_SAMPLES)]
    found.speed = Speed(start, statistics.median(costs))


def _cost(server: ForkServer, limits: ProcessLimits) -> float:
    """Seconds until a fresh process has answered."""
    started = time.perf_counter()
    channel = server.fork(limits)
    try:
        # A process is walled off before it reads its first request.
        message = {"op": "load", "sources": {}, "rules": {"allow": [], "inert": []}}
        channel.request(message, Deadline.of_cpu(5.0))
        return time.perf_counter() - started
    finally:
        channel.close()


def _bubblewrap() -> str | None:
    program = find_bubblewrap()
    if program is None:
        return None
    try:
        said = subprocess.run(  # noqa: S603 - found on PATH as any command is
            [program, "--version"], capture_output=True, text=True, timeout=10, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        return f"{program} does not run: {error}"
    return f"{said.split()[-1] if said.split() else 'of unknown version'} ({program})"


def _find_packages(found: Checkup) -> None:
    names = found.assignment.imports.frameworks
    found.frameworks = {
        name: importlib.util.find_spec(name.split(".")[0]) is not None for name in names
    }
    found.reference = find_oracle() is not None
    require_frameworks(names)


def _find_data(found: Checkup) -> None:
    data = find_dataset(found.assignment.dataset)
    if data is not None:
        found.dataset, found.stand_in = data.name, data.stand_in


def _look_at_secrets(found: Checkup) -> None:
    file = seed_file()
    found.seed = _looked_at(file)
    found.bundles = _looked_at(file.parent / "bundles")
    kept = list(_bundle_files(found.bundles.path))
    found.bundle_files = len(kept)
    for place in (found.seed, found.bundles, *kept):
        if not place.owned:
            reason = f"{short(place.path)} belongs to another user"
            found.troubles.append(Trouble("secrets", reason))
        elif not place.private:
            reason = f"others can read {short(place.path)} (mode {place.mode:04o})"
            mode = 700 if place is found.bundles else 600
            hint = f"chmod {mode} {shlex.quote(str(place.path))}"
            found.troubles.append(Trouble("secrets", reason, hint))


def _bundle_files(folder: Path) -> Iterator[Private]:
    try:
        files: Sequence[Path] = sorted(folder.glob("*.npz"))
    except OSError:
        files = ()
    yield from (_looked_at(file) for file in files)


def _looked_at(path: Path) -> Private:
    try:
        status = path.stat()
    except FileNotFoundError:
        return Private(path, None)
    except OSError as error:
        raise GraderFailure(f"cannot look at {short(path)}: {error.strerror}") from error
    owned = os.name != "posix" or status.st_uid == os.getuid()
    return Private(path, stat.S_IMODE(status.st_mode), owned)


def _measure_disk(found: Checkup) -> None:
    try:
        found.free_bytes = shutil.disk_usage(found.temporary).free
    except OSError as error:
        raise GraderFailure(
            f"the temporary folder {found.temporary} cannot be used: {error.strerror}"
        ) from error
    if found.free_bytes < _LEAST_FREE_BYTES:
        raise GraderFailure(
            f"only {found.free_bytes / 1e6:.0f} MB are free in {found.temporary}",
            hint="make room, or set TMPDIR to a folder on another disk",
        )


def short(path: Path) -> str:
    """The path, short where it is in the user's home."""
    try:
        return f"~/{path.relative_to(Path.home()).as_posix()}"
    except (ValueError, RuntimeError):
        return str(path)
