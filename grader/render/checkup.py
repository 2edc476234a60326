"""What `grade doctor` shows: the wall, what else marking needs, and what to mend."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from grader.checkup import Checkup, Private, short
from grader.render.page import Page
from grader.render.wording import count, points, wall_label
from grader.sandbox import Tier, Wall

_MEANS: Final[Mapping[Tier, str]] = {
    "full": "code that nobody vouches for may be marked here",
    "kernel": "code that nobody vouches for may be marked here",
    "basic": "good enough for `grade check` of your own code, not for marking others'",
}


def render_checkup(found: Checkup, *, width: int = 80, colour: bool = False) -> str:
    """The page.

    Args:
        found: what was found out.
        width: of the terminal, in columns.
        colour: whether to write ANSI colours.
    """
    page = Page(width, colour)
    page.text(
        f"goldgrad {found.goldgrad}   Python {found.python}   NumPy {found.numpy}   "
        f"{found.system} {found.machine}",
        style="strong",
    )
    page.blank()
    if found.wall is None:
        page.text("wall: none, no process can be started for student code", style="bad")
    else:
        page.text(f"wall: {wall_label(found.wall.tier)}", style="strong")
        page.text(_MEANS[found.wall.tier], 2, "good" if found.wall.secure else "odd")
        _table(page, _wall(found, found.wall))
    page.blank()
    rules = found.assignment
    page.text(f"{rules.assignment}  {rules.title}, {points(rules.points)} points", style="strong")
    _table(page, _supplies(found))
    _in_the_way(page, found)
    _to_mend(page, found)
    page.blank()
    page.text(_verdict(found), style="good" if found.accepted and not found.troubles else "bad")
    return str(page)


def checkup_json(found: Checkup) -> str:
    """The same for programs, on one line; the seed is named and never shown."""
    told: dict[str, Any] = asdict(found)
    rules = found.assignment
    told |= {"accepted": found.accepted, "assignment": rules.assignment, "title": rules.title}
    for name, place in (("seed", found.seed), ("bundles", found.bundles)):
        if place is not None:
            told[name] |= {"private": place.private}
    return json.dumps(told, default=str) + "\n"


def _wall(found: Checkup, wall: Wall) -> dict[str, str]:
    told = {
        "bubblewrap": found.bubblewrap or "not installed",
        "namespaces": ", ".join(wall.namespaces) or "none",
        "Landlock": f"version {wall.landlock}" if wall.landlock else "no",
        "seccomp": "yes" if wall.seccomp else "no",
        "student code": f"runs as user {wall.uid}" if wall.uid is not None else "runs as you",
        "limits": "CPU time, memory, waiting, output, files"
        + (", and a cgroup's" if wall.cgroup else ""),
    }
    if found.speed is not None:
        told["server start"] = f"{found.speed.server_start:.2f} s"
        told["fresh process"] = f"{1000 * found.speed.fresh_process:.1f} ms, median of 20"
    return told


def _supplies(found: Checkup) -> dict[str, str]:
    packages = [
        name if installed else f"{name} (not installed)"
        for name, installed in found.frameworks.items()
    ]
    needed = found.assignment.dataset is not None
    data = found.dataset or ("none that can be used" if needed else "none, and none is needed")
    secrets = {
        "secret seed": _private(found.seed, ""),
        "hidden bundles": _private(found.bundles, count(found.bundle_files, "file")),
    }
    return {
        "packages": ", ".join(["NumPy", *packages]),
        "dataset": f"{data}, the bundled stand-in" if found.stand_in else data,
        "reference": "installed" if found.reference else "not installed: a student kit",
        **(secrets if found.reference else {}),
        "temporary": f"{found.temporary}, {found.free_bytes / 1e9:.1f} GB free",
    }


def _private(place: Private | None, more: str) -> str:
    if place is None:
        return "cannot be looked at"
    if place.mode is None:
        return f"{short(place.path)}, made when it is needed"
    state = "private" if place.private else "not private"
    return ", ".join(filter(None, [short(place.path), state, more]))


def _in_the_way(page: Page, found: Checkup) -> None:
    if found.wall is None or not found.wall.obstacles:
        return
    page.blank()
    page.text("In the way of a stronger wall", style="strong")
    for obstacle in found.wall.obstacles:
        page.field(f"{obstacle.tier}:", obstacle.reason, 2, "odd")
        if obstacle.hint:
            page.field("help:", obstacle.hint, 4, "faint")


def _to_mend(page: Page, found: Checkup) -> None:
    if not found.troubles:
        return
    page.blank()
    page.text("To mend", style="strong")
    for trouble in found.troubles:
        page.field(f"{trouble.about}:", trouble.reason, 2, "bad")
        if trouble.hint:
            page.field("help:", trouble.hint, 4, "faint")


def _verdict(found: Checkup) -> str:
    if found.wall is None:
        return "Nothing can be marked here."
    if not found.accepted:
        return "`grade` and `grade batch` refuse to mark here without --insecure."
    if found.troubles:
        return "Mend this first."
    if not found.reference:
        return "`grade check` works here."
    return "`grade` and `grade batch` mark here."


def _table(page: Page, rows: Mapping[str, str]) -> None:
    align = max(len(label) for label in rows)
    for label, value in rows.items():
        page.text(f"{label:<{align}}  {value}", 2, hang=align + 2)
