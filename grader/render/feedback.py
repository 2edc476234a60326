"""A feedback file for each student: the Result in Markdown, and what else decided the mark."""

from __future__ import annotations

from pathlib import Path

from grader.render.audience import for_audience
from grader.render.markdown import code, escaped, render_markdown
from grader.render.wording import points
from grader.result import Result
from grader.standing import Course, Row, Standing


def write(course: Course, path: Path) -> None:
    """Write a file for each standing into the folder ``path``; what else is in it stays."""
    path.mkdir(parents=True, exist_ok=True)
    for standing in course:
        if standing.handed_in:
            write_one(standing, path)


def write_one(standing: Standing, folder: Path) -> None:
    """Write one student's file, whole or not at all."""
    write_text(feedback(standing), folder / file_name(standing.name))


def write_text(text: str, file: Path) -> None:
    """Put the text in the place of the file; nobody ever reads half of it."""
    draft = file.with_name(f".{file.name}.new")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(file)


def file_name(name: str) -> str:
    """What the feedback of a submission of this name is called."""
    return f"{name}.md"


def feedback(standing: Standing) -> str:
    """The student's file."""
    return marked(standing.name, standing.result) + _counted(standing)


def marked(name: str, result: Result | None) -> str:
    """What is known when a submission has just been marked, before lateness and adjustments."""
    if result is None:
        # Why the grader failed is for staff to read; it stands in the gradebook.
        return f"# {escaped(name)}\n\n{code(name)} has not been marked yet.\n"
    return render_markdown(for_audience(result, "student"))


def how_counted(standing: Standing | Row) -> list[str]:
    """How the final points come about, in unescaped lines; empty where the Result says it all."""
    if not standing.penalty and not standing.adjustments:
        return []
    lines = [f"earned: {points(standing.earned or 0.0)}"]
    if standing.penalty:
        lines.append(f"handed in late: −{points(standing.penalty)}")
    lines += [
        f"{'−' if each.points < 0 else '+'}{points(abs(each.points))}: {each.reason}"
        for each in standing.adjustments
    ]
    return [*lines, f"final: {points(standing.final or 0.0)}"]


def _counted(standing: Standing) -> str:
    if not (told := how_counted(standing)):
        return ""
    *lines, final = [escaped(text) for text in told]
    listed = [*(f"- {text}" for text in lines), f"- **{final}**"]
    return "\n".join(["", "## Points that count", "", *listed]) + "\n"
