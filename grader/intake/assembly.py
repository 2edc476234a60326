"""From the list of files found to sources, report and notes.

Reading stops at nothing: a file that cannot be used is named in the notes with the reason, and
the others are marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from grader.errors import BadSubmission
from grader.intake.listing import Entry, Listing, Unreadable
from grader.intake.notebook import (
    MAX_NOTEBOOK_BYTES,
    ReadNotebook,
    definitions_only,
    is_exported,
    read_notebook,
)
from grader.intake.reading import Patience
from grader.intake.report_text import choose_report, document_candidates, notebook_candidate
from grader.intake.root import common_folder, moved
from grader.intake.selection import NOT_NEEDED, Selection, select, taken_module
from grader.intake.source_text import MAX_SOURCE_BYTES, decode_source
from grader.intake.workspace import ReportText, SourceFile
from grader.untrusted import shown

_MAX_SOURCES = 300
_MAX_FAILED = 300
"""Of the Python files that cannot be read; each costs its unpacking all the same."""
_MAX_NOTEBOOKS = 10
_MAX_NOTES = 30
_MAX_SOURCE_TOTAL = 10_000_000


@dataclass(frozen=True)
class Assembled:
    """The parts of a Workspace."""

    sources: tuple[SourceFile, ...]
    report: ReportText | None
    notes: tuple[str, ...]
    files: tuple[str, ...]
    ignored: tuple[str, ...]


def assemble(listing: Listing, name: str) -> Assembled:
    """Read what matters of the files found.

    Raises:
        BadSubmission: there is neither code nor a report in it.
    """
    chosen = select(listing.entries)
    _refuse_lone_archive(chosen, name)
    patience = Patience()
    sources, notes = _sources(chosen.sources, patience)
    notebooks, notebook_notes = _notebooks(chosen.notebooks, sources, patience)
    sources += [source for notebook in notebooks for source in notebook.sources]
    candidates = [
        *document_candidates(chosen.documents, patience),
        *(notebook_candidate(n.path, n.markdown) for n in notebooks if n.markdown.strip()),
    ]
    report, report_notes = choose_report(candidates)
    notes = [*listing.notes, *notes, *notebook_notes, *report_notes]
    notes += [f"{shown(e.path, 120)}: an archive inside is not opened" for e in chosen.archives]
    if not sources and report is None:
        _refuse_nothing(chosen, notes, name)
    if not sources:
        notes.append("there is no Python file and no notebook in it")
    documents = [candidate.file for candidate in candidates]
    counted = [e.path for e in (*chosen.sources, *chosen.notebooks)] + documents
    prefix = common_folder(counted, sources)
    sources, shadow_notes = _without_shadows([moved(source, prefix) for source in sources])
    if report is not None:
        report = replace(report, file=report.file.removeprefix(prefix))
    kept = [
        *(source.path for source in sources if source.notebook is None),
        *(entry.path.removeprefix(prefix) for entry in chosen.notebooks),
    ]
    unread = [entry.path for entry in chosen.documents if entry.path not in documents]
    return Assembled(
        sources=tuple(sources),
        report=report,
        notes=_brief([*notes, *shadow_notes]),
        files=tuple(dict.fromkeys([*kept, *(d.removeprefix(prefix) for d in documents)])),
        ignored=(
            *listing.ignored,
            *(f"{shown(path, 120)} ({NOT_NEEDED})" for path in unread),
            *chosen.ignored,
        ),
    )


def _brief(notes: list[str]) -> tuple[str, ...]:
    unique = list(dict.fromkeys(notes))
    if len(unique) > _MAX_NOTES:
        unique = [*unique[:_MAX_NOTES], f"and {len(unique) - _MAX_NOTES} more remarks"]
    return tuple(unique)


def _refuse_lone_archive(chosen: Selection, name: str) -> None:
    if chosen.archives and not (chosen.sources or chosen.notebooks or chosen.documents):
        inner = shown(chosen.archives[0].path, 120)
        raise BadSubmission(
            f"{name} holds no code, only the archive {inner}",
            hint=f"hand in {inner} itself, or a zip of what is in it",
        )


def _refuse_nothing(chosen: Selection, notes: list[str], name: str) -> None:
    if chosen.sources or chosen.notebooks:
        raise BadSubmission(f"nothing in {name} can be read: " + "; ".join(notes[:3]))
    found = ", ".join(shown(entry.path, 60) for entry in chosen.documents[:5])
    found = found or ", ".join(chosen.ignored[:5])
    raise BadSubmission(
        f"there is no Python file and no notebook in {name}"
        + (f"; found only: {found}" if found else ""),
        hint="hand in the .py files or the .ipynb",
    )


def _sources(entries: Iterable[Entry], patience: Patience) -> tuple[list[SourceFile], list[str]]:
    sources: list[SourceFile] = []
    notes: list[str] = []
    total = exported = failed = 0
    for entry in entries:
        if len(sources) >= _MAX_SOURCES or total > _MAX_SOURCE_TOTAL or failed >= _MAX_FAILED:
            notes.append(f"only the first {len(sources)} Python files were read")
            break
        try:
            data = entry.fetch(MAX_SOURCE_BYTES)
            total += len(data)
            source = SourceFile(entry.path, decode_source(data))
        except Unreadable as reason:
            notes.append(f"{shown(entry.path, 120)} was left out: {reason}")
            failed += 1
            continue
        if is_exported(source.text) and exported < _MAX_NOTEBOOKS:
            exported += 1
            source = definitions_only(source, patience)
            notes.append(
                f"{shown(entry.path, 120)} is an exported notebook: only its imports, constants,"
                " functions and classes were loaded"
            )
        sources.append(source)
    return sources, notes


def _notebooks(
    entries: Sequence[Entry], sources: Iterable[SourceFile], patience: Patience
) -> tuple[list[ReadNotebook], list[str]]:
    notebooks: list[ReadNotebook] = []
    taken = frozenset(source.path for source in sources)
    notes = [
        f"{shown(entry.path, 120)} was left out: only {_MAX_NOTEBOOKS} notebooks are read"
        for entry in entries[_MAX_NOTEBOOKS:]
    ]
    for entry in entries[:_MAX_NOTEBOOKS]:
        name = shown(entry.path, 120)
        try:
            data = entry.fetch(MAX_NOTEBOOK_BYTES)
            found = read_notebook(entry.path, data, taken, patience)
        except Unreadable as reason:
            notes.append(f"{name} was left out: {reason}")
            continue
        notebooks.append(found)
        taken |= {source.path for source in found.sources}
        notes += [f"{name}: {note}" for note in found.notes]
    return notebooks, notes


def _without_shadows(sources: list[SourceFile]) -> tuple[list[SourceFile], list[str]]:
    packages = frozenset(
        source.path.rpartition("/")[0] for source in sources if source.path.endswith("__init__.py")
    )
    kept: list[SourceFile] = []
    notes: list[str] = []
    for source in sources:
        shadowed = taken_module(source.path, packages)
        if shadowed is None:
            kept.append(source)
        else:
            notes.append(
                f"{shown(source.path, 120)} was left out: its name would hide the module"
                f" {shadowed}; rename it"
            )
    notes += _case_twins(kept)
    return kept, notes


def _case_twins(sources: list[SourceFile]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for source in sources:
        twin = seen.setdefault(source.path.casefold(), source.path)
        if twin != source.path:
            yield (
                f"{shown(twin, 120)} and {shown(source.path, 120)} differ only in upper and lower"
                " case; on most computers they are one file"
            )
