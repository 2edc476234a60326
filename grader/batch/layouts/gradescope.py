"""Gradescope: "Export Submissions".

A folder ``assignment_<id>_export/`` with a folder ``submission_<id>/`` for each active submission,
already unzipped, and ``submission_metadata.yml`` with the submitters and the time of each, and
the history of those that it replaced, which are not exported. Gradescope writes that file in
Ruby's way: keys are symbols (``:submitters:``), objects may be repeated by reference.

The file quotes what students' programs printed (``:results:``), without any limit. It is therefore
read as a stream of events, of which only a few keys are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from grader.batch.layouts.upload import Contents, Person, Upload, packed_alone
from grader.batch.timestamps import parse_time
from grader.errors import UnusableInput
from grader.untrusted import shown

COLUMNS = ("sid", "student id", "student number", "id", "id number")
"""The roster's columns in which Gradescope's SID stands."""
METADATA = "submission_metadata.yml"

_MAX_BYTES = 1_000_000_000
_MAX_TEXT = 1_000
_MAX_DEPTH = 4
_KEPT = {"submitters", "created_at"}
_KEPT_INSIDE = {"name", "sid", "email", "created_at"}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def is_gradescope(entries: list[Path]) -> bool:
    """Whether the metadata file is there."""
    return any(path.name == METADATA and path.is_file() for path in entries)


def read_gradescope(folder: Path, entries: list[Path]) -> Contents:
    """The active submission of each student or group.

    Raises:
        UnusableInput: the metadata file is not Gradescope's.
    """
    known = {path.name: path for path in entries if path.name != METADATA}
    uploads, notes = [], []
    for key, about in read_metadata(folder / METADATA).items():
        path = known.pop(key, None)
        if path is None:
            notes.append(f"{shown(key, 80)} is in {METADATA} but not in the folder")
        else:
            uploads.append(_upload(key, path, about))
    return Contents(tuple(uploads), tuple(known.values()), tuple(notes))


def _upload(key: str, path: Path, about: Any) -> Upload:
    about = about if isinstance(about, dict) else {}
    submitted_at = _moment(about.get("created_at"), key)
    people = [_person(each) for each in _list(about.get("submitters"))]
    files: tuple[tuple[str, Path], ...] = ((path.name, path),)
    if path.is_dir() and not path.is_symlink():
        files = packed_alone(path) or files
    return Upload(
        people=tuple(person for person in people if person.id) or (Person(key),),
        files=files,
        order=(0, key),
        submitted_at=submitted_at,
    )


def _person(each: Any) -> Person:
    about = _dict(each)
    name, sid, email = (str(about.get(key) or "") for key in ("name", "sid", "email"))
    ids = (("university", shown(sid, 120)),) if sid else ()
    return Person(shown(sid or email or name, 120), shown(name, 200), shown(email, 200), ids)


def _moment(value: Any, key: str) -> Any:
    if not isinstance(value, str):
        return None
    try:
        return parse_time(value)
    except ValueError as error:
        raise UnusableInput(f"{METADATA}: {shown(key, 80)}: {shown(error, 200)}") from error


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def read_metadata(path: Path) -> dict[str, Any]:
    """Of each submission: submitters and created_at, as texts, lists and dictionaries.

    Keys are without Ruby's colon. Nothing is constructed by YAML's tags, and of what is not kept
    nothing stays in memory.

    Raises:
        UnusableInput: it cannot be read, is too large, or is not YAML of that shape.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise UnusableInput(f"{METADATA} has more than {_MAX_BYTES // 1_000_000} MB")
        with path.open("rb") as stream:
            reader = _Reader(yaml.parse(stream, Loader=_LOADER))
            return reader.document()
    except OSError as error:
        raise UnusableInput(f"cannot read {METADATA}: {error.strerror}") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = shown(error.problem, 200)
        raise UnusableInput(f"{METADATA}:{line}: not valid YAML: {problem}") from error
    except yaml.YAMLError as error:
        raise UnusableInput(f"{METADATA}: not valid YAML: {shown(error, 200)}") from error


class _Reader:
    """Builds what is kept from a stream of YAML events."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._anchors: dict[str, Any] = {}

    def document(self) -> dict[str, Any]:
        for event in self._events:
            if isinstance(event, yaml.MappingStartEvent):
                return self._mapping(event, depth=0)
            if isinstance(event, yaml.SequenceStartEvent | yaml.ScalarEvent):
                break
        raise UnusableInput(
            f"{METADATA} is not Gradescope's: it lists no submissions",
            hint="export the submissions again, or say --layout plain",
        )

    def _value(self, event: Any, depth: int) -> Any:
        if isinstance(event, yaml.AliasEvent):
            return self._anchors.get(str(event.anchor))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if depth > _MAX_DEPTH:
            return self._skipped(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, depth)
        members = []
        while not isinstance(inner := next(self._events), yaml.SequenceEndEvent):
            members.append(self._value(inner, depth + 1))
        return self._remembered(event, members)

    def _mapping(self, event: Any, depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}
        while not isinstance(key := next(self._events), yaml.MappingEndEvent):
            text = self._value(key, depth=_MAX_DEPTH + 1)
            name = text if isinstance(text, str) else ""
            plain = name.removeprefix(":")
            value = next(self._events)
            if depth == 0 or plain in (_KEPT if depth == 1 else _KEPT_INSIDE):
                members[name if depth == 0 else plain] = self._value(value, depth + 1)
            else:
                self._skipped(value)
        self._remembered(event, members)
        return members

    def _scalar(self, event: Any) -> str | None:
        empty = event.implicit[0] and event.value in {"", "~", "null", "Null", "NULL"}
        value = None if empty else str(event.value)[:_MAX_TEXT]
        self._remembered(event, value)
        return value

    def _remembered(self, event: Any, value: Any) -> Any:
        if event.anchor is not None:
            self._anchors[event.anchor] = value
        return value

    def _skipped(self, event: Any) -> None:
        """Pass over a value, however deep; short texts in it may be referred to later."""
        depth = 0
        while True:
            if isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth == 0:
                return
            event = next(self._events)
