"""Results for other programs: JSON, JSON Lines, and the schema both follow."""

from __future__ import annotations

import json

from grader.result import Result


def to_json(result: Result) -> str:
    """The result as an indented JSON document."""
    return result.model_dump_json(indent=2) + "\n"


def to_json_line(result: Result) -> str:
    """The result as one line of JSON Lines."""
    return result.model_dump_json() + "\n"


def schema_text() -> str:
    """The JSON Schema of a Result; published as ``docs/result.schema.json``."""
    schema = Result.model_json_schema(mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(head | schema, indent=2, ensure_ascii=False) + "\n"
