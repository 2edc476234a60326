"""`grade adjust RESULTS STUDENT POINTS --reason TEXT`: points that a person gives or takes."""

from __future__ import annotations

import json
import math
import shlex
from pathlib import Path

import click

from grader.batch.adjustments import Numbered
from grader.batch.folder import refreshed
from grader.batch.store import Store
from grader.cli import options
from grader.cli.console import current_user
from grader.cli.documented import Documented
from grader.render.exports import FORMATS
from grader.render.wording import listed, points
from grader.untrusted import shown

_MOST_POINTS = 1_000_000
_LONGEST = 1_000


@click.command(
    "adjust",
    cls=Documented,
    # So that -2.5 is a number of points, not an option.
    context_settings={"ignore_unknown_options": True},
    examples=[
        ('grade adjust results/ s1042 2.5 --reason "the handout was wrong"', ""),
        ('grade adjust results/ s1077 -10 --reason "could not explain it"', ""),
        ("grade adjust results/ --list", ""),
        ('grade adjust results/ --revoke 2 --reason "explained it today"', ""),
    ],
)
@options.results
@click.argument("student", required=False)
@click.argument("number", metavar="[POINTS]", required=False, type=float)
@click.option("--reason", metavar="TEXT", help="Why. Students read it in their feedback.")
@click.option("--author", metavar="NAME", help="Who decided it. Default: your user name.")
@click.option("--list", "as_list", is_flag=True, help="Show all adjustments, or a STUDENT's.")
@click.option("--revoke", metavar="N", type=int, help="Take adjustment N back; it stays on record.")
@click.option("--json", "as_json", is_flag=True, help="Print the adjustments as lines of JSON.")
@options.tracebacks
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    results: Path,
    student: str | None,
    number: float | None,
    reason: str | None,
    author: str | None,
    as_list: bool,
    revoke: int | None,
    as_json: bool,
    verbose: bool,
) -> None:
    """Give a student points, or take them.

    RESULTS is the folder that `grade batch --out` wrote; STUDENT an id, an address, or the name of
    a submission. The points count beside what the submission earned, whatever is marked again
    later, and stand at once in the gradebook and in the student's feedback.
    `grade history` shows them with every other change of a score.
    """
    del verbose  # read by grader.cli.endings
    author = shown(author or current_user(), 100)
    with Store(results) as store:
        if as_list:
            _refuse(number is not None or revoke is not None, "--list only shows adjustments")
            _list(store, None if student is None else store.find_student(student), as_json)
        elif revoke is not None:
            _refuse(student is not None, "--revoke N takes no STUDENT: the number says who it is")
            whose = store.revoke(revoke, author, _reason(reason))
            _done(store, results, whose, revoke, as_json)
        else:
            _refuse(student is None or number is None, "name a STUDENT and the POINTS to give")
            assert student is not None and number is not None  # noqa: S101, PT018 - for mypy
            given = store.adjust(student, _points(number), _reason(reason), author)
            _done(store, results, store.find_student(student), given, as_json)


def _refuse(wrong: bool, message: str) -> None:
    if wrong:
        raise click.UsageError(message, click.get_current_context())


def _reason(text: str | None) -> str:
    cleaned = shown(text or "", _LONGEST)
    _refuse(not cleaned, 'say why, as --reason "..."; the student reads it in the feedback')
    return cleaned


def _points(number: float) -> float:
    _refuse(
        not math.isfinite(number) or abs(number) > _MOST_POINTS,
        f"{number:g} is no number of points",
    )
    cents = round(number, 2)
    _refuse(cents != number, f"points have two decimals; {number!r} has more")
    _refuse(cents == 0, "0 points would change nothing")
    return cents


def _list(store: Store, student: str | None, as_json: bool) -> None:
    nothing = True
    for each in store.adjustments(student):
        nothing = False
        click.echo(_as_json(each) if as_json else _line(each))
    if nothing and not as_json:
        click.echo("no adjustments")


def _done(store: Store, results: Path, student: str, number: int, as_json: bool) -> None:
    """Say what counts now, and where it can be read."""
    amended = refreshed(results, store)
    made = next(each for each in store.adjustments(student) if each.number == number)
    if as_json:
        click.echo(_as_json(made))
    else:
        click.echo(_line(made))
        standing = store.standing(student)
        if standing is None:
            click.echo(f"it counts as soon as {shown(student)} is marked")
        else:
            final = "no mark" if standing.final is None else f"{points(standing.final)} points"
            click.echo(f"{shown(student)} has {final} now")
    if amended is None:
        click.echo("a batch is at work there: it writes the files when it ends", err=True)
        return
    for path in amended.written:
        click.echo(f"  {path}", err=as_json)
    if amended.left:
        names = listed([FORMATS[name].target for name in amended.left])
        formats = " ".join(f"--to {name}" for name in amended.left)
        click.echo(
            f"note: not written anew, which takes a while for so many students: {names}\n"
            f"help: when all is adjusted: grade export {shlex.quote(str(results))} {formats}",
            err=True,
        )


def _line(each: Numbered) -> str:
    made = each.adjustment
    sign = "+" if made.points > 0 else ""
    text = (
        f"{each.number:>3}  {made.made_at:%Y-%m-%d %H:%M}  {shown(each.student)}  "
        f"{sign}{points(made.points)}  by {shown(made.author)}: {shown(made.reason, _LONGEST)}"
    )
    if each.revoked_by is None:
        return text
    return f"{text}  (revoked by {shown(each.revoked_by)}: {shown(each.revoked_why, _LONGEST)})"


def _as_json(each: Numbered) -> str:
    made = each.adjustment
    told = {
        "number": each.number,
        "student": each.student,
        "points": made.points,
        "reason": made.reason,
        "author": made.author,
        "made_at": made.made_at.isoformat(),
        "revoked_by": each.revoked_by,
        "revoked_why": each.revoked_why,
    }
    return json.dumps(told, ensure_ascii=False)
