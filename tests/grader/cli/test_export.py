"""grader/cli/export.py: other forms of what a batch found; nothing is marked."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from fixtures.stored_course import KEY, attempt, begin, filled, result
from grader.batch.lock import held
from grader.batch.rules import CourseRules
from grader.batch.store import Store
from grader.cli.group import grade
from grader.late import LateRule
from grader.render.exports import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result as Ended


@pytest.fixture
def results(tmp_path: Path) -> Path:
    filled(tmp_path / "results", {"s1": 70, "s2": 50}).__exit__(None, None, None)
    return tmp_path / "results"


def run(*words: Any) -> Ended:
    return CliRunner().invoke(grade, ["export", *map(str, words)])


def test_every_format_is_written_from_the_store_alone(results: Path, tmp_path: Path) -> None:
    """All of them into another folder; the path of each is printed, and there is something."""
    done = run(results, "--to", "all", "--out", tmp_path / "handover")
    assert done.exit_code == 0, done.output
    assert len(done.stdout.splitlines()) == len(FORMATS)
    for chosen in FORMATS.values():
        path = tmp_path / "handover" / chosen.target
        files = [path] if path.is_file() else list(path.iterdir())
        assert files
        assert all(file.stat().st_size for file in files if file.is_file())


def test_files_appear_whole_in_the_results_folder(results: Path) -> None:
    """No draft is left; each format once, however often it is asked for."""
    done = run(results, "--to", "json", "--to", "csv", "--to", "json")
    assert done.stdout.splitlines() == [str(results / n) for n in ("results.json", "gradebook.csv")]
    assert not list(results.glob(".*.new"))


def test_the_document_holds_standings_and_results(results: Path) -> None:
    """One JSON document with what counts and why."""
    with Store(results) as store:
        store.adjust("s1", -5, "late by word of mouth", "ada")
    run(results, "--to", "json")
    told = json.loads((results / "results.json").read_text("utf-8"))
    first, second = told["standings"]
    assert (told["assignment"], first["final"], second["final"]) == ("hw3", 65, 50)
    assert first["adjustments"][0]["reason"] == "late by word of mouth"
    assert first["result"]["submission"]["name"] == "s1"


def test_the_rules_of_the_last_batch_hold(results: Path) -> None:
    """Nobody has to say again what the assignment said about lateness."""
    with Store(results) as store:
        begin(store, [attempt("s1", late_seconds=60)], rules=CourseRules(late=LateRule(per_day=10)))
    run(results, "--to", "json")
    (told,) = json.loads((results / "results.json").read_text("utf-8"))["standings"]
    assert (told["penalty"], told["final"]) == (7, 63)


@pytest.mark.slow
def test_during_a_batch_it_writes_elsewhere(results: Path, tmp_path: Path) -> None:
    """Two writers in one folder would mix; what is done so far can be had in another."""
    with Store(results) as store:
        begin(store, [attempt("s1"), attempt("s2"), attempt("s3")])
        store.add(attempt("s3"), result(attempt("s3"), 9))
    with held(results):
        refused = run(results, "--to", "csv")
        assert refused.exit_code == 2
        assert "another batch is at work" in refused.output
        assert run(results, "--to", "csv", "--out", tmp_path / "so-far").exit_code == 0
    assert "s3" in (tmp_path / "so-far/gradebook.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("system", ["canvas", "moodle"])
def test_marks_that_are_not_final_are_said_to_be(results: Path, system: str) -> None:
    """Before they stand in a course system for everybody to see; nothing is said of final ones."""
    assert run(results, "--to", system).stderr == ""
    with Store(results) as store:
        trial = replace(KEY, trained=False, visibility="public")
        begin(store, [attempt("s1"), attempt("s2")], trial)
        store.add(attempt("s1"), result(attempt("s1"), 70))
    assert run(results, "--to", "csv").stderr == ""
    assert run(results, "--to", system).stderr.splitlines() == [
        "note: these marks were made with the public cases, which students have",
        "note: these marks were made without the training checks",
        "note: only 1 of 2 submissions are marked yet",
    ]


def test_an_assignment_without_training_lacks_nothing(results: Path) -> None:
    """There is no dataset to train on."""
    with Store(results) as store:
        begin(store, [], replace(KEY, trained=False, dataset_sha256=""))
        assert store.tally().provisos == []


def test_json_lists_what_was_written(results: Path) -> None:
    """For programs."""
    done = run(results, "--to", "csv", "--json")
    assert json.loads(done.stdout) == [{"format": "csv", "path": str(results / "gradebook.csv")}]


@pytest.mark.parametrize(
    ("words", "message"),
    [(["--to", "pdf"], "'pdf' is not one of"), ([], "Missing option '--to'")],
)
def test_formats_that_are_not_there_are_refused(
    results: Path, words: list[str], message: str
) -> None:
    """With a list of those that are."""
    done = run(results, *words)
    assert done.exit_code == 2
    assert message in done.output


def test_a_folder_that_cannot_be_written_is_explained(results: Path, tmp_path: Path) -> None:
    """A file lies where the folder should be."""
    (tmp_path / "file").write_text("")
    done = run(results, "--to", "csv", "--out", tmp_path / "file" / "inside")
    assert done.exit_code == 2
    assert "cannot write to" in done.output


def test_a_store_without_a_run_has_nothing_to_export(tmp_path: Path) -> None:
    """A batch that was killed before it began."""
    Store(tmp_path, create=True).__exit__(None, None, None)
    done = run(tmp_path, "--to", "csv")
    assert done.exit_code == 2
    assert "holds no results yet" in done.output
