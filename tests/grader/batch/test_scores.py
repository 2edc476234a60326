"""grader/batch/scores.py: every change of a score has its line in the trail, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fixtures.stored_course import attempt, begin, filled, other, result
from grader.batch.rules import CourseRules
from grader.batch.store import Store
from grader.errors import UnusableInput
from grader.late import LateRule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.batch.audit import Change
    from grader.standing import Attempt


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Two students, marked by ada."""
    with filled(tmp_path, {"s1": 70, "s2": 50}, who="ada") as opened:
        yield opened


def mark(store: Store, which: Attempt, earned: float) -> None:
    store.add(which, result(which, earned))


def news(store: Store, number: int) -> list[Change]:
    """What was recorded since the trail had so many lines."""
    return list(store.changes())[number:]


def told(change: Change) -> tuple[object, ...]:
    return (change.student, change.what, change.old, change.new, change.final_old, change.final_new)


def test_a_first_mark_is_a_change_from_nothing(store: Store) -> None:
    """Who, when, whose, from what to what."""
    first, second = store.changes()
    assert told(first) == ("s1", "marked", None, 70, None, 70)
    assert told(second) == ("s2", "marked", None, 50, None, 50)
    assert (first.who, first.attempt, first.why) == ("ada", "s1", "marked")
    assert first.at.utcoffset() is not None


def test_marking_again_to_the_same_score_is_no_change(store: Store) -> None:
    """The trail holds changes, not events."""
    begin(store, [attempt("s1"), attempt("s2")], regrade=["all"])
    mark(store, attempt("s1"), 70)
    assert news(store, 2) == []


def test_a_regrade_that_changes_a_mark_says_so(store: Store) -> None:
    """From what to what, and that it was marked again."""
    begin(store, [attempt("s1"), attempt("s2")], regrade=["s1"])
    mark(store, attempt("s1"), 74)
    (line,) = news(store, 2)
    assert told(line) == ("s1", "marked", 70, 74, 70, 74)
    assert line.why == "marked again"


@pytest.mark.parametrize(
    ("change", "words"),
    [({"bundle_sha256": "c" * 64}, "with other cases"),
     ({"version": "9"}, "by another version of goldgrad"),
     ({"assignment_sha256": "c" * 64, "bundle_sha256": "c" * 64},
      "by changed rules of the assignment, with other cases")],
)  # fmt: skip
def test_the_trail_says_what_was_different(
    store: Store, change: dict[str, str], words: str
) -> None:
    """A mark that changed because the cases did is not a mystery a year later."""
    begin(store, [attempt("s1"), attempt("s2")], other(**change))
    mark(store, attempt("s1"), 60)
    (line,) = news(store, 2)
    assert line.why == f"marked again, {words}"


def test_a_changed_submission_is_told_apart_from_marking_again(store: Store) -> None:
    """The student handed in something else."""
    new = attempt("s1", content="new")
    begin(store, [new, attempt("s2")])
    mark(store, new, 90)
    (line,) = news(store, 2)
    assert (line.why, line.final_old, line.final_new) == ("the submission changed", 70, 90)


def test_going_back_to_an_earlier_upload_is_a_change_without_marking(store: Store) -> None:
    """The Result is in the store already; the score changes all the same."""
    new = attempt("s1", content="new")
    begin(store, [new, attempt("s2")])
    mark(store, new, 90)
    assert begin(store, [attempt("s1"), attempt("s2")]) == []
    _, line = news(store, 2)
    assert told(line) == ("s1", "marked", 90, 70, 90, 70)
    assert "counts again" in line.why


def test_a_later_attempt_changes_what_counts(store: Store) -> None:
    """Its own score is new; what counts of the student goes from the first to the second."""
    begin(store, [attempt("s1"), attempt("s1", 2), attempt("s2")])
    assert news(store, 2) == []
    mark(store, attempt("s1", 2), 80)
    (line,) = news(store, 2)
    assert told(line) == ("s1", "marked", None, 80, 70, 80)
    assert line.attempt == "s1-2"


def test_a_worse_attempt_does_not_change_what_counts_where_the_best_does(tmp_path: Path) -> None:
    """The trail has the attempt's score, and that nothing else changed."""
    attempts = [attempt("s1"), attempt("s1", 2)]
    with Store(tmp_path, create=True) as store:
        begin(store, attempts, rules=CourseRules("best"))
        mark(store, attempts[0], 60)
        mark(store, attempts[1], 40)
        first, second = news(store, 1)
    assert told(first) == ("s1", "marked", None, 60, None, None)  # the other may be better
    assert told(second) == ("s1", "marked", None, 40, None, 60)


def test_an_attempt_that_cannot_be_marked_takes_the_place_of_one_that_could(store: Store) -> None:
    """The last attempt counts, and there is no mark for it: that is a change, with its reason."""
    begin(store, [attempt("s1"), attempt("s1", 2), attempt("s2")])
    store.add(attempt("s1", 2), None, "s1-2.rar is no submission")
    (line,) = news(store, 2)
    assert told(line) == ("s1", "not marked", None, None, 70, None)
    assert line.why == "s1-2.rar is no submission"


def test_another_deadline_is_a_change_of_each_who_is_later(store: Store) -> None:
    """Without marking anything; who handed in in time has no line."""
    rules = CourseRules(late=LateRule(per_day=10))
    both = [attempt("s1"), attempt("s2")]
    begin(store, both, rules=rules)
    assert [line.what for line in news(store, 2)] == ["rule"]  # and costs nobody anything yet
    begin(store, [attempt("s1", late_seconds=3600), attempt("s2")], rules=rules)
    (line,) = news(store, 3)
    assert told(line) == ("s1", "late", None, None, 70, 63)
    assert line.why == "s1 counts as late: in time -> 1:00:00"


