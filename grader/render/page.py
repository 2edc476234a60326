"""A page of terminal text: wrapped to the width, coloured only if asked, safe to print.

Text of a Result is never interpreted: it is cleaned of control characters once more, and colour is
put around it, so nothing a student wrote can move the cursor or switch a colour.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import click

from grader.untrusted import block

Style: TypeAlias = Literal["plain", "strong", "faint", "good", "bad", "odd", "place"]

_STYLES: dict[str, dict[str, str | bool]] = {
    "strong": {"bold": True},
    "faint": {"dim": True},
    "good": {"fg": "green"},
    "bad": {"fg": "red", "bold": True},
    "odd": {"fg": "yellow"},
    "place": {"fg": "cyan"},
}
_NARROWEST, _WIDEST = 50, 100


@dataclass
class Page:
    """Lines of text under construction."""

    width: int = 80
    colour: bool = False
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.width = max(_NARROWEST, min(self.width, _WIDEST))

    def paint(self, text: str, style: Style) -> str:
        """``text`` in a style, if this page is coloured."""
        if not self.colour or style == "plain":
            return text
        return click.style(text, **_STYLES[style])  # type: ignore[arg-type]  # a table of keywords

    def blank(self) -> None:
        """An empty line, never two in a row and never at the top."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def raw(self, line: str) -> None:
        """A line that is laid out already."""
        self.lines.append(line.rstrip())

    def text(self, text: str, indent: int = 0, style: Style = "plain", hang: int = 0) -> None:
        """A paragraph, wrapped; lines after the first are indented by ``hang`` more."""
        for paragraph in block(text).split("\n"):
            for line in self._wrapped(paragraph, " " * indent, " " * (indent + hang)):
                self.lines.append(self.paint(line, style))

    def field(self, label: str, text: str, indent: int, style: Style = "plain") -> None:
        """``label: text``, the label coloured, the text wrapped with a hanging indent."""
        first, *rest = self._wrapped(
            f"{label} {' '.join(block(text).split())}", " " * indent, " " * (indent + 2)
        )
        self.lines.append(first.replace(label, self.paint(label, style), 1))
        self.lines.extend(rest)

    def columns(self, left: str, right: str, style: Style = "plain") -> None:
        """Two texts at the margins, or on two lines if they do not fit."""
        left, right = (block(text).expandtabs(1).replace("\n", " ") for text in (left, right))
        gap = min(self.width, 80) - len(left) - len(right)
        if gap < 2:
            self.text(left, style=style)
            self.text(right, indent=2)
        else:
            self.lines.append(self.paint(left, style) + " " * gap + right)

    def row(self, line: str, aside: str, indent: int = 4) -> None:
        """A line laid out already with a remark beside it, or under it if it does not fit."""
        aside = " ".join(block(aside).split())
        if len(click.unstyle(line)) + 3 + len(aside) <= self.width:
            self.raw(f"{line}   {aside}")
        else:
            self.raw(line)
            self.text(aside, indent, hang=2)

    def __str__(self) -> str:
        return "\n".join(self.lines).rstrip("\n") + "\n"

    def _wrapped(self, text: str, first: str, later: str) -> list[str]:
        return textwrap.wrap(
            text,
            self.width,
            initial_indent=first,
            subsequent_indent=later,
            break_on_hyphens=False,
        ) or [""]
