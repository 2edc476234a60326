"""Finding the written report and turning it into plain text.

Several files may look like a report. The most likely one that can be read is taken: a file named
like a report before any other, then other PDF and Word documents, a notebook's text cells, other
text files, and a README last. An unchanged template is nobody's report.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from grader.errors import GraderFailure
from grader.intake.legacy_text import plausible_encoding
from grader.intake.listing import Entry, Unreadable
from grader.intake.reading import Patience, read_document
from grader.intake.workspace import ReportText
from grader.shipped import shipped
from grader.untrusted import shown

MAX_TEXT = 200_000
"""Characters of a report that are read."""
MAX_TEXT_FILE = 2_000_000
MAX_DOCUMENT = 20_000_000
_MAX_TRIED = 4

_PLAIN = {".md", ".markdown", ".txt", ".rst", ".tex", ".org"}
_READABLE = {*_PLAIN, ".pdf", ".docx"}
_PREFERENCE = (".md", ".markdown", ".txt", ".docx", ".pdf", ".tex", ".rst", ".org")
_REPORT_NAME = re.compile(
    r"report|write[-_ ]?up|bericht|rapport|informe|relat[oó]rio|relazione"
    r"|报告|報告|レポート|보고서",
    re.IGNORECASE,
)
_README_NAME = re.compile(r"^read[-_ ]?me\b|^lies[-_ ]?mich\b", re.IGNORECASE)
_NOT_A_REPORT = re.compile(
    r"requirements|dataset|licen[cs]e|changelog|^(?:train|test|data|output|log|labels?)[-_\w]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Candidate:
    """Something that may be the report."""

    file: str
    rank: int
    """0 is named like a report, 4 is a README."""
    read: Callable[[], ReportText]


def document_candidates(
    documents: Iterable[Entry], patience: Patience | None = None
) -> list[Candidate]:
    """The files that may be the report, and how long reading them may take together."""
    return [
        Candidate(entry.path, rank, partial(_read, entry, patience))
        for entry in documents
        if (rank := _rank(entry.name)) is not None
    ]


def notebook_candidate(file: str, markdown: str) -> Candidate:
    """A notebook's text cells as a possible report."""
    return Candidate(file, 2, lambda: ReportText(file, markdown[:MAX_TEXT]))


def choose_report(candidates: Iterable[Candidate]) -> tuple[ReportText | None, list[str]]:
    """Read the most likely candidate that can be read.

    Returns:
        The report, or None when there is no candidate, and notes on what was passed over.
    """
    ordered = sorted(candidates, key=_order)
    notes: list[str] = []
    second_best: ReportText | None = None
    for candidate in ordered[:_MAX_TRIED]:
        report = candidate.read()
        if report.problem is not None:
            notes.append(f"{shown(report.file, 120)}: {report.problem}")
            second_best = second_best or report
            continue
        if _is_unchanged_template(report.text):
            if candidate.rank == 0:
                notes.append(f"{shown(report.file, 120)} is the unchanged template")
                second_best = report
            continue
        others = [shown(c.file, 120) for c in ordered if c is not candidate and c.rank < 2]
        if others and candidate.rank < 2:
            notes.append(
                f"{shown(report.file, 120)} was read as the report; also found: "
                + ", ".join(others[:5])
            )
        return report, notes
    return second_best, notes


def _rank(name: str) -> int | None:
    path = PurePosixPath(name)
    suffix = path.suffix.lower()
    if _REPORT_NAME.search(path.stem):
        return 0
    if suffix in {".pdf", ".docx"}:
        return 1
    if suffix not in _PLAIN or _NOT_A_REPORT.search(path.stem):
        return None
    return 4 if _README_NAME.search(path.stem) else 3


def _order(candidate: Candidate) -> tuple[int, bool, int, int, str]:
    suffix = PurePosixPath(candidate.file).suffix.lower()
    preference = _PREFERENCE.index(suffix) if suffix in _PREFERENCE else len(_PREFERENCE)
    # A readable file of a lower rank is better than a .doc that is named like a report.
    unreadable = suffix not in {*_READABLE, ".ipynb"}
    return (
        9 if unreadable else candidate.rank,
        unreadable,
        candidate.file.count("/"),
        preference,
        candidate.file,
    )


def _read(entry: Entry, patience: Patience | None) -> ReportText:
    suffix = PurePosixPath(entry.name).suffix.lower()
    try:
        if suffix in _PLAIN:
            return ReportText(entry.path, decode_text(entry.fetch(MAX_TEXT_FILE)))
        if suffix not in _READABLE:
            problem = f"a {suffix} file cannot be read; hand in .md, .txt, .pdf or .docx"
            return ReportText(entry.path, "", problem)
        data = entry.fetch(MAX_DOCUMENT)
        answer = read_document("pdf" if suffix == ".pdf" else "docx", data, patience)
        return ReportText(entry.path, answer["text"][:MAX_TEXT])
    except Unreadable as reason:
        return ReportText(entry.path, "", str(reason))


def decode_text(data: bytes) -> str:
    """The text of a file in whatever encoding it most plausibly is.

    Unlike source code a report is never run, so guessing does no harm.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif data.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    else:
        encoding = plausible_encoding(data)
    text = data.decode(encoding, errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")[:MAX_TEXT]


def _is_unchanged_template(text: str) -> bool:
    try:
        folder = shipped("student_template")
    except GraderFailure:
        return False
    for name in ("report.md", "README.md"):
        template = folder / name
        if template.is_file() and template.read_text(encoding="utf-8").split() == text.split():
            return True
    return False
