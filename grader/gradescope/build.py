"""autograder.zip: what an instructor uploads to Gradescope.

It holds the hidden cases and the solution, without which training cannot be measured; it is the
instructor's alone, as is the container it is unpacked in. The secret seed is not in it. Equal
inputs give equal bytes.
"""

from __future__ import annotations

import importlib.util
import io
import shutil
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from grader import __version__
from grader.assignment import AccuracyCheck, Assignment
from grader.assignment_file import assignment_text
from grader.bundle import Bundle
from grader.bundle_file import bundle_sha256, bundle_to_bytes
from grader.dataset.source import dataset_file
from grader.dataset.table import read_content
from grader.errors import GraderFailure, UnusableInput
from grader.gradescope import settings as names
from grader.gradescope.pins import pinned
from grader.gradescope.run import FAILED
from grader.gradescope.settings import Settings
from grader.marking import Marking, prepare, require_cases
from grader.oracle import GROUP, find_oracle
from grader.render.gradescope import failure, to_text
from grader.wheel import LEFT_OUT, build_wheel, python_requirement, requirements, stage_harness

_HERE = Path(__file__).resolve().parent
_DATE = (2024, 1, 1, 0, 0, 0)
_PROGRAM, _OPEN, _PRIVATE = 0o100755, 0o100644, 0o100600
_CORES, _MEMORY_MB = 0.5, 768
"""What Gradescope gives a container by default."""


@dataclass(frozen=True)
class Autograder:
    """What was written."""

    path: Path
    assignment: Assignment
    bundle: Bundle
    settings: Settings
    pins: tuple[str, ...]
    """``name==version`` of all packages that the image gets."""
    stand_in: bool
    """Whether training is measured on the bundled stand-in data."""

    @property
    def concerns(self) -> list[str]:
        """What differs on Gradescope: less time and memory by default, its own rule on lateness."""
        limits = self.assignment.limits
        found = []
        runs = [c.runs for c in self.assignment.checks() if isinstance(c, AccuracyCheck)]
        # The fresh task and the few samples that are to be learned by heart are runs, too.
        longest = limits.train_cpu_seconds * (max(runs) + 2) / _CORES if runs else 0
        if longest > self.settings.seconds - names.RESERVED_SECONDS:
            found.append(
                f"where train() takes the {limits.train_cpu_seconds:g} s of CPU time that it may"
                f" take, all its runs need {longest / 60:.0f} min on half a core. If honest ones"
                " take so long, raise time or CPU in Gradescope's settings, and give that time as"
                " --minutes"
            )
        if limits.memory_mb > _MEMORY_MB:
            found.append(
                f"the assignment allows {limits.memory_mb} MB of memory, more than Gradescope's"
                f" container has by default ({_MEMORY_MB} MB); code gets what is there"
            )
        if self.assignment.late is not None:
            found.append(
                "the assignment's rule on lateness is not applied there: set Gradescope's own"
            )
        return found


