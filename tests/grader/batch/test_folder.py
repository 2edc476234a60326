"""grader/batch/folder.py: what is in a results folder survives the next run into it."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fixtures.stored_course import attempt, begin, result
from grader.batch.folder import ResultsFolder, opened, refreshed
from grader.batch.lock import held
from grader.batch.pool import Entry
from grader.batch.rules import CourseRules
from grader.batch.store import Store
from grader.errors import UnusableInput
from grader.late import LateRule
from grader.render import gradebook
from grader.render.exports import FORMATS, export
from grader.standing import Attempt, Student


@pytest.fixture(autouse=True)
def without_class_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes a second to draw, and has tests of its own."""
    monkeypatch.setitem(FORMATS, "class", replace(FORMATS["class"], after_batch=False))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def lay(results: ResultsFolder, text: str) -> None:
    (results.path / "gradebook.csv").write_text(text)
    (results.feedback / "s1.md").write_text(text)


def test_what_was_rendered_last_is_set_aside(tmp_path: Path) -> None:
    """However often other cases come to count, one earlier gradebook and feedback stays."""
    with opened(tmp_path, "ada") as results:
        marked(results, [attempt("s1")])
    for text in ("first", "second"):
        with opened(tmp_path, "ada") as results:
            lay(results, text)
            assert len(results.set_aside()) == 3
            assert results.feedback.is_dir()
            assert not list(results.feedback.iterdir())
            lay(results, "third")
            (tmp_path / "results.jsonl").write_text(text)
    assert (tmp_path / "gradebook.csv.previous").read_text() == "second"
    assert (tmp_path / "feedback.previous/s1.md").read_text() == "second"
    assert not (tmp_path / "feedback.previous/s1.html").exists()
    assert len([name for name in names(tmp_path) if ".previous" in name]) == 3


def test_what_was_there_before_the_first_batch_is_never_deleted(tmp_path: Path) -> None:
    """It is not ours: a gradebook of somebody's own, or of a store that was taken away."""
    for text in ("first", "second"):
        with opened(tmp_path, "ada") as results:
            lay(results, text)
            assert len(results.set_aside()) == 2
    assert (tmp_path / "gradebook.csv.previous").read_text() == "first"
    assert (tmp_path / "gradebook.csv.previous-2").read_text() == "second"
    assert (tmp_path / "feedback.previous/s1.md").read_text() == "first"
    assert (tmp_path / "feedback.previous-2/s1.md").read_text() == "second"


def test_a_new_folder_sets_nothing_aside(tmp_path: Path) -> None:
    """The first run says nothing about earlier ones."""
    with opened(tmp_path / "new", "ada") as results:
        assert results.set_aside() == []
    assert names(tmp_path / "new") == {"feedback", "results.sqlite"}


def test_two_batches_never_share_a_folder(tmp_path: Path) -> None:
    """The second is told at once, and the folder is free again when the first has ended."""
    with opened(tmp_path, "ada"), pytest.raises(UnusableInput, match="another batch is at work"):
        opened(tmp_path, "ada").__enter__()
    with opened(tmp_path, "ada") as results:
        assert results.path == tmp_path


def test_who_waits_gets_the_folder_when_it_is_free(tmp_path: Path) -> None:
    """Two people who adjust marks at the same moment do not refuse each other."""
    first = held(tmp_path)
    first.__enter__()
    done: list[str] = []

    def release() -> None:
        done.append("first")
        first.__exit__(None, None, None)

    timer = threading.Timer(0.2, release)
    timer.start()
    with held(tmp_path, patience=60):
        assert done == ["first"]
    timer.join()


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    """A file lies where the folder should be."""
    (tmp_path / "results").write_text("")
    with pytest.raises(UnusableInput, match="cannot write to"):
        opened(tmp_path / "results", "ada").__enter__()


def feedback_of(results: ResultsFolder) -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in results.feedback.glob("*.md")}


def marked(results: ResultsFolder, attempts: list[Attempt], **more: Any) -> None:
    """A run in which each attempt earns 50 points."""
    for each in begin(results.store, attempts, **more):
        made = result(each, 50)
        results.write(each, Entry(each.name, made))
        results.store.add(each, made)
    results.finish()


def test_feedback_says_what_counts_and_no_longer_says_it_when_it_is_over(tmp_path: Path) -> None:
    """An adjustment is in the file at once, and out of it when it is revoked."""
    with opened(tmp_path, "ada") as results:
        marked(results, [attempt("s1"), attempt("s2")])
        plain = feedback_of(results)
        assert "Points that count" not in plain["s1.md"]
        number = results.store.adjust("s1", 2.5, "a *mistake* in the handout", "ada")
    with Store(tmp_path) as store:
        assert refreshed(tmp_path, store)
        told = feedback_of(results)
        assert "**final: 52.5**" in told["s1.md"]
        assert "a \\*mistake\\* in the handout" in told["s1.md"]
        assert told["s2.md"] == plain["s2.md"]
        store.revoke(number, "ada", "there was none")
        refreshed(tmp_path, store)
    assert feedback_of(results) == plain


