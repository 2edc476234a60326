"""What a store keeps for the whole course: what is marked with, and the rules that hold."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from grader.batch import audit
from grader.batch.key import Key
from grader.batch.rules import CourseRules
from grader.standing import Column


@dataclass(frozen=True)
class Settings:
    """The settings of one store; whoever changes them has a transaction open."""

    connection: sqlite3.Connection

    def get(self, name: str) -> str | None:
        """The setting of this name, if there is one."""
        found = self.connection.execute("SELECT value FROM settings WHERE name = ?", [name])
        row = found.fetchone()
        return None if row is None else str(row[0])

    def put(self, name: str, value: str) -> None:
        """Keep a setting in the place of what it was."""
        self.connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [name, value])

    def drop(self, name: str) -> None:
        """Forget a setting."""
        self.connection.execute("DELETE FROM settings WHERE name = ?", [name])

    @property
    def marking(self) -> int | None:
        """The row in ``markings`` whose results count; None before the first run."""
        return None if (key := self.get("marking")) is None else self.marking_of(key)

    def marking_of(self, digest: str) -> int | None:
        """The row in ``markings`` of a key."""
        found = self.connection.execute("SELECT id FROM markings WHERE key = ?", [digest])
        row = found.fetchone()
        return None if row is None else int(row[0])

    def other_assignment(self, key: Key) -> str | None:
        """The assignment that there are results of already, if it is another than the key's."""
        found = self.connection.execute(
            "SELECT assignment FROM markings WHERE assignment <> ? LIMIT 1", [key.assignment]
        ).fetchone()
        return None if found is None else str(found[0])

    def use(self, key: Key, title: str, columns: Sequence[Column]) -> int:
        """Let what is marked with a key count; returns its row in ``markings``."""
        shape = json.dumps([asdict(column) for column in columns])
        (number,) = self.connection.execute(
            "INSERT INTO markings (key, title, columns, assignment, assignment_sha256,"
            " bundle_sha256, dataset_sha256, version, trained, visibility)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET title = excluded.title RETURNING id",
            [key.digest, title, shape, *asdict(key).values()],
        ).fetchone()
        self.put("marking", key.digest)
        return int(number)

    @property
    def rules(self) -> CourseRules:
        """For lateness and attempts, as the last run left them."""
        return CourseRules.from_text(self.get("rules") or "")

    def follow(self, rules: CourseRules, who: str) -> bool:
        """Keep the rules; whether others held before, which the audit trail then says."""
        before, first = self.rules, self.get("rules") is None
        self.put("rules", rules.text)
        if before == rules:
            return False
        words = str(rules) if first else f"{before} -> {rules}"
        audit.record(self.connection, audit.Change(audit.now(), who, "", "", "rule", words))
        return True