def build_autograder(
    out: Path,
    assignment: str | Path,
    *,
    dataset: Path | None = None,
    seed: str | None = None,
    minutes: int = 10,
    insecure: bool = False,
    leaderboard: bool = False,
) -> Autograder:
    """Write the zip.

    Args:
        out: its path; what is there is replaced.
        assignment: a built-in assignment's name or the path of a YAML file.
        dataset: the file to train on; None for the usual ones.
        seed: text to draw hidden inputs from instead of the secret seed.
        minutes: how long Gradescope lets it run.
        insecure: whether it marks where student code cannot be walled off.
        leaderboard: whether measured accuracies are entered on the leaderboard.

    Raises:
        UnusableInput: the reference is not installed, or something given cannot be used.
        GraderFailure: the wheel cannot be built.
    """
    text, _ = assignment_text(assignment)
    if not out.parent.is_dir():
        raise UnusableInput(f"there is no folder {out.parent} to write {out.name} to")
    if find_oracle() is None:
        raise UnusableInput(
            "autograders are built where the reference solution is installed",
            hint="install goldgrad whole, not a student kit",
        )
    marking = prepare(assignment, visibility="hidden", dataset=dataset, seed=seed)
    require_cases(marking.assignment, marking.bundle)
    rules = marking.assignment
    data = dataset_file(rules.dataset, dataset)
    settings = Settings(
        made_by=f"goldgrad {__version__}",
        bundle=bundle_sha256(marking.bundle),
        training_key=marking.seed.hex(),
        dataset=data is not None,
        seconds=60 * minutes,
        insecure=insecure,
        leaderboard=leaderboard,
    )
    pins = tuple(pinned(requirements(), rules.imports.frameworks))
    wheel = _wheel(rules)
    files = {
        names.SETUP: (_script("setup.sh", rules, settings), _PROGRAM),
        names.RUN: (_script("run_autograder.sh", rules, settings), _PROGRAM),
        names.REQUIREMENTS: ("".join(f"{pin}\n" for pin in pins).encode(), _OPEN),
        wheel.name: (wheel.content, _PRIVATE),
        names.ASSIGNMENT: (text.encode(), _PRIVATE),
        names.BUNDLE: (bundle_to_bytes(marking.bundle), _PRIVATE),
        names.SETTINGS: (settings.text().encode(), _PRIVATE),
    }
    if data is not None:
        files[names.DATASET] = (read_content(data), _PRIVATE)
    _write(out, _zipped(files))
    return _told(out, marking, settings, pins)


def _told(out: Path, marking: Marking, settings: Settings, pins: tuple[str, ...]) -> Autograder:
    stand_in = marking.dataset is not None and marking.dataset.stand_in
    return Autograder(out, marking.assignment, marking.bundle, settings, pins, stand_in)


def _script(name: str, rules: Assignment, settings: Settings) -> bytes:
    oldest = python_requirement().removeprefix(">=")
    values = {
        "VERSION": __version__,
        "ASSIGNMENT": rules.assignment,
        "PYTHON": f"{oldest} or newer",
        "PYTHON_TUPLE": oldest.replace(".", ", "),
        "HERE": f"{sys.version_info.major}.{sys.version_info.minor}",
        "SOLUTION": _solution(),
        "SECONDS": str(settings.seconds - names.LAST_SECONDS),
        "FALLBACK": to_text(failure(FAILED)),
    }
    text = (_HERE / name).read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text.encode()


@dataclass(frozen=True)
class _Wheel:
    name: str
    content: bytes


def _wheel(rules: Assignment) -> _Wheel:
    """The harness with the solution."""
    oracle, package = _oracle(), _solution()
    spec = importlib.util.find_spec(package)
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    if not folders:
        raise GraderFailure(f"the reference solution {package} is not a package of files")
    try:
        with tempfile.TemporaryDirectory(prefix="goldgrad-autograder-") as name:
            stage = Path(name) / "stage"
            stage_harness(stage)
            shutil.copytree(folders[0], stage / package, ignore=LEFT_OUT)
            built = build_wheel(
                stage,
                Path(name) / "dist",
                label="gradescope",
                description=f"Marks {rules.assignment} on Gradescope; with the solution.",
                packages=("grader", package),
                entry_points={oracle.name: oracle.value},
            )
            return _Wheel(built.name, built.read_bytes())
    except OSError as error:
        raise GraderFailure(f"cannot build the wheel: {error.strerror}") from error


def _oracle() -> EntryPoint:
    return next(iter(entry_points(group=GROUP)))


def _solution() -> str:
    """The package that the oracle is in."""
    return _oracle().module.partition(".")[0]


def _zipped(files: dict[str, tuple[bytes, int]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (content, mode) in sorted(files.items()):
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix: only then are the modes below looked at
            info.external_attr = mode << 16
            archive.writestr(info, content)
    return buffer.getvalue()


def _write(out: Path, content: bytes) -> None:
    # It holds what students must not see: for its owner alone, from the first byte on.
    draft = out.with_name(f".{out.name}.new")
    try:
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600, exist_ok=False)
        draft.write_bytes(content)
        draft.replace(out)
    except OSError as error:
        raise UnusableInput(f"cannot write {out}: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
