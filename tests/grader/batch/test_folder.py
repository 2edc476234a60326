"""grader/batch/folder.py: what is in a results folder survives the next run into it."""

from __future__ import annotations

from pathlib import Path

from grader.batch.folder import ResultsFolder
from grader.render.gradebook import Entry

DONE = Entry("s1", None, "not marked")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def finished_run(folder: Path, name: str = "earlier") -> dict[str, bytes]:
    with ResultsFolder(folder) as results:
        results.lines_file.write_text('{"earlier": 1}\n')
        results.finish([Entry(name, None, "not marked")], complete=True)
    return contents(folder)


def test_an_interrupted_run_loses_nothing_of_the_earlier_one(tmp_path: Path) -> None:
    """Both files of the earlier run are there, byte for byte, whenever the new one stops."""
    before = finished_run(tmp_path)
    with ResultsFolder(tmp_path) as results:
        killed = contents(tmp_path)
        results.finish([], complete=False)
    for after in (killed, contents(tmp_path)):
        assert after["gradebook.csv.previous"] == before["gradebook.csv"]
        assert after["results.jsonl.previous"] == before["results.jsonl"]


def test_a_second_interruption_keeps_what_the_first_set_aside(tmp_path: Path) -> None:
    """Nothing that was set aside is overwritten; a complete run ends the keeping of all."""
    before = finished_run(tmp_path)
    for _ in range(2):
        with ResultsFolder(tmp_path) as results:
            results.finish([DONE], complete=False)
    assert contents(tmp_path)["gradebook.csv.previous"] == before["gradebook.csv"]
    assert b"s1" in contents(tmp_path)["gradebook.csv.previous-2"]
    with ResultsFolder(tmp_path) as results:
        results.finish([DONE], complete=True)
    assert set(contents(tmp_path)) == {"gradebook.csv", "results.jsonl"}


def test_a_complete_run_replaces_the_earlier_one(tmp_path: Path) -> None:
    """Its own set-aside files go when it has taken their place."""
    finished_run(tmp_path)
    with ResultsFolder(tmp_path) as results:
        assert len(results.set_aside) == 2
        results.finish([DONE], complete=True)
    assert set(contents(tmp_path)) == {"gradebook.csv", "results.jsonl"}
    assert b"s1" in contents(tmp_path)["gradebook.csv"]


def test_a_new_folder_sets_nothing_aside(tmp_path: Path) -> None:
    """The first run says nothing about earlier ones."""
    with ResultsFolder(tmp_path / "new") as results:
        assert results.set_aside == []
