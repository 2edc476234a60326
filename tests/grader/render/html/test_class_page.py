"""grader/render/html/class_page.py: what the page says; how it looks is tests/browser's affair."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from fixtures.made_up_class import made_up_class, made_up_course
from grader.render.html.class_page import render_class_page, write
from grader.result import Result
from grader.standing import Adjustment, Standing
from tests.grader.render.conftest import absent, course, make, standing

pytestmark = pytest.mark.slow  # draws classes of hundreds

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>\x1b[31m\u202e'


class Page(HTMLParser):
    """The tags, links and rows of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self._in_roll = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            self._in_roll = dict(attrs).get("id") == "students"
        if self._in_roll and tag == "tr":
            self.rows.append([])
        if self._in_roll and tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self._in_roll and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip()

    def links(self) -> list[str]:
        """Where its links lead."""
        return [str(found["href"]) for tag, found in self.tags if tag == "a"]


@pytest.fixture(scope="module")
def class_of_120() -> str:
    return render_class_page(made_up_course(120))


def test_each_student_has_a_row_that_links_to_the_feedback(class_of_120: str) -> None:
    """The table holds everybody; a link is the file that a batch wrote."""
    page = Page(class_of_120)
    assert len(page.rows) == 1 + 120
    assert "feedback/s100007.html" in page.links()


def test_common_mistakes_are_counted_of_those_who_were_marked(class_of_120: str) -> None:
    """37 of 118 made a mistake: what to say in the next lecture."""
    rows = [each.row() for each in made_up_class(120)]
    opened = [row.result for row in rows if row.result and row.result.problem is None]
    counts = [
        sum(bug.id in {each.id for each in brief.bugs} for brief in opened)
        for bug in {bug for brief in opened for bug in brief.bugs}
    ]
    said = re.findall(r"<b>(\d+)</b> of (\d+)", class_of_120)
    assert [int(number) for number, _ in said] == sorted(counts, reverse=True)
    assert {int(of) for _, of in said} == {len(opened)}


def test_nothing_is_fetched_and_only_the_own_script_may_run(class_of_120: str) -> None:
    """One file holds all: no address of a script, style or picture; a policy forbids others."""
    page = Page(class_of_120)
    assert not [tag for tag, found in page.tags if "src" in found or tag in {"link", "base", "img"}]
    assert not [link for link in page.links() if re.match(r"\w+:|//", link)]
    policy = next(
        str(found["content"])
        for tag, found in page.tags
        if tag == "meta" and found.get("http-equiv") == "Content-Security-Policy"
    )
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'sha256-[\w+/=]+'(;|$)", policy)


def test_equal_courses_give_equal_pages(class_of_120: str) -> None:
    """No time, no random id: a page that did not change is the same file."""
    assert render_class_page(made_up_course(120)) == class_of_120


@pytest.fixture
def hostile(result: Result) -> str:
    row = standing("s1", result)
    student = replace(row.student, id=HOSTILE, name=HOSTILE, section=HOSTILE)
    flag = result.flags[0].model_copy(update={"message": HOSTILE, "kind": HOSTILE})
    parts = [part.model_copy(update={"title": HOSTILE}) for part in result.parts]
    bad = result.model_copy(update={"flags": [flag], "parts": parts, "wall": HOSTILE})
    attempt = replace(row.attempt, student=student, name="..%2f<a>&\"'#?", remark=HOSTILE)
    rows = course(replace(row, student=student, attempt=attempt, result=bad))
    return render_class_page(replace(rows, title=HOSTILE, assignment=HOSTILE))


def test_names_from_outside_mean_nothing(hostile: str) -> None:
    """Names, titles and flags stay text, control characters are shown, links stay in the folder."""
    page = Page(hostile)
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert "img" not in {tag for tag, _ in page.tags}
    assert not [found for _, found in page.tags if any(name.startswith("on") for name in found)]
    assert "\x1b" not in hostile
    assert "\u202e" not in hostile
    (link,) = {each for each in page.links() if "feedback" in each}
    assert re.fullmatch(r"feedback/[\w.%~-]+\.html", link)


