"""grader/diagnose/mistakes.py: a bug is named when it explains everything seen, and only then."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from grader.bundle import BugAnswer, BugNote, Bundle, Case, Problem, Step
from grader.diagnose import Answer, diagnose, mistakes
from grader.fingerprint import Fingerprint, _directions
from grader.pairs import PairTable, rows_of

RNG = np.random.default_rng(1)
GOLDEN = {name: RNG.standard_normal((3, 4)) for name in ("a", "b")}


def make_problem(first: list[BugAnswer], second: list[BugAnswer]) -> Problem:
    """Two cases, a and b, of one function f with output dW."""
    steps = [Step("f", [], "dW")]
    cases = [
        Case("a", "case a", frozenset(), steps, {"dW": GOLDEN["a"]}, bugs=first),
        Case("b", "case b", frozenset(), steps, {"dW": GOLDEN["b"]}, bugs=second),
    ]
    return Problem("p", "P", "f", cases)


def bundle(problem: Problem) -> Bundle:
    """A bundle with notes for the bugs twice, half and loud."""
    notes = {name: BugNote(name, f"it is {name}", "mend it") for name in ("twice", "half", "loud")}
    return Bundle("t", "public", "test", {"p": problem}, notes)


TWICE = BugAnswer("twice", {"dW": Fingerprint.of(2 * GOLDEN["a"])})
TWICE_B = BugAnswer("twice", {"dW": Fingerprint.of(2 * GOLDEN["b"])})
HALF = BugAnswer("half", {"dW": Fingerprint.of(0.5 * GOLDEN["a"])})


def wrong(array: np.ndarray) -> Answer:
    """A wrong answer."""
    return Answer({"dW": array}, frozenset({"dW"}))


def right(array: np.ndarray) -> Answer:
    """A golden answer."""
    return Answer({"dW": array})


def name_of(problem: Problem, **answers: Answer) -> str | None:
    """The id of the bug that is named."""
    note = diagnose(bundle(problem), problem, answers)
    return note.id if note else None


def test_the_bug_that_explains_all_cases_is_named() -> None:
    """Both cases wrong as the bug makes them: it is named, with its message."""
    problem = make_problem([TWICE, HALF], [TWICE_B])
    assert name_of(problem, a=wrong(2 * GOLDEN["a"]), b=wrong(2 * GOLDEN["b"])) == "twice"


def test_an_answer_of_another_shape_is_not_summarised() -> None:
    """That would take 32 bytes for each entry, and be kept: sixty million fit into an answer."""
    problem = make_problem([TWICE, HALF], [TWICE_B])
    before = _directions.cache_info().misses
    assert name_of(problem, a=wrong(np.ones(12_345)), b=wrong(2 * GOLDEN["b"])) is None
    assert _directions.cache_info().misses == before


def test_a_bug_that_shows_in_one_case_leaves_the_other_golden() -> None:
    """A bug without an answer for a case predicts the golden answer there."""
    problem = make_problem([TWICE, HALF], [TWICE_B])
    assert name_of(problem, a=wrong(0.5 * GOLDEN["a"]), b=right(GOLDEN["b"])) == "half"


def test_one_contradicting_case_forbids_the_name() -> None:
    """A match in one case is not enough when another case speaks against the bug."""
    problem = make_problem([TWICE, HALF], [TWICE_B])
    assert name_of(problem, a=wrong(2 * GOLDEN["a"]), b=wrong(7 * GOLDEN["b"])) is None
    assert name_of(problem, a=wrong(0.5 * GOLDEN["a"]), b=wrong(7 * GOLDEN["b"])) is None


def test_an_unknown_mistake_gets_no_name() -> None:
    """An answer that is no registered bug's stays unnamed."""
    problem = make_problem([TWICE, HALF], [TWICE_B])
    assert name_of(problem, a=wrong(GOLDEN["a"] + 1), b=right(GOLDEN["b"])) is None


def test_right_answers_get_no_name() -> None:
    """Nothing wrong, nothing named: a bug needs evidence."""
    problem = make_problem([TWICE], [])
    assert name_of(problem, a=right(GOLDEN["a"]), b=right(GOLDEN["b"])) is None
    assert name_of(problem) is None


def test_two_bugs_that_explain_the_same_are_not_named() -> None:
    """Rather no name than a wrong one."""
    same = BugAnswer("loud", TWICE.outputs)
    problem = make_problem([TWICE, same], [])
    assert name_of(problem, a=wrong(2 * GOLDEN["a"]), b=right(GOLDEN["b"])) is None


def test_without_the_gradients_the_smaller_bug_is_named() -> None:
    """While outputs are missing, the registry's order decides: the smaller change comes first."""
    steps = [Step("f", [], ["loss", "dW"])]
    expected = {"loss": np.array(1.5), "dW": GOLDEN["a"]}
    small = BugAnswer("half", {"loss": Fingerprint.of(3.0)})
    large = BugAnswer("twice", {"loss": Fingerprint.of(3.0), "dW": Fingerprint.of(GOLDEN["b"])})
    case = Case("a", "case a", frozenset(), steps, expected, bugs=[large, small])
    problem = Problem("p", "P", "f", [case])
    notes = {name: BugNote(name, name, name) for name in ("half", "twice")}
    registry = Bundle("t", "public", "test", {"p": problem}, notes)
    only_loss = Answer({"loss": np.array(3.0)}, frozenset({"loss"}))
    note = diagnose(registry, problem, {"a": only_loss})
    assert note is not None
    assert note.id == "half"


