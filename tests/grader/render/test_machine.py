"""grader/render/machine.py."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

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
