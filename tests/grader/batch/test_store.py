"""grader/batch/store.py, on real SQLite: what is kept, what is skipped, what counts."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fixtures.stored_course import KEY, attempt, begin, filled, other, result
from grader.batch.rules import CourseRules
from grader.batch.store import Store
from grader.errors import GraderFailure, UnusableInput
from grader.late import LateRule
from grader.standing import NOT_HANDED_IN, Student

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.batch.key import Key


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path, create=True, who="ada") as opened:
        yield opened


def finals(store: Store) -> dict[str, float | None]:
    return {row.student.id: row.final for row in store.course()}


# ------------------------------------------------------------------------------------- keeping


def test_what_is_added_is_there_for_whoever_opens_the_file_next(tmp_path: Path) -> None:
    """Without closing, as after a kill: another connection reads the whole Result."""
    store = filled(tmp_path, {"s1": 71.5})
    with closing(store._connection), Store(tmp_path) as reader:
        (standing,) = reader.course()
        assert standing.result == result(attempt("s1"), 71.5)


def test_numbers_that_json_cannot_say_come_back_as_they_were(store: Store) -> None:
    """A student's loss may be NaN or infinite; the stored Result says so, too."""
    s1 = attempt("s1")
    begin(store, [s1])
    made = result(s1, 3)
    check = made.parts[0].checks[0]
    odd = check.model_copy(update={"measured": {"loss": float("inf"), "text": "ünï\ud800"[:3]}})
    part = made.parts[0].model_copy(update={"checks": [odd, *made.parts[0].checks[1:]]})
    store.add(s1, made.model_copy(update={"parts": [part, *made.parts[1:]]}))
    (standing,) = store.course()
    assert standing.result is not None
    assert standing.result.parts[0].checks[0].measured == odd.measured


def test_the_document_and_the_columns_beside_it_agree(store: Store) -> None:
    """What SQL says of points and checks is what the Result says."""
    s1 = attempt("s1")
    begin(store, [s1])
    made = result(s1, 42)
    store.add(s1, made)
    rows = store._connection.execute("SELECT id, status, earned FROM checks ORDER BY position")
    checks = [check for part in made.parts for check in part.checks]
    assert rows.fetchall() == [(c.id, c.status.value, c.earned) for c in checks]
    assert store._connection.execute("SELECT earned, points FROM results").fetchall() == [
        (42, made.points)
    ]
    (row,) = store.course().rows()
    (standing,) = store.course()
    assert row == standing.row()


# ------------------------------------------------------------------------------------ skipping


def test_a_second_run_has_nothing_to_do(tmp_path: Path) -> None:
    """Same submissions, same key: everything is known, also in another process's eyes."""
    filled(tmp_path, {"s1": 1, "s2": 2}).__exit__(None, None, None)
    with Store(tmp_path) as store:
        assert begin(store, [attempt("s1"), attempt("s2")]) == []


def test_a_changed_submission_is_marked_again_and_only_that(tmp_path: Path) -> None:
    """The hash of what was handed in decides, not the name."""
    with filled(tmp_path, {"s1": 1, "s2": 2}) as store:
        todo = begin(store, [attempt("s1", content="new"), attempt("s2")])
        assert [each.student.id for each in todo] == ["s1"]


@pytest.mark.parametrize(
    "key",
    [other(bundle_sha256="c" * 64), other(assignment_sha256="c" * 64),
     other(dataset_sha256="c" * 64), other(version="0.2.0"), other(visibility="public"),
     replace(KEY, trained=False)],
)  # fmt: skip
def test_whatever_else_could_change_a_result_has_all_marked_again(tmp_path: Path, key: Key) -> None:
    """Other cases, rules, data, version, visibility, with or without training."""
    with filled(tmp_path, {"s1": 1, "s2": 2}) as store:
        assert len(begin(store, [attempt("s1"), attempt("s2")], key)) == 2
        # Nothing was lost by looking: what was marked before counts as soon as it fits again.
        assert begin(store, [attempt("s1"), attempt("s2")]) == []
        assert finals(store) == {"s1": 1, "s2": 2}


