"""Reads assignment.yaml; what is wrong in it is named by file, line and key."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from grader import assignment as models
from grader.assignment import Assignment
from grader.errors import BadAssignment

BUILT_IN = Path(__file__).resolve().parent / "assignments"
# libyaml reads ten times as fast; not every build of PyYAML has it.
_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Location = tuple[str | int, ...]
_KINDS = re.compile(r"'(\w+)'")


def built_in_assignments() -> list[str]:
    """The names of the assignments that come with goldgrad."""
    return sorted(path.stem for path in BUILT_IN.glob("*.yaml"))


def load_assignment(name_or_path: str | Path) -> Assignment:
    """A built-in assignment by its name, or an instructor's own by its file.

    Raises:
        BadAssignment: no such assignment, or its YAML is wrong.
    """
    return parse_assignment(*assignment_text(name_or_path))


def assignment_text(name_or_path: str | Path) -> tuple[str, str]:
    """An assignment's YAML, and what to call the file in messages.

    Raises:
        BadAssignment: no such assignment, or the file cannot be read.
    """
    path = BUILT_IN / f"{name_or_path}.yaml"
    if str(name_or_path) not in built_in_assignments():
        path = Path(name_or_path)
        if path.is_dir():
            path /= "assignment.yaml"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise BadAssignment(
            f"cannot read the assignment {name_or_path}: {reason}",
            hint=f"give a YAML file or one of: {', '.join(built_in_assignments())}",
        ) from error
    return text, path.name


def parse_assignment(text: str, source: str) -> Assignment:
    """The assignment that a YAML text describes.

    Raises:
        BadAssignment: the text is not YAML or does not fit the model; every mistake is listed,
            one a line, as ``file:line:column: key: what is wrong``.
    """
    try:
        data = yaml.load(text, Loader=_LOADER)  # noqa: S506 - both are safe loaders
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"
        raise BadAssignment(f"{source}:{where}: not valid YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise BadAssignment(f"{source}: not valid YAML: {error}") from error
    if not isinstance(data, dict):
        keys = [name for name, field in Assignment.model_fields.items() if field.is_required()]
        raise BadAssignment(
            f"{source}: not an assignment: expected a mapping with the keys {', '.join(keys)}",
            hint=f"give an assignment's YAML file or one of: {', '.join(built_in_assignments())}",
        )
    node = yaml.compose(text, Loader=_LOADER)
    # YAML itself takes the last of two equal keys and says nothing.
    lines = [
        f"{source}:{_place(key)}: the key {key.value!r} is there twice" for key in _twice(node)
    ]
    try:
        assignment = Assignment.model_validate(data)
    except ValidationError as error:
        lines += [_explain(item, node, source) for item in error.errors()]
        raise BadAssignment("\n".join(lines)) from error
    lines += [
        f"{source}:{_position(node, location)}: {check.id}: "
        f"a check of kind {check.kind} needs a dataset, and the assignment has none"
        for location, check in assignment.untrainable()
    ]
    if lines:
        raise BadAssignment("\n".join(lines))
    return assignment


def position(text: str, location: Location) -> str:
    """Where a value of a YAML text stands: ``line:column``, counted from 1.

    Args:
        text: valid YAML.
        location: keys and indices that lead to the value; where one is missing, the place of the
            last that is there.
    """
    return _position(yaml.compose(text, Loader=_LOADER), location)


def _explain(item: Any, node: yaml.Node | None, source: str) -> str:
    location = tuple(step for step in item["loc"] if not _is_discriminator(step, item["loc"]))
    context = item.get("ctx", {})
    place = _position(node, context.get("at", location))
    where = _dotted(location)
    if item["type"] == "extra_forbidden":
        close = difflib.get_close_matches(str(location[-1]), _known_keys(), n=1)
        advice = f"; did you mean {close[0]!r}?" if close else ""
        return f"{source}:{place}: {where}: unknown key{advice}"
    if item["type"] == "missing":
        return f"{source}:{place}: {where}: this key is required"
    if item["type"] == "union_tag_not_found":
        return f"{source}:{place}: {where}.kind: this key is required"
    if item["type"] == "union_tag_invalid":
        place, kinds = (
            _position(node, (*location, "kind")),
            _KINDS.findall(context["expected_tags"]),
        )
        close = difflib.get_close_matches(context["tag"], kinds, n=1)
        advice = f"did you mean {close[0]!r}?" if close else f"there is: {', '.join(kinds)}"
        return f"{source}:{place}: {where}.kind: unknown kind {context['tag']!r}; {advice}"
    message = item["msg"].removeprefix("Value error, ")
    return f"{source}:{place}: {where + ': ' if where else ''}{message}"


def _is_discriminator(step: str | int, location: tuple[str | int, ...]) -> bool:
    # pydantic inserts the check's kind into the path, which is no key of the YAML.
    index = location.index(step)
    return isinstance(step, str) and index >= 2 and location[index - 2] == "checks"


def _dotted(location: Location) -> str:
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else f"{'.' if text else ''}{step}"
    return text


def _position(node: yaml.Node | None, location: Location) -> str:
    place = _place(node) if node is not None else "1:1"
    for step in location:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == step), None)
            if pair is None:
                return place
            place, node = _place(pair[0]), pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            if step >= len(node.value):
                return place
            node = node.value[step]
            place = _place(node)
        else:
            return place
    return place


def _place(node: yaml.Node) -> str:
    return f"{node.start_mark.line + 1}:{node.start_mark.column + 1}"


def _twice(node: yaml.Node | None) -> Iterator[yaml.Node]:
    """The keys that repeat an earlier one of the same mapping."""
    todo, met = [node], set()
    while todo:
        node = todo.pop()
        if node is None or id(node) in met:
            continue
        met.add(id(node))  # an alias can lead back to what it stands in
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode):
                    if key.value in seen:
                        yield key
                    seen.add(key.value)
                todo.append(value)
        elif isinstance(node, yaml.SequenceNode):
            todo += node.value


def _known_keys() -> list[str]:
    return sorted({field for model in _models() for field in model.model_fields})


def _models() -> Iterator[type[BaseModel]]:
    for value in vars(models).values():
        if isinstance(value, type) and issubclass(value, BaseModel):
            yield value
