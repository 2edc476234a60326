"""How points, seconds and counts are written, the same in every output."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from grader.result import CheckResult, Finding, Flag, Result, Status


def points(value: float) -> str:
    """At most two decimals and no trailing zeros: ``4``, ``2.5``, ``12.33``."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def fraction(earned: float, of: float) -> str:
    """``15 / 20``."""
    return f"{points(earned)} / {points(of)}"


def seconds(value: float) -> str:
    """``0.6 s``, ``12 s``, ``7:41``, ``1:02:03``."""
    if value < 9.95:
        return f"{value:.1f} s"
    if value < 59.5:
        return f"{value:.0f} s"
    minutes, rest = divmod(round(value), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def count(number: int, one: str, many: str | None = None) -> str:
    """``1 check``, ``3 checks``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def listed(items: Sequence[str], limit: int = 5) -> str:
    """``a, b, c and 4 more``."""
    if len(items) <= limit:
        return ", ".join(items)
    return f"{', '.join(items[:limit])} and {len(items) - limit} more"


def where(findings: Sequence[Finding]) -> str:
    """The places of findings, each once: ``layers.py:41, 77``."""
    places = [f.place for f in findings if f.place is not None]
    shown = list(dict.fromkeys(str(p.model_copy(update={"function": None})) for p in places))
    # Lines of the same file follow each other without its name.
    short = shown[:1]
    for previous, current in itertools.pairwise(shown):
        file = previous.rpartition(":")[0]
        short.append(current.removeprefix(f"{file}:") if file else current)
    return listed(short, limit=4)


def waiting(check: CheckResult) -> str:
    """What a check with status "wait" waits for."""
    return f"after {check.waits_for}" if check.waits_for else "after an earlier check"


def facts(result: Result) -> list[str]:
    """What a reader must know about how the marks came about, apart from the work itself."""
    told = []
    if result.dataset is not None and result.dataset.stand_in and was_trained(result):
        told.append(
            "trained on the bundled stand-in dataset, not the published one "
            "(`grade dataset` fetches that)"
        )
    return [*told, *result.notes]


def flags(result: Result) -> list[Flag]:
    """The flags, without those that only repeat why nothing could be marked."""
    return [flag for flag in result.flags if flag.message != result.problem]


def was_trained(result: Result) -> bool:
    """Whether the training checks ran: what is left out on request has the status "skip"."""
    return not any(check.status is Status.SKIP for part in result.parts for check in part.checks)


def about_the_marks(result: Result) -> list[str]:
    """Remarks when the marks are not the final ones: public cases, or checks left out."""
    told = []
    if result.bundle is not None and result.bundle.visibility == "public":
        told.append(
            "marked with the public cases, which students have; hidden ones need the reference"
        )
    left_out = [
        check.points
        for part in result.parts
        for check in part.checks
        if check.status is Status.SKIP
    ]
    if left_out and result.problem is None:
        told.append(f"{points(sum(left_out))} points belong to checks that were not run")
    return told


def wall_label(tier: str, *, self_check: bool = False) -> str:
    """The wall's tier as every page shows it; a weak one never without a word.

    Args:
        tier: a Result's ``wall``.
        self_check: whether the page is a student's own check.
    """
    if tier != "basic":
        return tier
    return f"{tier} ({'self-check, ' if self_check else ''}not secure)"


def lost_points(check: CheckResult) -> bool:
    """Whether the check has something to explain."""
    return check.status is not Status.OK or check.earned < check.points