def test_who_handed_in_nothing_is_counted_and_not_linked(result: Result) -> None:
    """A row says so; there is no feedback page, and nobody needs to look at it."""
    text = render_class_page(course(standing("s1", result), absent("s0")))
    page = Page(text)
    assert "not handed in" in page.rows[2][-1]
    assert "feedback/s0.html" not in page.links()
    assert "<dt>not handed in</dt><dd>1</dd>" in text


def test_a_course_without_results_is_a_page_too() -> None:
    """Nothing marked yet, and the grader failing on all, end no program."""
    assert "Nothing was marked yet" in render_class_page(course())
    broken = standing("s1", None, "the grader failed: out of disk")
    assert "out of disk" in render_class_page(course(broken))


def test_a_class_of_one_and_odd_numbers(parts: list) -> None:
    """One student, no points at all, no time: plots need no spread."""
    nothing = [
        part.model_copy(
            update={
                "points": 0,
                "earned": 0,
                "checks": [
                    check.model_copy(update={"points": 0, "earned": 0}) for check in part.checks
                ],
            }
        )
        for part in parts
    ]
    text = render_class_page(course(standing("s1", make(nothing))))
    assert text.count('<svg role="img"') + text.count('class="plot"') >= 2


def test_a_slip_of_the_pen_does_not_draw_a_thousand_bars(result: Result) -> None:
    """Points beyond all bounds are one bar at the end."""
    given = Adjustment(1e7, "slip", "staff", datetime(2026, 11, 20, tzinfo=UTC))
    row = replace(standing("s1", result), adjustments=(given,))
    scores = render_class_page(course(row)).split("</figure>")[0]
    assert scores.count("<tr>") < 50


def test_of_a_huge_class_the_table_shows_the_first_and_those_to_look_at() -> None:
    """A page of 100,000 rows opens on no phone; the gradebook has them all."""
    page = render_class_page(made_up_course(150), most_rows=20)
    rows = Page(page).rows[1:]
    assert 20 < len(rows) <= 30
    assert all(row[-1] for row in rows[20:])
    assert f"The table shows {len(rows)} of 150" in page


def test_what_must_not_be_overlooked_stands_at_the_top(result: Result) -> None:
    """How the marks came about, where that matters more than they do; else there is no word."""
    hidden = result.model_dump() | {"wall": "full", "dataset": None}
    public = hidden | {
        "wall": "basic",
        "dataset": {"name": "x", "sha256": "00", "stand_in": True},
        "bundle": {"visibility": "public", "sha256": "00"},
    }
    said = ("which is not secure", "stand-in dataset", "Marked with the public cases")
    for told, expected in ((hidden, False), (public, True)):
        text = render_class_page(course(standing("s1", Result.model_validate(told))))
        assert [words in text.split("<section")[0] for words in said] == [expected] * 3


def test_what_is_adjusted_or_late_has_a_column_only_where_somebody_is(result: Result) -> None:
    """No empty columns."""
    row = standing("s1", result)
    late = Standing(row.student, row.attempt, 1, result, penalty=5.0)
    assert "<dt>late</dt>" not in render_class_page(course(row))
    assert "−5" in Page(render_class_page(course(late))).rows[1]


def test_similar_pairs_are_linked_to_where_their_list_lies_beside(
    result: Result, tmp_path: Path
) -> None:
    """As something to look at; without a list, or with an empty or a broken one, not a word."""
    page = tmp_path / "class.html"

    def links() -> list[str]:
        write(course(standing("s1", result)), page)
        return [link for link in Page(page.read_text("utf-8")).links() if "similar" in link]

    (tmp_path / "similar.csv").write_text('one,other\r\n\'=s1,s2\r\n"s1,\nx",s3\r\n', "utf-8-sig")
    assert links() == []
    (tmp_path / "similar.html").write_text("")
    assert links() == ["similar.html"]
    assert "2 pairs to look at</a>" in page.read_text("utf-8")
    assert "never a verdict" in page.read_text("utf-8")
    for text in ("one,other\r\n", "", "x" * 200_000):
        (tmp_path / "similar.csv").write_text(text, "utf-8")
        assert links() == []
