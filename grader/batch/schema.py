"""The tables of ``results.sqlite``, and how the file is opened.

A result belongs to what was handed in (student and hash) and to what it was marked with (a row of
``markings``), not to an attempt's number: an export that numbers attempts anew, or a run with the
public cases in between, costs no result. ``earned`` and the like repeat what stands in the
document, so that a question about a hundred thousand results is one of SQL.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from grader.errors import GraderFailure, UnusableInput
from grader.untrusted import shown

FILE = "results.sqlite"
VERSION = 1
_APPLICATION = 0x676F6C64
"""In the file's header, so that another program's database is not taken for ours."""
_BUSY_SECONDS = 30

_TABLES = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE markings (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, assignment TEXT NOT NULL,
    title TEXT NOT NULL, columns TEXT NOT NULL, assignment_sha256 TEXT NOT NULL,
    bundle_sha256 TEXT NOT NULL, dataset_sha256 TEXT NOT NULL, version TEXT NOT NULL,
    trained INTEGER NOT NULL, visibility TEXT NOT NULL
);
CREATE TABLE students (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, section TEXT NOT NULL,
    ids TEXT NOT NULL, -- what course systems know them by: JSON, pairs of system and id
    present INTEGER NOT NULL, -- whether the last run found a submission, or the roster has them
    final REAL -- what counts, as the audit trail has it
) WITHOUT ROWID;
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY, student TEXT NOT NULL REFERENCES students, number INTEGER NOT NULL,
    name TEXT NOT NULL, submitted_at TEXT, late_seconds INTEGER NOT NULL, sha256 TEXT NOT NULL,
    remark TEXT NOT NULL,
    present INTEGER NOT NULL, -- whether the last run found it
    score REAL, score_sha256 TEXT, score_marking INTEGER, -- as the audit trail has it
    told TEXT, -- what its feedback says beyond the Result; NULL: it is to be written
    UNIQUE (student, number)
);
CREATE UNIQUE INDEX attempt_names ON attempts (name) WHERE present;
CREATE TABLE results (
    id INTEGER PRIMARY KEY, marking INTEGER NOT NULL REFERENCES markings, student TEXT NOT NULL,
    sha256 TEXT NOT NULL, earned REAL, points REAL, problem TEXT, flags INTEGER NOT NULL,
    wall TEXT, wall_seconds REAL, cpu_seconds REAL, versions TEXT, marked_at TEXT NOT NULL,
    trouble TEXT, failed INTEGER NOT NULL, -- why the last try gave no Result
    stale INTEGER NOT NULL, -- to be marked again, kept until it is
    document BLOB, -- the Result: JSON, compressed by zlib
    brief TEXT, shape INTEGER REFERENCES shapes, -- the same in brief (grader/brief.py)
    UNIQUE (marking, student, sha256)
);
CREATE TABLE shapes (id INTEGER PRIMARY KEY, document TEXT NOT NULL UNIQUE);
CREATE TABLE checks (
    result INTEGER NOT NULL REFERENCES results ON DELETE CASCADE, position INTEGER NOT NULL,
    part TEXT NOT NULL, id TEXT NOT NULL, status TEXT NOT NULL, points REAL NOT NULL,
    earned REAL NOT NULL, PRIMARY KEY (result, position)
) WITHOUT ROWID;
CREATE TABLE named_bugs (
    result INTEGER NOT NULL REFERENCES results ON DELETE CASCADE, bug TEXT NOT NULL,
    check_id TEXT NOT NULL, PRIMARY KEY (result, bug, check_id)
) WITHOUT ROWID;
CREATE TABLE bugs (id TEXT PRIMARY KEY, message TEXT NOT NULL, help TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE adjustments (
    id INTEGER PRIMARY KEY AUTOINCREMENT, student TEXT NOT NULL, points REAL NOT NULL,
    reason TEXT NOT NULL, author TEXT NOT NULL, made_at TEXT NOT NULL,
    revoked_at TEXT, revoked_by TEXT, revoked_why TEXT
);
CREATE INDEX adjusted_students ON adjustments (student);
CREATE TABLE changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL,
    student TEXT NOT NULL, attempt TEXT NOT NULL, what TEXT NOT NULL, old REAL, new REAL,
    final_old REAL, final_new REAL, why TEXT NOT NULL
);
CREATE INDEX changed_students ON changes (student);
"""


def connect(file: Path, *, create: bool) -> sqlite3.Connection:
    """Open a store; transactions are begun and ended by whoever uses it.

    Write-ahead logging lets a batch write while another process reads. With ``synchronous=NORMAL``
    what is committed survives any death of the process; a power cut may take the last few results,
    which are then marked again. FULL would keep them, too, and waits for the disk: 7 ms a result
    where this takes 3 (of which 1 is computing).

    Args:
        file: the database.
        create: whether to make one where there is none.

    Raises:
        UnusableInput: there is none, it is not ours, or it is of a later version.
        GraderFailure: it is damaged, or cannot be opened.
    """
    if not create and not file.is_file():
        raise UnusableInput(
            f"{file.parent} holds no results: there is no {FILE} in it",
            hint="name the folder that `grade batch --out` wrote",
        )
    try:
        connection = sqlite3.connect(file, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            _prepare(connection, file)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise unusable(file, error) from error
    return connection


def unusable(file: Path, error: sqlite3.Error) -> GraderFailure:
    """What to raise when the database fails: a full disk, a damaged file."""
    return GraderFailure(f"cannot use {file}: {shown(error)}")


def _prepare(connection: sqlite3.Connection, file: Path) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    if _is_empty(connection):
        connection.execute("BEGIN IMMEDIATE")
        if _is_empty(connection):  # nobody else made them meanwhile
            for statement in _TABLES.split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != _APPLICATION:
        raise UnusableInput(f"{file} is the database of another program")
    if version != VERSION:
        raise UnusableInput(
            f"{file} was written by another version of goldgrad (format {version}, not {VERSION})",
            hint="export it with that version, and give another results folder",
        )


def _is_empty(connection: sqlite3.Connection) -> bool:
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return bool(tables == 0)
