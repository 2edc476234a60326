"""grader/render/machine.py."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from grader.render.machine import schema_text, to_json, to_json_line
from grader.result import Result

PUBLISHED = Path(__file__).parents[3] / "docs/result.schema.json"


def test_the_published_schema_is_current() -> None:
    """A change of the Result must be published: `grade schema > docs/result.schema.json`."""
    assert PUBLISHED.read_text("utf-8") == schema_text()


def test_json_follows_the_schema_and_reads_back(result: Result) -> None:
    """What other programs read is what the schema promises, and nothing is lost."""
    document = json.loads(to_json(result))
    jsonschema.validate(document, json.loads(schema_text()))
    assert Result.model_validate(document) == result


def test_a_json_line_is_one_line(result: Result) -> None:
    """Line breaks inside a text do not break the format."""
    changed = result.model_copy(update={"notes": ["two\nlines\u2028"]})
    line = to_json_line(changed)
    assert line.count("\n") == 1
    assert json.loads(line) == json.loads(to_json(changed))


def test_figures_that_json_cannot_say_become_text(result: Result) -> None:
    """A loss that is NaN or infinite still gives valid JSON that follows the schema."""
    part = result.parts[0]
    measured = {"loss": float("nan"), "runs": [1.0, float("inf")], "accuracy": 0.5}
    check = part.checks[0].model_copy(update={"measured": measured})
    odd = result.model_copy(update={"parts": [part.model_copy(update={"checks": [check]})]})
    document = json.loads(to_json(odd), parse_constant=pytest.fail)
    jsonschema.validate(document, json.loads(schema_text()))
    again = Result.model_validate(document).parts[0].checks[0].measured
    assert again == {"loss": "nan", "runs": "1.0 inf", "accuracy": 0.5}