def test_an_exception_fits_but_is_no_evidence() -> None:
    """Where the bug raises, any exception fits; the name needs a value that matches as well."""
    loud = BugAnswer("loud", raises="IndexError")
    loud_b = BugAnswer("loud", {"dW": Fingerprint.of(2 * GOLDEN["b"])})
    problem = make_problem([loud], [loud_b])
    assert name_of(problem, a=Answer(raised="KeyError"), b=wrong(2 * GOLDEN["b"])) == "loud"
    assert name_of(problem, a=wrong(GOLDEN["a"] + 1), b=wrong(2 * GOLDEN["b"])) is None
    assert name_of(problem, a=Answer(raised="IndexError"), b=right(GOLDEN["b"])) is None


def test_a_second_mistake_in_other_cases_does_not_hide_the_name() -> None:
    """Judged on the cases at hand alone, a bug is named although other cases are wrong too."""
    problem = make_problem([TWICE, HALF], [TWICE_B])
    answers = {"a": wrong(0.5 * GOLDEN["a"]), "b": wrong(7 * GOLDEN["b"])}
    note = diagnose(bundle(problem), problem, answers, cases=["a"])
    assert note is not None
    assert note.id == "half"


def test_an_output_that_is_wrong_in_its_own_way_does_not_hide_another() -> None:
    """Of two mistakes the known one is named, but not where only the other shows."""
    steps = [Step("f", [], ["loss", "dW"])]
    expected = {"loss": np.array(1.5), "dW": GOLDEN["a"]}
    case = Case("a", "case a", frozenset(), steps, expected, bugs=[TWICE])
    problem = Problem("p", "P", "f", [case])
    outputs = {"loss": np.array(99.0), "dW": 2 * GOLDEN["a"]}
    answer = Answer(outputs, frozenset(outputs))
    for outputs_at_hand in (None, {"dW"}, {"loss", "dW"}):
        note = diagnose(bundle(problem), problem, {"a": answer}, outputs=outputs_at_hand)
        assert note is not None
        assert note.id == "twice"
    assert diagnose(bundle(problem), problem, {"a": answer}, outputs={"loss"}) is None


def two_cases(
    bugs: dict[str, tuple[np.ndarray | None, np.ndarray | None]],
    pairs: dict[tuple[str, str], tuple[np.ndarray, np.ndarray]],
) -> Problem:
    """Cases a and b, bugs with their answers to both, and what pairs of them answer."""
    answers = [
        [BugAnswer(name, {"dW": Fingerprint.of(each[i])}) for name, each in bugs.items()
         if each[i] is not None]
        for i in range(2)
    ]  # fmt: skip
    problem = make_problem(*answers)
    rows = np.stack(
        [rows_of([{"dW": both[i]} for both in pairs.values()], ["dW"]) for i in range(2)], axis=1
    )
    return replace(problem, pairs=PairTable(tuple(pairs), ("a", "b"), rows.astype(np.float32)))


TWO = {"twice": (2 * GOLDEN["a"], 2 * GOLDEN["b"]), "half": (GOLDEN["a"] / 2, GOLDEN["b"] / 2),
       "loud": (GOLDEN["a"] + 5, GOLDEN["b"] + 5)}  # fmt: skip
BOTH = (GOLDEN["a"] - 7, GOLDEN["b"] - 7)


def told(problem: Problem, a: np.ndarray, b: np.ndarray) -> list[str]:
    """The ids of all that is told."""
    found = mistakes(bundle(problem), problem, {"a": wrong(a), "b": wrong(b)})
    return [note.id for note in found]


def test_two_bugs_at_once_are_both_named() -> None:
    """One pair answers so, and no bug alone."""
    problem = two_cases(TWO, {("twice", "half"): BOTH})
    assert told(problem, *BOTH) == ["twice", "half"]


def test_of_several_pairs_what_they_share_is_named() -> None:
    """The bug that is in each of them is certain."""
    problem = two_cases(TWO, {("twice", "half"): BOTH, ("twice", "loud"): BOTH})
    assert told(problem, *BOTH) == ["twice"]


def test_pairs_that_share_nothing_are_told_as_what_may_be() -> None:
    """Each of them fits, so that none is named alone: one remark has them all, and their hints."""
    four = TWO | {"still": (GOLDEN["a"] + 6, GOLDEN["b"] + 6)}
    problem = two_cases(four, {("twice", "half"): BOTH, ("loud", "still"): BOTH})
    registry = bundle(problem)
    notes = dict(registry.bugs) | {"still": BugNote("still", "it is still", "and this")}
    (note,) = mistakes(
        replace(registry, bugs=notes), problem, {"a": wrong(BOTH[0]), "b": wrong(BOTH[1])}
    )
    assert note.id == "twice + half or loud + still"
    assert note.message == (
        "it answers as with two mistakes at once: (1) it is twice and it is half; "
        "or (2) it is loud and it is still"
    )
    assert note.help == "mend it and this"


def test_zeros_throughout_name_nothing_and_ones_nothing_for_certain() -> None:
    """All zeros are an unfinished function's; all ones are as good as an accident."""
    zero, one = np.zeros((3, 4)), np.ones((3, 4))
    problem = two_cases(TWO, {("twice", "half"): (zero, zero), ("twice", "loud"): (one, one)})
    assert told(problem, zero, zero) == []
    assert told(problem, one, one) == ["twice + loud"]
