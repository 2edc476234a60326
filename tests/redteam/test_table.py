"""fixtures/redteam/table.py: the attacks follow their README."""

from __future__ import annotations

from fixtures.redteam.table import load_attacks, table_rows
from fixtures.redteam.uploads import UPLOADS


def test_every_attack_can_be_read() -> None:
    """Names are unique, outcomes are from the closed list, uploads exist, sources are Python."""
    attacks = load_attacks()
    assert attacks
    for attack in attacks:
        assert attack.upload is None or attack.upload in UPLOADS, attack.name


def test_rows_for_the_documents() -> None:
    """A row names the attack, says what it tries, and what comes of it on three tiers."""
    row = next(row for row in table_rows(load_attacks()) if row[0] == "`exit-at-import`")
    assert row[1].startswith("Ends its process")
    assert row[2:] == ["0 points: cannot be imported"] * 3
