"""grader/batch/timestamps.py: times as course systems write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.batch.timestamps import parse_span, parse_time

BERLIN = timezone(timedelta(hours=1))
MOMENT = datetime(2026, 11, 20, 22, 59, 5, tzinfo=UTC)
zones = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1))  # noqa: DTZ001 (drawn apart)


@given(moments, zones)
def test_iso_with_a_zone_is_read_back(naive: datetime, zone: timezone) -> None:
    """Whatever the zone, the moment is the same, and comes back in UTC."""
    moment = naive.replace(tzinfo=zone)
    read = parse_time(moment.isoformat())
    assert read == moment
    assert read.utcoffset() == timedelta(0)


@given(moments, zones)
def test_without_a_zone_it_is_the_callers(naive: datetime, zone: timezone) -> None:
    """A time of the wall clock is one of the given zone."""
    assert parse_time(naive.isoformat(" "), zone) == naive.replace(tzinfo=zone)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20T22:59:05Z",
        "2026-11-20 22:59:05 UTC",
        "2026-11-20 22:59:05.000000000 Z",
        "2026-11-20 14:59:05 -0800",
        "2026-11-20 23:59:05 +01:00",
        "  2026-11-20T23:59:05+01:00  ",
        "20.11.2026 22:59:05",
    ],
)
def test_to_the_second(text: str) -> None:
    """As Canvas, Gradescope (Ruby) and German spreadsheets write it."""
    assert parse_time(text) == MOMENT


@pytest.mark.parametrize(
    "text",
    [
        "Friday, 20 November 2026, 11:59 PM",
        "Friday, November 20, 2026, 11:59 PM",
        "Friday, 20 November 2026, 23:59",
        "20 November 2026, 11:59 PM",
        "20 November 2026, 23:59",
        "20.11.2026 23:59",
        "Friday, 20 November 2026, 11:59\N{NARROW NO-BREAK SPACE}PM",
    ],
)
def test_as_moodle_writes_it(text: str) -> None:
    """In words and to the minute, in the zone of the course."""
    assert parse_time(text, BERLIN) == datetime(2026, 11, 20, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "-", "3/4/2026 10:00", "2026-11-20", "yesterday", "20260229T100000", "9" * 400]
)
def test_what_is_not_certain_is_refused(text: str) -> None:
    """A day alone, day and month in unknown order, and nonsense."""
    with pytest.raises(ValueError, match="not a time"):
        parse_time(text)


def test_a_time_outside_the_calendar_is_refused() -> None:
    """In UTC it would be in the year 10000."""
    with pytest.raises(ValueError, match="no time of ours"):
        parse_time("9999-12-31T23:59:00-05:00")


@given(st.integers(0, 99_999), st.integers(0, 59), st.integers(0, 59))
def test_a_span_is_read_in_both_forms(hours: int, minutes: int, seconds: int) -> None:
    """H:M:S and plain seconds say the same."""
    total = 3600 * hours + 60 * minutes + seconds
    assert parse_span(f"{hours}:{minutes:02}:{seconds:02}") == total
    assert parse_span(f" {total}.0 ") == total


@pytest.mark.parametrize("text", ["", "-1:00:00", "1:60:00", "1 day", "1:00", "nan", "1e5", "-5"])
def test_another_span_is_refused(text: str) -> None:
    """Hours and minutes could be minutes and seconds: it is not guessed."""
    with pytest.raises(ValueError, match="not a lateness"):
        parse_span(text)