def test_a_submission_that_could_not_be_read_is_never_taken_for_done(store: Store) -> None:
    """Without a hash nobody knows what it is."""
    unread = replace(attempt("s1"), sha256="")
    begin(store, [unread])
    store.add(unread, None, "cannot read it")
    assert begin(store, [unread]) == [unread]


def test_a_failure_is_tried_again_and_counts_as_a_row(store: Store) -> None:
    """Its row says why there is no mark; the next run marks it."""
    s1 = attempt("s1")
    begin(store, [s1])
    store.add(s1, None, "the grader failed", failed=True)
    (standing,) = store.course()
    assert (standing.final, standing.trouble, standing.failed) == (None, "the grader failed", True)
    tally = store.tally()
    assert (tally.failed, tally.done, tally.total) == (1, 1, 1)
    assert begin(store, [s1]) == [s1]
    store.add(s1, result(s1, 5))
    (standing,) = store.course()
    assert (standing.final, standing.trouble, standing.failed) == (5, None, False)
    assert store.tally().failed == 0


def test_a_failed_regrade_costs_no_mark(tmp_path: Path) -> None:
    """The earlier Result counts on; the row says that the last try failed; it is tried again."""
    s1 = attempt("s1")
    with filled(tmp_path, {"s1": 70}) as store:
        assert begin(store, [s1], regrade=["all"]) == [s1]
        store.add(s1, None, "the grader failed", failed=True)
        (standing,) = store.course()
        assert (standing.final, standing.trouble) == (70, "the grader failed")
        assert begin(store, [s1]) == [s1]


def test_members_of_a_group_share_the_content_and_have_a_result_each(store: Store) -> None:
    """Equal hashes of two students are two rows."""
    both = [attempt("s1", content="ours"), attempt("s2", content="ours")]
    begin(store, both)
    for each in both:
        store.add(each, result(each, 9))
    assert finals(store) == {"s1": 9, "s2": 9}


def test_a_submission_that_was_exchanged_meanwhile_is_kept_as_what_was_marked(
    store: Store,
) -> None:
    """The Result's own hash wins; the next run compares with that."""
    before, after = attempt("s1"), attempt("s1", content="exchanged")
    begin(store, [before])
    store.add(before, result(after, 8))
    assert finals(store) == {"s1": 8}
    assert begin(store, [after]) == []


# -------------------------------------------------------------------------------- what counts


def test_nobody_is_shown_before_all_attempts_are_done(store: Store) -> None:
    """The one that is still to be marked may be the one that counts."""
    attempts = [attempt("s1"), attempt("s1", 2), attempt("s2")]
    begin(store, attempts)
    store.add(attempts[0], result(attempts[0], 60))
    assert finals(store) == {}
    store.add(attempts[1], result(attempts[1], 50))
    assert finals(store) == {"s1": 50}


@pytest.mark.parametrize(("rule", "final"), [("last", 50), ("best", 60)])
def test_the_assignment_says_which_attempt_counts(store: Store, rule: str, final: float) -> None:
    """Of two attempts, the last or the best; the rule outlives the run that brought it."""
    attempts = [attempt("s1"), attempt("s1", 2)]
    begin(store, attempts, rules=CourseRules(rule))  # type: ignore[arg-type]  # parametrized
    store.add(attempts[0], result(attempts[0], 60))
    store.add(attempts[1], result(attempts[1], 50))
    (standing,) = store.course()
    assert (standing.final, standing.attempts) == (final, 2)


def test_lateness_takes_points_beside_the_result(store: Store) -> None:
    """What was earned stays what it was; what counts is less."""
    late = attempt("s1", late_seconds=90_000)
    begin(store, [late], rules=CourseRules(late=LateRule(per_day=10)))
    store.add(late, result(late, 80))
    (standing,) = store.course()
    assert (standing.earned, standing.penalty, standing.final) == (80, 16, 64)


def test_who_handed_in_nothing_has_a_row_until_something_comes(store: Store) -> None:
    """Also points can be given for it; a submission takes the row's place."""
    s1, absent = attempt("s1"), Student("s0", "Zoë")
    begin(store, [s1], missing=[absent])
    store.add(s1, result(s1, 5))
    row, _ = store.course()
    assert (row.student, row.handed_in, row.final) == (absent, False, None)
    assert row.trouble == NOT_HANDED_IN
    store.adjust("s0", 3, "oral exam", "ada")
    assert finals(store) == {"s0": 3, "s1": 5}
    begin(store, [s1, attempt("s0")])
    assert finals(store) == {"s1": 5}
    store.add(attempt("s0"), result(attempt("s0"), 20))
    assert finals(store) == {"s0": 23, "s1": 5}
    tally = store.tally()
    assert (tally.done, tally.total) == (2, 2)


