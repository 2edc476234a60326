"""grader/brief.py."""

from __future__ import annotations

import json

from fixtures.made_up_class import made_up_class
from grader.brief import Brief, Shape, brief_of
from grader.result import NamedBug


def test_a_brief_survives_being_written() -> None:
    """The store keeps exactly what a table would have shown from the Result itself."""
    results = [standing.result for standing in made_up_class(150) if standing.result]
    briefs = [brief_of(result) for result in results]
    assert any(brief.problem for brief in briefs)
    assert any(brief.flags for brief in briefs)
    assert any(brief.stopped for brief in briefs)
    assert any(brief.bugs for brief in briefs)
    bugs: dict[str, NamedBug] = {bug.id: bug for brief in briefs for bug in brief.bugs}
    for brief in briefs:
        shape = Shape.from_json(brief.shape.to_json())
        assert Brief.from_json(brief.to_json(), shape, bugs.__getitem__) == brief


def test_it_is_brief() -> None:
    """What a whole class has in common stands in no brief: less than a tenth is left."""
    result = next(standing.result for standing in made_up_class(1))
    assert result is not None
    assert len(brief_of(result).to_json()) < len(result.model_dump_json()) / 10


def test_equal_shapes_are_equal_text() -> None:
    """The store keeps a shape once, by its text."""
    shapes = {brief_of(s.result).shape.to_json() for s in made_up_class(20) if s.result}
    assert len(shapes) == 1
    assert len(json.loads(shapes.pop())[3]) == len(result_checks())


def result_checks() -> list[str]:
    """The ids of the checks of the class above."""
    result = next(standing.result for standing in made_up_class(1))
    assert result is not None
    return [check.id for part in result.parts for check in part.checks]
