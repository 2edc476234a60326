"""What all tests share: the homework's data, and how properties are searched."""

from __future__ import annotations

import gc
import os
import re
import signal
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every run, and no failure because a machine was busy.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

# A script that puts the tests into the background has Ctrl-C ignored, by them and by the commands
# that they start, which could then not be interrupted.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

_MARKED = re.compile(r"(?m)^pytestmark = (?:\[\s*)?pytest\.mark\.(slow|cross)\b")
_NOT = re.compile(r"\bnot (\w+)")
_BESIDE_THE_CHECKOUT = Path(__file__).parents[2] / "shared" / "data" / "dataset.txt"


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests never touch the user's secret seed, nor bundles and results kept beside it.

    All workers share one home: a bundle that one has made is there for the others.
    """
    folder = tmp_path_factory.getbasetemp()
    home = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "goldgrad"
    home.mkdir(mode=0o700, exist_ok=True)
    patch = pytest.MonkeyPatch()
    patch.setenv("GOLDGRAD_HOME", str(home))
    yield
    patch.undo()


@pytest.fixture(scope="session")
def dataset_path() -> Path:
    """The homework's dataset.txt, which is not committed."""
    path = Path(os.environ.get("GOLDGRAD_DATASET") or _BESIDE_THE_CHECKOUT)
    if not path.is_file():
        pytest.skip("needs dataset.txt: run `grade dataset` and set GOLDGRAD_DATASET to the file")
    return path


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Read all tests without looking for garbage, of which there is none; it takes a third less."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Read no file all of whose tests would be deselected, by ``-m "not cross"``: no PyTorch."""
    wanted: str = config.getoption("markexpr")
    if collection_path.suffix != ".py" or not wanted or " or " in wanted:
        return None
    marked = _MARKED.search(collection_path.read_text("utf-8"))
    return True if marked and marked[1] in _NOT.findall(wanted) else None


def pytest_xdist_auto_num_workers() -> int:
    """More than there are cores: many tests wait for a limit to be reached."""
    return max(2, 3 * len(os.sched_getaffinity(0)) // 2) if hasattr(os, "sched_getaffinity") else 2


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly which tiers of the wall were not attacked, and that no cluster was tried."""
    reasons = {
        report.longrepr[2].removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple)
    }
    for title in ("RED TEAM", "CLUSTER NOT TESTED"):
        found = sorted(reason for reason in reasons if title in reason)
        if found:
            terminalreporter.section(title, sep="!", red=True, bold=True)
        for reason in found:
            terminalreporter.line(reason, red=True)