def test_who_is_not_in_the_folder_this_time_is_kept_but_not_shown(tmp_path: Path) -> None:
    """A run on half the folder hides the others; the next on all of it marks nothing again."""
    with filled(tmp_path, {"s1": 1, "s2": 2}) as store:
        begin(store, [attempt("s1")])
        assert (finals(store), store.tally().absent) == ({"s1": 1}, 1)
        assert begin(store, [attempt("s1"), attempt("s2")]) == []
        assert finals(store) == {"s1": 1, "s2": 2}


# ----------------------------------------------------------------------------------- refusals


def test_another_assignment_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    """The folder's results are not replaced by another homework's."""
    with filled(tmp_path, {"s1": 1}) as store:
        with pytest.raises(UnusableInput, match="holds the results of hw3, not of hw4"):
            begin(store, [attempt("s9")], other(assignment="hw4"))
        assert finals(store) == {"s1": 1}


def test_a_refused_run_changes_nothing(tmp_path: Path) -> None:
    """Not even which results count: the store is what it was before."""
    with filled(tmp_path, {"s1": 1}) as store:
        with pytest.raises(UnusableInput, match="fits no submission"):
            begin(store, [attempt("s2")], other(version="9"), regrade=["nobody"])
        assert store.is_marked_with(KEY)
        assert finals(store) == {"s1": 1}
    (tmp_path / "new").mkdir()
    with Store(tmp_path / "new", create=True) as store:
        with pytest.raises(UnusableInput, match="fits no submission"):
            begin(store, [attempt("s2")], regrade=["nobody"])
        assert not store.has_begun


def test_a_folder_without_a_store_is_explained(tmp_path: Path) -> None:
    """Who names the wrong folder is told which is wanted, and no file is made."""
    with pytest.raises(UnusableInput, match="there is no results") as caught:
        Store(tmp_path)
    assert "grade batch --out" in (caught.value.hint or "")
    assert not list(tmp_path.iterdir())


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    """Its name alone does not make it ours."""
    with closing(sqlite3.connect(tmp_path / "results.sqlite")) as foreign:
        foreign.execute("CREATE TABLE cookies (id)")
        foreign.commit()
    with pytest.raises(UnusableInput, match="database of another program"):
        Store(tmp_path, create=True)


def test_another_versions_format_is_refused(tmp_path: Path) -> None:
    """Reading it wrongly would be worse than not reading it."""
    filled(tmp_path, {"s1": 1}).__exit__(None, None, None)
    with closing(sqlite3.connect(tmp_path / "results.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(UnusableInput, match="another version of goldgrad"):
        Store(tmp_path)


def test_a_damaged_file_is_the_graders_failure_not_a_traceback(tmp_path: Path) -> None:
    """Something wrote into it."""
    (tmp_path / "results.sqlite").write_bytes(b"no database at all, but long enough" * 100)
    with pytest.raises(GraderFailure, match="cannot use"):
        Store(tmp_path)


def test_a_full_disk_is_said_and_loses_nothing_that_was_kept(tmp_path: Path) -> None:
    """The message names the cause; what was added before is there, the next half is not."""
    with filled(tmp_path, {"s1": 1}) as store:
        (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
        store._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        many = [attempt(f"t{number}") for number in range(500)]
        with pytest.raises(GraderFailure, match="disk is full"):
            begin(store, [attempt("s1"), *many])
        assert finals(store) == {"s1": 1}
        store._connection.execute(f"PRAGMA max_page_count = {pages + 1000}")
        assert len(begin(store, [attempt("s1"), *many])) == 500


def test_names_and_hashes_are_data_not_sql(store: Store) -> None:
    """A student may be called anything."""
    nasty = attempt("Robert'); DROP TABLE students;--")
    begin(store, [nasty])
    store.add(nasty, result(nasty, 1))
    assert list(finals(store)) == [nasty.student.id]
