"""`grade history RESULTS [STUDENT]`: every change of a score, who made it, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from grader.batch.audit import Change
from grader.batch.store import Store
from grader.cli import options
from grader.cli.documented import Documented
from grader.render.wording import points
from grader.untrusted import shown

_WIDEST = 20
"""Columns for a name; a longer one shifts its own line only."""


@click.command(
    "history",
    cls=Documented,
    examples=[
        ("grade history results/", "of the whole course"),
        ("grade history results/ s1042", ""),
    ],
)
@options.results
@click.argument("student", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print each change as a line of JSON.")
@options.tracebacks
def command(results: Path, student: str | None, as_json: bool, verbose: bool) -> None:
    """Show every change of a score.

    When, by whom, from what to what, and why. RESULTS is the folder that `grade batch --out`
    wrote; STUDENT an id, an address, or the name of a submission. The arrow is between the points
    that counted before and after. Times are in UTC.
    """
    del verbose  # read by grader.cli.endings
    with Store(results) as store:
        one = None if student is None else store.find_student(student)
        if as_json:
            for change in store.changes(one):
                told = asdict(change) | {"at": change.at.isoformat()}
                click.echo(json.dumps(told, ensure_ascii=False))
            return
        for line in _lines(store, one):
            click.echo(line)


def _lines(store: Store, one: str | None) -> Iterator[str]:
    who = max((len(shown(change.who)) for change in store.changes(one)), default=0)
    whom = max((len(shown(change.student)) for change in store.changes(one)), default=0)
    who, whom = min(who, _WIDEST), min(whom, _WIDEST)
    nothing = True
    for change in store.changes(one):
        nothing = False
        student = "" if one is not None else f"{shown(change.student):<{whom}}  "
        before = f"{change.at:%Y-%m-%d %H:%M}  {shown(change.who):<{who}}  {student}"
        yield f"{before}{_counts(change)}  {_detail(change)}"
    if nothing:
        yield "no score has changed"


def _counts(change: Change) -> str:
    """What counts: ``71.5 -> 74``; nothing where it is the same as before."""
    old, new = change.final_old, change.final_new
    if old == new:
        return " " * 16
    return f"{_mark(old):>6} -> {_mark(new):<6}"


def _mark(value: float | None) -> str:
    return "none" if value is None else points(value)


def _detail(change: Change) -> str:
    name, why = shown(change.attempt), shown(change.why, 1000)
    old, new = change.old, change.new
    match change.what:
        case "marked":
            earned = points(new or 0.0) if old is None else f"{points(old)} -> {points(new or 0.0)}"
            return f"{name} earned {earned}" + ("" if why == "marked" else f": {why}")
        case "not marked":
            return f"{name} could not be marked: {why}"
        case "adjusted":
            return f"adjusted by {_signed((new or 0.0) - (old or 0.0))}: {why}"
        case "revoked":
            return f"adjustment of {_signed((old or 0.0) - (new or 0.0))} revoked: {why}"
        case _:
            return f"for everybody: {why}" if not change.student else why


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{points(value)}"
