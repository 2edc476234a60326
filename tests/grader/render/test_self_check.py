"""grader/render/self_check.py."""

from __future__ import annotations

import re

from grader.render.self_check import is_clean, render_self_check, topics
from grader.result import CheckResult, PartResult, Result, Status


def with_statuses(result: Result, **statuses: Status) -> Result:
    """The result with the status of each named part's checks changed."""
    parts = []
    for part in result.parts:
        status = statuses.get(part.id)
        checks = part.checks
        if status is not None:
            checks = [c.model_copy(update={"status": status, "cases": None}) for c in checks]
        parts.append(part.model_copy(update={"checks": checks}))
    return result.model_copy(update={"parts": parts})


def all_ok(result: Result) -> Result:
    return with_statuses(result, **{part.id: Status.OK for part in result.parts})


def overview(text: str) -> dict[str, tuple[str, str]]:
    found = re.findall(r"^  (ok|FAIL|todo|wait|skip) +(\w+) +(.*)$", text, re.MULTILINE)
    return {name: (status, remark) for status, name, remark in found}


def test_a_line_a_topic(result: Result) -> None:
    """Parts with one subject are a line; layers are a line a function, or one if all agree."""
    assert overview(render_self_check(result)) == {
        "forward": ("ok", "6 of 6"),
        "backward": ("FAIL", "1 of 3"),
        "training": ("ok", "1 of 1"),
        "report": ("FAIL", "1 of 2"),
        "conv": ("ok", "5 of 5"),
        "max_pool_forward": ("ok", "3 of 3"),
        "max_pool_backward": ("FAIL", "2 of 4"),
        "avg_pool_forward": ("ok", "3 of 3"),
        "avg_pool_backward": ("todo", "not written yet (layers.py:141)"),
    }


def test_every_check_is_in_exactly_one_topic(result: Result) -> None:
    """Nothing is summed up twice or lost."""
    gathered = [check.id for topic in topics(result) for check in topic.checks]
    assert gathered == [check.id for part in result.parts for check in part.checks]


def test_only_the_first_mistake_is_explained(result: Result) -> None:
    """One thing at a time, and how to see the others."""
    text = render_self_check(result)
    assert text.count("\n    bug:") == 1
    assert "The first thing to mend\n  backward/l2" in text
    assert "2 more after this: grade check --all" in text
    everything = render_self_check(result, everything=True)
    assert everything.count("\n    bug:") == 2
    assert "report.md:3" in everything
    assert "more after this" not in everything


def test_unwritten_functions_come_after_mistakes_in_code(result: Result) -> None:
    """Mend before you write; but the report's mistakes come last."""
    assert "The first thing to mend\n  backward/l2" in render_self_check(result)
    no_mistake_in_code = all_ok(result).model_copy(
        update={"parts": [*all_ok(result).parts[:3], result.parts[3], _only_todo(result.parts[4])]}
    )
    text = render_self_check(no_mistake_in_code)
    assert "The next thing to write\n  avg_pool/backward" in text
    assert "1 more after this" in text
    everything = render_self_check(result, everything=True)
    assert everything.count("avg_pool_backward is not written yet") == 1
    assert everything.index("To mend") < everything.index("To write")


def _only_todo(part: PartResult) -> PartResult:
    def mended(check: CheckResult) -> CheckResult:
        ok = check.status is not Status.TODO
        return check.model_copy(update={"status": Status.OK}) if ok else check

    return part.model_copy(update={"checks": [mended(check) for check in part.checks]})


def test_skipped_training_is_offered(result: Result) -> None:
    """What was not run is said, with the command that runs it."""
    skipped = with_statuses(all_ok(result), training=Status.SKIP)
    text = render_self_check(skipped)
    assert overview(text)["training"] == ("skip", "not run: grade check --train")
    assert "1 check needs your network trained: grade check --train" in " ".join(text.split())
    assert is_clean(skipped)


def test_clean_means_nothing_failed_or_is_missing(result: Result) -> None:
    """The exit code's rule: todo and wait are not done yet."""
    assert is_clean(all_ok(result))
    for status in (Status.FAIL, Status.TODO, Status.WAIT):
        assert not is_clean(with_statuses(all_ok(result), forward=status))
    assert not is_clean(all_ok(result).model_copy(update={"problem": "empty"}))


def test_a_problem_replaces_the_overview(result: Result) -> None:
    """When nothing could be read there is nothing to list."""
    broken = result.model_copy(update={"problem": "no Python file was found"})
    text = render_self_check(broken)
    assert "Nothing could be checked: no Python file was found" in text
    assert overview(text) == {}


def test_remarks_on_what_is_right_come_when_nothing_is_wrong(result: Result) -> None:
    """A convention that was found is told at the end, or on demand; a mistake comes first."""
    remark = "marked as your code has it: p is the probability to keep (nothing was deducted)"
    part, *others = result.parts
    checks = [part.checks[0].model_copy(update={"notes": [remark]}), *part.checks[1:]]
    result = result.model_copy(
        update={"parts": [part.model_copy(update={"checks": checks}), *others]}
    )
    assert "marked as" not in render_self_check(result)
    for text in (
        render_self_check(result, everything=True),
        render_self_check(all_ok(result)),
    ):
        assert f"note: {checks[0].id}: {remark}" in " ".join(text.split())
