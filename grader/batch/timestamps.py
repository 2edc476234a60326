"""Times as course systems write them, read as moments in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

# Ruby's YAML puts a space before the zone: "2018-07-02 14:22:32.365935000 -07:00".
_SPACED_ZONE = re.compile(r"\s+(?=(Z|[+-]\d{2}:?\d{2})$)")
_SPACES = re.compile(r"\s+")
# Moodle's worksheet, in the two orders of English ("Wednesday, 10 June 2026, 2:14 PM"), and what
# spreadsheet programs make of a time. Day and month as two numbers are not read: nothing tells
# 3/4 from 4/3.
_WRITTEN = (
    "%A, %d %B %Y, %I:%M %p",
    "%A, %B %d, %Y, %I:%M %p",
    "%A, %d %B %Y, %H:%M",
    "%d %B %Y, %I:%M %p",
    "%B %d, %Y, %I:%M %p",
    "%d %B %Y, %H:%M",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
)
_SPAN = re.compile(r"(?P<hours>\d{1,5}):(?P<minutes>[0-5]\d):(?P<seconds>[0-5]\d)")


def parse_time(text: str, zone: tzinfo = UTC) -> datetime:
    """The moment that a text means, in UTC.

    Args:
        text: ISO 8601, or as Gradescope and Moodle write it.
        zone: of a time that says none.

    Raises:
        ValueError: it is none of these.
    """
    plain = _SPACES.sub(" ", text.strip())
    moment = _iso(plain) or _written(plain)
    if moment is None:
        raise ValueError(f"{text!r} is not a time that is understood")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{text!r} is no time of ours") from error


def parse_span(text: str) -> int:
    """The seconds of "H:M:S" (Gradescope's lateness), or of a plain number of seconds.

    Raises:
        ValueError: it is neither.
    """
    found = _SPAN.fullmatch(text.strip())
    if found:
        hours, minutes, seconds = (int(found[k]) for k in ("hours", "minutes", "seconds"))
        return hours * 3600 + minutes * 60 + seconds
    if not re.fullmatch(r"\d{1,9}(\.\d+)?", text.strip()):
        raise ValueError(f"{text!r} is not a lateness: expected H:MM:SS or seconds")
    return int(float(text))


def _iso(text: str) -> datetime | None:
    text = _SPACED_ZONE.sub("", text.removesuffix(" UTC") + ("Z" if text.endswith(" UTC") else ""))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if len(text) > len("2026-11-20") else None  # a day is not a moment


def _written(text: str) -> datetime | None:
    for form in _WRITTEN:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 (the caller gives it a zone)
        except ValueError:
            continue
    return None
