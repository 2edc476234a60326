"""grader/gradescope/run.py: a results.json always, a score only where there is one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from fixtures.gradescope_contract import faults, is_without_score
from fixtures.samples import zip_of
from grader.cli.group import grade
from grader.errors import GoldgradError, GraderFailure
from grader.gradescope import run as running
from grader.gradescope.run import FAILED, read_metadata, rehearse, run
from grader.gradescope.settings import SETTINGS, read_settings
from grader.result import Result

pytestmark = pytest.mark.slow  # marks in a fresh process each time

LayOut = Callable[..., Path]
METADATA = '{"id": 123456, "created_at": "2018-07-01T14:22:32.365935-07:00", "users": []}'


@dataclass
class Outcome:
    code: int
    told: str
    text: str

    @property
    def document(self) -> dict:
        assert faults(self.text) == []
        return json.loads(self.text)


def outcome(root: Path, started: float | None = None) -> Outcome:
    told: list[str] = []
    code = run(root, told.append, started)
    text = (root / "results/results.json").read_text("utf-8")
    assert [path.name for path in (root / "results").iterdir()] == ["results.json"]
    return Outcome(code, "\n".join(told), text)


def settle(root: Path, **changes: object) -> None:
    """Change the settings that the zip brought."""
    settings = read_settings(root / "source").model_copy(update=changes)
    (root / "source" / SETTINGS).write_text(settings.text(), encoding="utf-8")


def no_score(root: Path, reason: str, started: float | None = None) -> None:
    """The grader fails: staff learn why, students only that it is not their submission's fault."""
    done = outcome(root, started)
    assert done.code == 3
    assert is_without_score(done.text)
    assert json.loads(done.text)["output"] == FAILED
    assert reason in done.told


def test_files_as_they_lie_are_marked(lay_out: LayOut, layers: bytes) -> None:
    """Every check is a test, the wall and the time of the upload are stored."""
    root = lay_out(layers_py=layers)
    (root / "submission_metadata.json").write_text(METADATA, encoding="utf-8")
    done = outcome(root)
    assert done.code == 0
    assert done.document["score"] == 10
    assert [test["name"] for test in done.document["tests"]] == [
        "Pooling: average (avg)",
        "Pooling: maximum (max)",
    ]
    stored = done.document["extra_data"]
    assert stored["submitted_at"] == "2018-07-01T21:22:32+00:00"
    assert stored["bundle"] == read_settings(root / "source").bundle
    assert stored["wall"] in {"full", "kernel", "basic"}
    assert "submission 123456" in done.told
    assert "10 / 10" in done.told


@pytest.mark.parametrize("name", ["homework_zip", "homework_ipynb"])
def test_what_lies_there_alone_and_packed_is_opened(
    lay_out: LayOut, layers: bytes, name: str
) -> None:
    """A zip that Gradescope has left as it is, or a notebook."""
    cell = {"cell_type": "code", "source": layers.decode(), "metadata": {}, "outputs": []}
    book = {"cells": [cell | {"execution_count": None}], "metadata": {}, "nbformat": 4}
    notebook = json.dumps(book | {"nbformat_minor": 4}).encode()
    packed = zip_of({"hw/layers.py": layers}) if name.endswith("zip") else notebook
    assert outcome(lay_out(**{name: packed})).document["score"] == 10


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "no Python file and no notebook"),
        ({"homework_zip": b"PK\x03\x04 torn"}, "cut off"),
    ],
)
def test_what_cannot_be_opened_gets_its_zero_and_the_reason(
    lay_out: LayOut, files: dict[str, bytes], words: str
) -> None:
    """It is the submission that is broken; the grader has done its work."""
    done = outcome(lay_out(**files))
    assert done.code == 0
    assert done.document["score"] == 0
    assert "**Not marked:**" in done.document["output"]
    assert words in done.document["output"]


def test_what_never_ends_costs_its_own_checks(lay_out: LayOut, layers: bytes) -> None:
    """One function that computes for ever, the other right."""
    endless = layers + b"\n\ndef avg_pool_forward(x, params):\n    while True: pass\n"
    done = outcome(lay_out(layers_py=endless))
    assert done.document["score"] == 4
    assert "stopped after" in done.document["tests"][0]["output"]


