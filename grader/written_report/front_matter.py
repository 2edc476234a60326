"""The YAML block between two ``---`` lines at the top of a report.

It is read with its line numbers. Aliases are refused: with them a few lines can stand for more
values than there is memory for. What is not valid YAML ("accuracy: 93 %: final") is not an error:
those lines are then read like any other text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MAX_BLOCK = 8_000
_MAX_DEPTH = 4
_MAX_BRACKETS = 100
"""The parser's time grows with the square of how deep brackets are nested."""
_BLOCK = re.compile(r"\A\s{0,20}---[ \t]*\n([\s\S]{0,8000}?)\n?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")


@dataclass(frozen=True)
class Entry:
    """A value with its key."""

    key: str
    """Nested keys are joined with a space."""
    value: str
    """As it is written."""
    line: int


def split_front_matter(text: str) -> tuple[list[Entry], str, int]:
    """Divide a report into its front matter and the rest.

    Returns:
        The entries; the text to be read as prose; the line number of that text's first line.
    """
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    match = _BLOCK.match(text)
    if match is None or len(match.group(1)) > _MAX_BLOCK:
        return [], text, 1
    first = text[: match.start(1)].count("\n") + 1
    entries = _entries(match.group(1), first)
    if entries is None:
        return [], text.replace("---", "", 1), 1
    return entries, text[match.end() :], text[: match.end()].count("\n") + 1


def _entries(block: str, first_line: int) -> list[Entry] | None:
    import yaml

    if block.count("[") + block.count("{") > _MAX_BRACKETS:
        return None
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(block, yaml.SafeLoader)):
            return None
        root = yaml.compose(block, yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    if root is None:
        return []
    if not isinstance(root, yaml.MappingNode):
        return None
    return [
        Entry(key, value, first_line + line) for key, value, line in _flat(root, "", _MAX_DEPTH)
    ]


def _flat(mapping: object, prefix: str, depth: int) -> Iterator[tuple[str, str, int]]:
    import yaml

    if not isinstance(mapping, yaml.MappingNode) or depth == 0:
        return
    for key, value in mapping.value:
        if not isinstance(key, yaml.ScalarNode):
            continue
        name = f"{prefix} {key.value}".strip()
        line = key.start_mark.line
        if isinstance(value, yaml.ScalarNode):
            yield name, str(value.value), line
        elif isinstance(value, yaml.SequenceNode):
            parts = [str(v.value) for v in value.value if isinstance(v, yaml.ScalarNode)]
            yield name, ", ".join(parts), line
        else:
            yield from _flat(value, name, depth - 1)
