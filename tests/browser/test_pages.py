"""The pages in a real browser: on a phone, in the dark, by keyboard, with hostile names."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.browser.conftest import HOSTILE, STUDENTS

pytestmark = pytest.mark.slow

# Every text whose contrast with what is behind it is under 4.5 (WCAG 2.2, 1.4.3).
_FAINT = """() => {
  const channel = (value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = parse(getComputedStyle(each).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const told = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const svg = element instanceof SVGElement;
    const front = light(parse(svg ? style.fill : style.color));
    const back = light(behind(element));
    const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (ratio < 4.5) told.push(`${ratio.toFixed(2)} ${element.tagName} ${element.textContent}`);
  }
  return told.slice(0, 10);
}"""

# Bars against their tracks, which need 3 (WCAG 2.2, 1.4.11).
_BARS = """() => {
  const bar = document.querySelector("svg.bar");
  const style = (element) => element && getComputedStyle(element);
  return [style(bar?.querySelector(".full"))?.fill, style(bar)?.backgroundColor];
}"""


def feedback_pages(results: Path) -> list[Path]:
    """The longest one, the hostile one, and one of somebody whose zip could not be opened."""
    pages = sorted((results / "feedback").glob("*.html"), key=lambda page: page.stat().st_size)
    return [pages[-1], results / "feedback" / "b'1 & #2?.html", pages[0]]


@pytest.fixture(params=["class", "feedback", "similar"])
def pages(request: pytest.FixtureRequest, results: Path) -> list[Path]:
    """The pages of one kind; the second of three, or the only one, shows a hostile name."""
    if request.param == "feedback":
        return feedback_pages(results)
    return [results / f"{request.param}.html"]


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_window(pages: list[Path], visit: Any, width: int) -> None:
    """A phone shows the page without scrolling sideways; only wide tables scroll in themselves."""
    for file in pages:
        page = visit(file, width=width).page
        page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_by_day_and_by_night(pages: list[Path], visit: Any, scheme: str) -> None:
    """Contrast is at least 4.5 everywhere, plots included, and 3 for the bars."""
    for file in pages:
        page = visit(file, scheme=scheme).page
        page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
        assert page.evaluate(_FAINT) == []
        bar, track = page.evaluate(_BARS)
        assert bar is None or _contrast(bar, track) >= 3


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    shares = [float(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return sum(weight * s for weight, s in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_nothing_is_fetched_and_nothing_is_complained_of(pages: list[Path], visit: Any) -> None:
    """No request but for the file itself, no line on the console, no window that pops up."""
    for file in pages:
        found = visit(file)
        assert [unquote(url) for url in found.requests] == [unquote(file.as_uri())]
        assert found.troubles == []


def test_a_hostile_name_is_only_text(pages: list[Path], visit: Any) -> None:
    """Markup in names, flags and titles is shown, and runs nothing."""
    for file in pages:
        page = visit(file).page
        assert page.evaluate("window.hacked") is None
        assert page.locator("body img, svg[onload], body b script").count() == 0
    assert HOSTILE in visit(pages[0] if len(pages) == 1 else pages[1]).page.inner_text("body")


def test_even_unescaped_it_would_run_nothing(pages: list[Path], visit: Any) -> None:
    """The page's own policy forbids what a hole in the escaping would let in."""
    found = visit(pages[0])
    found.page.evaluate(
        """() => {
          document.body.insertAdjacentHTML("beforeend", `<img src="x" onerror="window.hacked=1">`);
          document.body.append(Object.assign(document.createElement("script"),
            { textContent: "window.hacked=1" }));
        }"""
    )
    assert found.page.evaluate("window.hacked") is None
    assert any("Content Security Policy" in trouble for trouble in found.troubles)
    assert not [url for url in found.answered if url.endswith("/x")]


def test_every_link_leads_to_a_file(results: Path, visit: Any) -> None:
    """The class page links to a feedback page of everybody who handed in, and to the gradebook."""
    page = visit(results / "class.html").page
    links = page.eval_on_selector_all("a", "(all) => all.map((each) => each.href)")
    files = {Path(unquote(link.removeprefix("file://"))) for link in links}
    assert {file for file in files if not file.is_file()} == set()
    assert len([file for file in files if file.parent.name == "feedback"]) == STUDENTS - 1
    page.locator("#students tbody a").nth(0).click()
    assert page.locator("h1").count() == 1
    assert "Feedback for" in page.inner_text("header")


def marks(found: Any) -> list[float | None]:
    """The column of points as it stands."""
    column = found.texts("#students thead th").index("points")
    cells = found.texts(f"#students tbody tr:not([hidden]) > :nth-child({column + 1})")
    return [None if cell == "–" else float(cell) for cell in cells]


def test_the_table_sorts_by_every_column(results: Path, visit: Any) -> None:
    """Numbers as numbers, the best first, then the other way; what is missing stays last."""
    found = visit(results / "class.html")
    head = found.page.locator("#students thead th", has_text="points")
    head.locator("button").click()
    first = marks(found)
    numbers = [mark for mark in first if mark is not None]
    assert numbers == sorted(numbers, reverse=True)
    assert first[: len(numbers)] == numbers
    assert head.get_attribute("aria-sort") == "descending"
    head.locator("button").press("Enter")  # by keyboard, too
    again = marks(found)
    assert again[: len(numbers)] == sorted(numbers)
    assert None in again
    assert head.get_attribute("aria-sort") == "ascending"
    names = found.page.locator("#students thead button")
    for index in range(names.count()):
        names.nth(index).click()
        assert found.page.locator("#students thead [aria-sort]").count() == 1
        assert found.page.locator("#students tbody tr").count() == STUDENTS
    assert found.troubles == []


def test_a_search_finds_people_flags_and_mistakes(results: Path, visit: Any) -> None:
    """All words must fit; the number of hits is said; clearing shows everybody again."""
    found = visit(results / "class.html")
    box, shown = found.page.locator("#words"), "#students tbody tr:not([hidden])"
    box.fill("nobody ZOË")
    assert len(found.texts(shown)) == 1
    assert found.page.inner_text("#found") == f"1 of {STUDENTS} shown"
    box.fill("literal array")
    assert 0 < len(found.texts(shown)) < STUDENTS
    box.fill("")
    assert len(found.texts(shown)) == STUDENTS


def test_a_mistake_leads_to_who_made_it(results: Path, visit: Any) -> None:
    """The button beside "111 of 494" shows these 111."""
    found = visit(results / "class.html")
    mistake = found.page.locator("ol.bugs > li").nth(0)
    number = int(mistake.locator("b").nth(0).inner_text())
    mistake.locator("button").click()
    assert found.page.locator("#students tbody tr:not([hidden])").count() == number


def test_without_javascript_the_page_is_complete(results: Path, visit: Any) -> None:
    """Everybody is there; what would not work is not shown."""
    page = visit(results / "class.html", script=False).page
    assert page.locator("#students tbody tr").count() == STUDENTS
    assert not page.locator("#find").is_visible()
    assert not page.locator("[data-show]").nth(0).is_visible()
