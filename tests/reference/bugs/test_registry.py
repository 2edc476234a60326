"""The registry's rows: distinct, worded for students, and each a change of a formula in use."""

from __future__ import annotations

import re

import pytest

from reference.bugs.bug import bugs_of
from reference.bugs.registry import ALL_BUGS, BUGS, FAMILIES
from reference.bugs.two_layer.formulas import TWO_LAYER


def test_no_two_bugs_share_an_id():
    """The mapping has a row for every bug of the tables."""
    assert len(BUGS) == len(ALL_BUGS)


def test_the_registry_is_broad():
    """At least 150 bugs, and some in every family."""
    assert len(BUGS) >= 150
    assert {bug.family.name for bug in ALL_BUGS} == {family.name for family in FAMILIES}


def test_texts_are_sentences_without_code():
    """Message and help are short, have no full stop at the end, and give no code away."""
    for bug in ALL_BUGS:
        assert bug.note.message != bug.note.help
        for text in (bug.note.message, bug.note.help):
            assert text == text.strip()
            assert 10 < len(text) < 260, text
            assert not text.endswith("."), text
            assert not re.search(r"np\.(?!pad wants)|lambda|:=|\w\[.*\]\s*=", text), text


def test_ids_are_family_and_name():
    """Ids read "family/name"."""
    for bug in ALL_BUGS:
        assert re.fullmatch(bug.family.name + r"/[A-Za-z0-9_]+", bug.id)


def test_bugs_belong_to_functions_of_their_family():
    """Every function that a bug changes is one of its family."""
    for bug in ALL_BUGS:
        assert bug.changed
        assert set(bug.changed) <= set(bug.family.signatures)
        assert set(bug.functions()) == set(bug.family.signatures)


def test_a_row_with_a_misspelt_formula_is_refused():
    """A change of a quantity that does not exist is a mistake in the table."""
    with pytest.raises(KeyError, match="dscore"):
        bugs_of(TWO_LAYER)("typo", "a message", "a help", dscore=lambda q: q.p)
