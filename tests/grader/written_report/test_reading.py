"""What is read out of reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.intake.workspace import ReportText
from grader.written_report import Claim, Claims, read_claims

SNIPPETS: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("snippets.yaml").read_text(encoding="utf-8")
)


def claims_of(text: str) -> Claims:
    return read_claims(ReportText("report.md", text))


def all_readings(claims: Claims) -> dict[str, list[Any]]:
    """The readings of every claim, the likeliest first."""

    def values(claim: Claim[Any] | None) -> list[Any]:
        return [] if claim is None else [reading.value for reading in claim.readings()]

    rates = values(claims.learning_rate)
    return {
        "loss": values(claims.loss),
        "accuracy": [round(value, 6) for value in values(claims.accuracy)],
        "hidden": values(claims.hidden_size),
        "batch": values(claims.batch_size),
        "rate": [rate.rate for rate in rates if rate.rate is not None],
        "schedule": list(dict.fromkeys(r.schedule for r in rates if r.schedule is not None)),
    }


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: snippet["name"])
def test_a_report_is_read_as_its_author_meant_it(snippet: dict[str, Any]) -> None:
    """Each snippet's claims come out first, and nothing is claimed that it does not say."""
    found = all_readings(claims_of(snippet["text"]))
    for key, values in found.items():
        expected = snippet.get(key)
        if expected is None:
            assert values == [], f"{key}: not stated, but read as {values}"
            continue
        expected = expected if isinstance(expected, list) else [expected]
        assert values, f"{key}: stated, but not read"
        assert (
            values[0] == pytest.approx(expected[0]) if key == "rate" else values[0] == expected[0]
        )
        assert set(expected) <= set(values), key
        for wrong in snippet.get(f"not_{key}", []):
            assert wrong not in values, f"{key}: {wrong} is said to be something else"