def test_when_the_time_is_up_what_was_marked_stays(
    lay_out: LayOut, layers: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code that waits past the container's time: the rest is not run, and all is said."""
    waits = b"\n\nimport time\n\n\ndef max_pool_forward(x, params):\n    time.sleep(60)\n"
    root = lay_out(layers_py=layers + waits)
    text = (root / "source/assignment.yaml").read_text("utf-8")
    patient = text.replace("waiting_seconds: 0.3", "waiting_seconds: 60")
    (root / "source/assignment.yaml").write_text(patient, encoding="utf-8")
    settle(root, seconds=120)
    monkeypatch.setattr(running.names, "RESERVED_SECONDS", 113)
    done = outcome(root)
    assert done.document["score"] == 6
    assert "**Not everything was tried:** the 2 minutes" in done.document["output"]
    assert "the time for marking one submission is used up" in done.document["tests"][1]["output"]


def test_where_getting_ready_took_the_time_there_is_no_score(
    lay_out: LayOut, layers: bytes
) -> None:
    """A machine that is too slow to start must not cost a student marks."""
    root = lay_out(layers_py=layers)
    no_score(root, "s of the 600 s that there are", time.monotonic() - 160)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda root: (root / "source/settings.json").unlink(), "settings.json"),
        (lambda root: (root / "source/settings.json").write_text("{}"), "settings.json"),
        (lambda root: (root / "source/hidden.npz").write_bytes(b"?"), "not a golden bundle"),
        (lambda root: settle(root, bundle="0" * 64), "not those that the autograder was built"),
        (lambda root: settle(root, dataset=True), "cannot read the dataset"),
        (lambda root: (root / "source/assignment.yaml").write_text("[]"), "not an assignment"),
        (lambda root: (root / "submission").rmdir(), "there is no"),
    ],
)
def test_where_the_autograder_is_damaged_there_is_no_score(
    lay_out: LayOut, damage: Callable[[Path], object], reason: str
) -> None:
    """An autograder's error, which staff can mend and run again; not a 0."""
    root = lay_out()
    damage(root)
    no_score(root, reason)


def test_behind_a_wall_that_does_not_hold_only_by_order(
    lay_out: LayOut, layers: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No score without --insecure; with it, the result says so."""
    monkeypatch.setenv("GOLDGRAD_WALL", "basic")
    root = lay_out(layers_py=layers)
    no_score(root, "cannot wall student code off")
    settle(root, insecure=True)
    done = outcome(root)
    assert done.document["score"] == 10
    assert "wall: basic (not secure)" in done.document["output"]


def test_a_failure_of_the_grader_is_tried_once_more(
    lay_out: LayOut, layers: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fork server that falls once costs nothing; twice, there is no score."""
    root, honest, turns = lay_out(layers_py=layers), running.grade, []

    def falls(times: int) -> Callable[..., Result]:
        def grade(*args: object, **more: object) -> Result:
            turns.append(1)
            if len(turns) <= times:
                raise GraderFailure("the fork server has fallen")
            return honest(*args, **more)

        return grade

    monkeypatch.setattr(running, "grade", falls(1))
    assert outcome(root).document["score"] == 10
    monkeypatch.setattr(running, "grade", falls(99))
    no_score(root, "the fork server has fallen")


def test_a_bug_in_the_grader_gives_no_score(
    lay_out: LayOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any exception at all: the traceback is for staff."""

    def broken(*_args: object, **_more: object) -> Result:
        raise ZeroDivisionError

    monkeypatch.setattr(running, "grade", broken)
    no_score(lay_out(), "this is a bug in goldgrad")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(" " * 20_000_000, id="too large"),
        pytest.param("[" * 100_000, id="too deep"),
        "[]",
        "{}",
        '{"id": 1, "created_at": "soon"}',
        '{"id": NaN}',
    ],
)
def test_no_metadata_costs_a_mark(text: str, tmp_path: Path) -> None:
    """Whatever is in the file: staff are told, and nothing is made up."""
    file = tmp_path / "submission_metadata.json"
    file.write_text(text, encoding="utf-8")
    told: list[str] = []
    assert read_metadata(file, told.append) == {}
    assert "submission_metadata.json cannot be used" in told[0]


def test_a_rehearsal_tells_what_is_missing(lay_out: LayOut) -> None:
    """While the image is made, not when the first student hands in."""
    root = lay_out()
    told: list[str] = []
    rehearse(root, told.append)
    assert told[0] == "small: A small one, ready to mark"
    assert told[1].startswith("wall while the image is made: ")
    settle(root, bundle="0" * 64)
    with pytest.raises(GoldgradError, match="not those that the autograder was built with"):
        rehearse(root, told.append)


def test_elsewhere_than_in_its_container_it_says_where_it_belongs(tmp_path: Path) -> None:
    """An instructor who tries the command is told what it is for, and nothing is written."""
    done = CliRunner().invoke(grade, ["gradescope", "run", "--root", str(tmp_path)])
    assert done.exit_code == 2
    assert "is not what Gradescope lays out" in done.output
    assert list(tmp_path.iterdir()) == []