def test_lateness_is_explained_in_the_file_of_the_attempt_that_counts(tmp_path: Path) -> None:
    """When another attempt comes to count, the first one's file says nothing of it any more."""
    late = CourseRules(late=LateRule(per_day=10))
    first, second = attempt("s1", late_seconds=60), attempt("s1", 2, late_seconds=90_000)
    with opened(tmp_path, "ada") as results:
        marked(results, [first], rules=late)
        assert "handed in late: −5" in feedback_of(results)["s1.md"]
        marked(results, [first, second], rules=late)
        assert "late" not in feedback_of(results)["s1.md"]
        assert "handed in late: −10" in feedback_of(results)["s1-2.md"]


def test_attempts_that_are_numbered_anew_get_their_own_feedback(tmp_path: Path) -> None:
    """Without the first attempt's file the second is the first; equal points do not hide it."""
    second = attempt("s1", 2)
    with opened(tmp_path, "ada") as results:
        marked(results, [attempt("s1"), second])
        (results.feedback / "s1.md").write_text("of the attempt that is gone")
        marked(results, [replace(second, number=1, name="s1")])
        assert "that is gone" not in feedback_of(results)["s1.md"]


def test_only_feedback_that_says_something_else_is_written_again(tmp_path: Path) -> None:
    """A file that is right is left alone, also by hand-made remarks; a lost one comes back."""
    with opened(tmp_path, "ada") as results:
        marked(results, [attempt("s1"), attempt("s2")])
        (results.feedback / "s1.md").write_text("read by a person")
        (results.feedback / "s2.md").unlink()
        results.finish()
        again = feedback_of(results)
    assert again["s1.md"] == "read by a person"
    assert "s2" in again["s2.md"]


def test_a_failed_regrade_leaves_the_feedback_of_the_mark_that_counts(tmp_path: Path) -> None:
    """The grader's trouble does not tell a student that nothing was marked."""
    s1 = attempt("s1")
    with opened(tmp_path, "ada") as results:
        marked(results, [s1])
        before = feedback_of(results)
        begin(results.store, [s1], regrade=["all"])
        results.write(s1, Entry("s1", None, "the grader failed", failed=True))
        results.store.add(s1, None, "the grader failed", failed=True)
        results.finish()
        assert feedback_of(results) == before


def test_who_handed_in_nothing_gets_no_file(tmp_path: Path) -> None:
    """There is nothing to say about it."""
    with opened(tmp_path, "ada") as results:
        marked(results, [attempt("s1")], missing=[Student("s0")])
        assert list(feedback_of(results)) == ["s1.md"]
        assert b"s0,,,,,,,,,,,," in (tmp_path / "gradebook.csv").read_bytes()


def test_what_was_exported_once_is_kept_up_to_date(tmp_path: Path) -> None:
    """A file for a course system that says other marks than the gradebook would be handed over."""
    with opened(tmp_path, "ada") as results:
        marked(results, [attempt("s1")])
        assert not (tmp_path / "results.json").exists()
        export(results.store.course(), "json", tmp_path)
        results.store.adjust("s1", 7, "x", "ada")
        results.finish()
    (told,) = json.loads((tmp_path / "results.json").read_text("utf-8"))["standings"]
    assert told["final"] == 57


@pytest.mark.slow
def test_while_a_batch_is_at_work_it_writes_the_files_itself(tmp_path: Path) -> None:
    """Somebody who adjusts a mark meanwhile is not refused, and breaks into nothing."""
    with opened(tmp_path, "ada") as results:
        marked(results, [attempt("s1")])
        with Store(tmp_path) as store:
            store.adjust("s1", 7, "x", "eve")
            assert refreshed(tmp_path, store) is None
        results.finish()
        assert "final: 57" in feedback_of(results)["s1.md"]


def test_a_mark_that_is_adjusted_while_files_are_written_is_in_them(tmp_path: Path) -> None:
    """What is written last says what the store says."""

    class Slow(ResultsFolder):
        rounds = 0

        def _write_tables(self) -> list[Path]:
            written = super()._write_tables()
            self.rounds += 1
            if self.rounds == 1:
                with Store(tmp_path) as store:
                    store.adjust("s1", 7, "x", "eve")
            return written

    with opened(tmp_path, "ada") as results:
        marked(results, [attempt("s1")])
        slow = Slow(tmp_path, results.store)
        slow.finish()
        assert slow.rounds == 2
    assert b",57," in (tmp_path / "gradebook.csv").read_bytes()


