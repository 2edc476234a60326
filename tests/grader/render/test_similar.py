"""grader/render/similar.py and similar_page.py: the list as text, JSON, table and page."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import click
import pytest

from grader.intake.workspace import SourceFile
from grader.render.html import similar_page
from grader.render.similar import render_similar, similar_json, write_csv
from grader.similarity.pairs import Crowded, Search, find_pairs
from grader.similarity.reading import Unread
from grader.similarity.work import work_of

STEP = """\
    for i in range(n):
\tout[i] = np.sum(x[i:i + 3] * w) + b[i] - np.mean(x) / (n + 2)
        if out[i] < 0 or out[i] > np.max(w):
            out[i] = np.clip(out[i], 0, np.max(w)) ** 2 - x[i] * "</pre><b>"
"""


@pytest.fixture(scope="module")
def search() -> Search:
    """Two who are alike, one in a notebook."""
    text = "\n".join(f"def f{i}(x, w, b, n):\n{STEP}    return out + {i}" for i in range(3))
    works = [
        work_of("=a\x1b[31m", ["a"], [SourceFile("layers.py", text)]),
        work_of("b", ["b"], [SourceFile("hw3_1.py", text, notebook="hw3.ipynb")]),
    ]
    found = find_pairs(works, [], 0.4)
    assert len(found.pairs) == 1
    return found


UNSHOWN = "\N{REPLACEMENT CHARACTER}"
UNREAD = [Unread("c", "the zip is encrypted")]


def test_the_list_names_both_and_the_longest_passage(search: Search) -> None:
    """With the share, the size, and that it is no verdict."""
    text = render_similar(search, UNREAD)
    assert text.startswith(f"100 %  =a{UNSHOWN}[31m  b   ")
    assert "layers.py:1-" in text
    assert "hw3.ipynb, code 1-" in text
    assert "1 pair of 2 submissions to look at." in text
    assert "note: c was not compared: the zip is encrypted" in text
    assert "never a verdict" in text
    assert "\x1b" not in text


def test_nobody_is_alike(search: Search) -> None:
    """Then there is nothing to judge, either."""
    text = render_similar(replace(search, pairs=()), [])
    assert text == "No two of 2 submissions are suspiciously alike.\n"


def test_what_the_list_leaves_out_is_said(search: Search) -> None:
    """A crowd with one source; pairs for which there was no time."""
    crowd = (Crowded(search.pairs[0].one, 0.9),)
    text = " ".join(render_similar(replace(search, crowd=crowd, cut=7), []).split())
    assert "most of 1 submission is what more than 5 people wrote alike" in text
    assert "7 pairs with less in common were not compared" in text


def test_a_long_list_is_cut_on_the_terminal_only(search: Search, tmp_path: Path) -> None:
    """JSON and CSV have all of it."""
    many = replace(search, pairs=search.pairs * 30)
    assert "\nand 10 more\n" in render_similar(many, [])
    assert len(json.loads(similar_json(many, []))["pairs"]) == 30
    write_csv(many, tmp_path / "a.csv")
    assert len((tmp_path / "a.csv").read_text("utf-8-sig").splitlines()) == 31


def test_no_spreadsheet_takes_a_name_for_a_formula(search: Search, tmp_path: Path) -> None:
    """Nor a control character for anything."""
    write_csv(search, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        _, row = csv.reader(file)
    assert row[:4] == [f"'=a{UNSHOWN}[31m", "b", "100", "100"]


def test_the_page_keeps_indentation_and_escapes_the_rest(search: Search, tmp_path: Path) -> None:
    """Python without indentation cannot be read."""
    similar_page.write(search, UNREAD, "HW <3>", tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "<code>    for i in range(n):</code>" in page
    assert "<code>    out[i] = np.sum(" in page
    assert "&lt;/pre&gt;&lt;b&gt;" in page
    assert "HW &lt;3&gt;: submissions that are alike" in page
    assert '<b>"' not in page


def test_the_page_is_bounded(
    search: Search, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it leaves out it counts."""
    monkeypatch.setattr(similar_page, "MOST_PAIRS", 2)
    monkeypatch.setattr(similar_page, "MOST_LINES", 3)
    similar_page.write(replace(search, pairs=search.pairs * 5), [], "HW", tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text("utf-8")
    assert page.count("<section") == 2
    assert "and 3 pairs more" in page
    assert "more</p>" in page


def test_colour_is_only_around_the_text(search: Search) -> None:
    """What is copied from a terminal reads the same."""
    assert click.unstyle(render_similar(search, UNREAD, colour=True)) == render_similar(
        search, UNREAD
    )