def test_another_rule_is_one_line_for_all_and_one_for_each_whom_it_costs(store: Store) -> None:
    """The rule in words, from what to what; and what that did to whom."""
    both = [attempt("s1", late_seconds=3600), attempt("s2")]
    begin(store, both)
    begin(store, both, rules=CourseRules(late=LateRule(per_day=10)))
    rule, line = news(store, 2)
    assert (rule.student, rule.what) == ("", "rule")
    assert "lateness costs nothing -> the last attempt counts; late: 10 % a started" in rule.why
    assert told(line) == ("s1", "rule", None, None, 70, 63)
    begin(store, both, rules=CourseRules(late=LateRule(per_day=10)))
    assert len(news(store, 2)) == 2


def test_the_first_run_has_a_rule_and_no_change_of_one(tmp_path: Path) -> None:
    """There was none before; and where lateness costs nothing there is nothing to say."""
    rules = CourseRules(late=LateRule(per_day=10))
    for name, rule, expected in (("a", rules, [str(rules)]), ("b", None, [])):
        (tmp_path / name).mkdir()
        with Store(tmp_path / name, create=True) as store:
            begin(store, [attempt("s1")], rules=rule)
            assert [line.why for line in store.changes()] == expected


def test_a_vanished_attempt_is_a_change(store: Store) -> None:
    """The last attempt counts; without its file it is the one before."""
    begin(store, [attempt("s1"), attempt("s1", 2), attempt("s2")])
    mark(store, attempt("s1", 2), 80)
    begin(store, [attempt("s1"), attempt("s2")])
    _, line = news(store, 2)
    assert told(line) == ("s1", "attempts", None, None, 80, 70)


# --------------------------------------------------------------------------------- adjustments


def test_an_adjustment_survives_a_regrade(store: Store) -> None:
    """Marked again, by other cases, with another score: the points that a person gave stay."""
    store.adjust("s1", 2.5, "the handout was wrong", "bob")
    begin(store, [attempt("s1"), attempt("s2")], other(bundle_sha256="c" * 64), regrade=["all"])
    mark(store, attempt("s1"), 60)
    (standing,) = store.course()
    assert (standing.earned, standing.final) == (60, 62.5)
    given, marked = news(store, 2)
    assert told(given) == ("s1", "adjusted", 0, 2.5, 70, 72.5)
    assert (given.who, given.why) == ("bob", "the handout was wrong")
    assert told(marked) == ("s1", "marked", 70, 60, 72.5, 62.5)


def test_adjustments_add_up_and_one_can_be_taken_back(store: Store) -> None:
    """What is revoked stays on record, and counts no more."""
    first = store.adjust("s1", 5, "a", "bob")
    store.adjust("s1", -2, "b", "bob")
    assert store.revoke(first, "eve", "by mistake") == "s1"
    standing = store.standing("s1")
    assert standing is not None
    assert [each.reason for each in standing.adjustments] == ["b"]
    assert standing.final == 68
    assert [told(line)[2:] for line in news(store, 2)] == [
        (0, 5, 70, 75), (5, 3, 75, 73), (3, -2, 73, 68)
    ]  # fmt: skip
    one, two = store.adjustments("s1")
    assert (one.revoked_by, one.revoked_why, two.revoked_by) == ("eve", "by mistake", None)


def test_points_never_fall_below_nothing(store: Store) -> None:
    """Who loses more than there is has 0, and the sum of adjustments is kept as it was said."""
    store.adjust("s2", -80, "copied", "bob")
    standing = store.standing("s2")
    assert standing is not None
    assert (standing.final, standing.adjusted) == (0, -80)


def test_an_adjustment_is_revoked_once(store: Store) -> None:
    """Twice, or one that is not there, is a mistake that is said."""
    number = store.adjust("s1", 5, "a", "bob")
    store.revoke(number, "eve", "by mistake")
    with pytest.raises(UnusableInput, match="was revoked already, by eve"):
        store.revoke(number, "eve", "again")
    with pytest.raises(UnusableInput, match="no adjustment 99"):
        store.revoke(99, "eve", "x")
    assert len(news(store, 2)) == 2


@pytest.mark.parametrize("word", ["s1", "s1@example.edu", "s1-2"])
def test_a_student_is_found_by_id_address_or_submission(store: Store, word: str) -> None:
    """Whichever stands in the file at hand."""
    begin(store, [attempt("s1"), attempt("s1", 2), attempt("s2")])
    assert store.find_student(word) == "s1"


def test_a_misspelt_student_gets_no_points(store: Store) -> None:
    """The nearest name is suggested; nothing is kept."""
    with pytest.raises(UnusableInput, match="no student 's11'") as caught:
        store.adjust("s11", 5, "a", "bob")
    assert "'s1'" in (caught.value.hint or "")
    assert list(store.adjustments()) == []


def test_of_a_failed_change_nothing_is_kept(store: Store) -> None:
    """One transaction: the adjustment and its line in the trail, or neither."""
    store._connection.execute("DROP TABLE changes")
    with pytest.raises(Exception, match="changes"):
        store.adjust("s1", 5, "a", "bob")
    assert list(store.adjustments()) == []
