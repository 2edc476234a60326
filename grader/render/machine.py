"""Results for other programs: JSON, JSON Lines, and the schema both follow."""

from __future__ import annotations

import json
import math
from typing import TypeAlias

from grader.result import CheckResult, Result

Figure: TypeAlias = float | int | str | list[float]


def to_json(result: Result) -> str:
    """The result as an indented JSON document."""
    return _sayable(result).model_dump_json(indent=2) + "\n"


def to_json_line(result: Result) -> str:
    """The result as one line of JSON Lines."""
    return _sayable(result).model_dump_json() + "\n"


def schema_text() -> str:
    """The JSON Schema of a Result; published as ``docs/result.schema.json``."""
    schema = Result.model_json_schema(mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(head | schema, indent=2, ensure_ascii=False) + "\n"


def _sayable(result: Result) -> Result:
    """JSON has no NaN and no infinity, but a student's loss may be one: they become text."""
    parts = [
        part.model_copy(update={"checks": [_check(check) for check in part.checks]})
        for part in result.parts
    ]
    return result.model_copy(update={"parts": parts})


def _check(check: CheckResult) -> CheckResult:
    measured = {name: _figure(value) for name, value in check.measured.items()}
    return check.model_copy(update={"measured": measured})


def _figure(value: Figure) -> Figure:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, list) and not all(map(math.isfinite, value)):
        return " ".join(map(str, value))
    return value
