"""The tables of docs/catalogue.md: what an assignment can be composed of, area by area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.catalogue import CatalogueProblem
from grader.render.catalogue import summary
from reference.listing import catalogue

_HEAD = "| problem | what it is | call | `cases` (how many) | `outputs` | own gradients | bugs |\n"


def catalogue_tables() -> str:
    """A section for each area, and the conventions of all of them."""
    problems = catalogue()
    parts = [f"{summary(problems)}\n"]
    for area in dict.fromkeys(problem.area for problem in problems):
        chosen = [problem for problem in problems if problem.area == area]
        rows = "".join(map(_row, chosen))
        parts.append(f"## {_title(area)}\n\n{_HEAD}|{' --- |' * 7}\n{rows}")
    parts.append(_conventions(problems))
    return "\n" + "\n".join(parts)


def _title(area: str) -> str:
    if area == "cs231n":
        return "CS231n"
    text = area.replace("_", " ")
    return text[0].upper() + text[1:]


def _row(problem: CatalogueProblem) -> str:
    cells = (
        f"`{problem.name}`",
        problem.title,
        f"`{problem.function}{problem.signature}`",
        ", ".join(f"`{tag}` ({number})" for tag, number in problem.tags.items()),
        ", ".join(f"`{name}`" for name in problem.outputs),
        "yes" if problem.gradients else "",
        str(len(problem.bugs)),
    )
    return f"| {' | '.join(cells)} |\n"


def _conventions(problems: Sequence[CatalogueProblem]) -> str:
    told: dict[tuple[str, str], str] = {}
    for problem in problems:
        for setting, row in _settings(problem):
            told.setdefault(setting, row)  # in the words of the problem that is taught first
    rows = "".join(told.values())
    head = f"| convention | value | what it means |\n|{' --- |' * 3}\n"
    return f"## Conventions\n\n{head}{rows}"


def _settings(problem: CatalogueProblem) -> Iterator[tuple[tuple[str, str], str]]:
    for setting in problem.settings:
        words = setting.words.replace("|", "\\|").replace("*", "\\*")
        row = f"| `{setting.convention}` | `{setting.value}` | {words} |\n"
        yield (setting.convention, setting.value), row