def test_equal_stores_give_the_same_bytes(tmp_path: Path) -> None:
    """Whatever the order in which things were done."""
    attempts = [attempt("s1"), attempt("s2"), attempt("s2", 2)]
    for name, order in (("one", attempts), ("two", attempts[::-1])):
        with opened(tmp_path / name, "ada") as results:
            begin(results.store, attempts)
            for each in order:
                results.write(each, Entry(each.name, result(each, 10 * each.number)))
                results.store.add(each, result(each, 10 * each.number))
            results.finish()
    for file in ("gradebook.csv", "results.jsonl"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_refused_run_leaves_no_new_folder_behind(tmp_path: Path) -> None:
    """A typing mistake makes no folder; an old one, and what is marked, stays."""
    with pytest.raises(UnusableInput, match="wrong"), opened(tmp_path / "new", "ada"):
        raise UnusableInput("the wrong folder")
    with pytest.raises(KeyboardInterrupt), opened(tmp_path / "new", "ada"):
        raise KeyboardInterrupt
    assert not (tmp_path / "new").exists()

    def fills_the_disk() -> None:
        with opened(tmp_path / "begun", "ada") as results:
            begin(results.store, [attempt("s1")])
            raise UnusableInput("the disk is full")

    with pytest.raises(UnusableInput, match="full"):
        fills_the_disk()
    assert (tmp_path / "begun/results.sqlite").exists()


def table(folder: Path) -> bytes:
    return (folder / "gradebook.csv").read_bytes()


IDS = ['a, "b"', "s1", "s2", "student"]


def course(results: ResultsFolder) -> None:
    """Students whose ids need quoting, or look like a heading."""
    marked(results, [attempt(each) for each in IDS])
    export(results.store.course(), "canvas", results.path)


@pytest.mark.parametrize("many", [False, True])
def test_an_adjustment_amends_what_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: bool
) -> None:
    """The gradebook is what it would be if rendered whole; no Result is read of anybody else.

    In a large course, what takes long is left and named.
    """
    monkeypatch.setattr("grader.batch.folder._MANY", 3 if many else 4)
    with opened(tmp_path, "ada") as results:
        course(results)
    with Store(tmp_path) as store:
        refreshed(tmp_path, store)
        for number, student in enumerate(IDS):
            store.adjust(student, number + 1, "x", "eve")
            store.adjust("s2", 1, "y", "eve")
            whole = tmp_path / "whole.csv"
            gradebook.write(store.course(), whole)
            amended = refreshed(tmp_path, store)
            assert amended is not None
            assert table(tmp_path) == whole.read_bytes()
            assert amended.left == (["canvas"] if many else [])
            assert ((tmp_path / "canvas.csv") in amended.written) == (not many)
            told = {path.stem for path in amended.written if path.suffix == ".md"}
            assert len(told) == (1 if student == "s2" else 2)
            assert not any(path.suffix == ".jsonl" for path in amended.written)


def test_the_rows_of_others_are_not_rendered_again(tmp_path: Path) -> None:
    """They are copied as they are: a hundred thousand of them in less than a second."""
    file = tmp_path / "gradebook.csv"
    with opened(tmp_path, "ada") as results:
        course(results)
    before = file.stat()
    file.write_bytes(table(tmp_path).replace(b"s2,", b"S2,"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))  # as if it was so written
    with Store(tmp_path) as store:
        store.adjust("s1", 1, "x", "eve")
        refreshed(tmp_path, store)
    assert b"S2," in table(tmp_path)
    assert b",51," in table(tmp_path)


@pytest.mark.parametrize("how", ["edited", "deleted", "begun"])
def test_a_gradebook_that_is_not_what_was_written_is_written_whole(
    tmp_path: Path, how: str
) -> None:
    """Edited by hand or deleted; and after a batch that was killed, so is all the rest."""
    with opened(tmp_path, "ada") as results:
        course(results)
        right = table(tmp_path)
        if how == "begun":
            begin(results.store, [attempt(each) for each in IDS])
            (tmp_path / "results.jsonl").unlink()
    if how == "deleted":
        (tmp_path / "gradebook.csv").unlink()
    else:
        (tmp_path / "gradebook.csv").write_text("edited")
    with Store(tmp_path) as store:
        store.adjust("s1", 1, "x", "eve")
        refreshed(tmp_path, store)
        store.adjust("s1", -1, "x", "eve")
        store.revoke(1, "eve", "z")
        store.revoke(2, "eve", "z")
        refreshed(tmp_path, store)
    assert table(tmp_path) == right
    assert (tmp_path / "results.jsonl").exists()
