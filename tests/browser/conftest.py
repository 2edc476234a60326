"""A real browser, and a real results folder to look at.

Chromium is driven by playwright (extra `browser`). Where neither is installed, the tests are
skipped, and the run's last lines say so; with GOLDGRAD_REQUIRE_BROWSER=1 that is a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fixtures.made_up_class import made_up_class, made_up_course
from grader.intake.workspace import SourceFile
from grader.render.exports import export
from grader.render.html import similar_page
from grader.similarity.pairs import find_pairs
from grader.similarity.work import work_of
from grader.standing import NOT_HANDED_IN, Attempt, Standing, Student

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HOSTILE = "<script>window.hacked=1</script>\"><img src=x onerror='window.hacked=1'>"
STUDENTS = 500
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _unavailable(why: str) -> None:
    if os.environ.get("GOLDGRAD_REQUIRE_BROWSER"):
        pytest.fail(why)
    pytest.skip(f"BROWSER: the pages were not looked at: {why}")


# Not for the session: playwright keeps an event loop running, which is in the way of Dask's.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium: the system's, or the one that `playwright install chromium` fetched."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        _unavailable("playwright is not installed (pip install 'goldgrad[browser]')")
    path = os.environ.get("GOLDGRAD_BROWSER") or next(filter(None, map(shutil.which, _NAMES)), None)
    # Chromium's own sandbox does not start as root, nor in most containers; pages are ours.
    with sync_playwright() as playwright:
        try:
            found = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except Error as error:
            _unavailable(f"no Chromium that starts: {str(error).splitlines()[0]}")
        yield found
        found.close()


def _hostile() -> Standing:
    """A student whose name, id and flag are markup."""
    row = next(each for each in made_up_class(100) if each.result and each.result.flags)
    assert row.result is not None
    student = Student("<b>s1</b>", HOSTILE, section="'\"><svg onload='window.hacked=1'>")
    flag = row.result.flags[0].model_copy(update={"message": HOSTILE})
    result = row.result.model_copy(update={"flags": [flag], "title": HOSTILE, "notes": [HOSTILE]})
    attempt = replace(row.attempt, student=student, name="b'1 & #2?")
    return replace(row, student=student, attempt=attempt, result=result)


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a batch leaves of a class: pages of all students, the class page, the gradebook."""
    nobody = Student("s0", "Zoë Nobody")
    absent = Standing(nobody, Attempt(nobody, 0, "s0"), 0, None, NOT_HANDED_IN)
    course = made_up_course(STUDENTS - 2, _hostile(), absent)
    folder = tmp_path_factory.mktemp("results")
    for name in ("class", "csv", "html"):
        export(course, name, folder)
    _similar(folder / "similar.html")
    return folder


def _similar(path: Path) -> None:
    """Two hostile names with long lines in common."""
    line = "    out[i, j] = np.sum(x[i:i + 3] * w) + b[i] - np.mean(x) / (n + 2)  # </pre><b>"
    text = "\n".join(f"def f{i}(x, w, b, n):\n{line * 3}\n    return out + {i}" for i in range(9))
    works = [work_of(f"{HOSTILE} {who}", [who], [SourceFile("a.py", text)]) for who in "ab"]
    search = find_pairs(works, [], 0.4)
    assert search.pairs
    similar_page.write(search, [], HOSTILE, path)


class Visit:
    """A page that is open, and what went wrong on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.troubles: list[str] = []
        self.requests: list[str] = []
        self.answered: list[str] = []
        page.on("console", lambda said: self.troubles.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("dialog", lambda dialog: self.troubles.append(dialog.message))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("requestfinished", lambda request: self.answered.append(request.url))

    def texts(self, selector: str) -> list[str]:
        """What stands in all elements that fit."""
        script = "(all) => all.map((each) => each.innerText.trim())"
        found: list[str] = self.page.eval_on_selector_all(selector, script)
        return found


@pytest.fixture
def visit(browser: Browser) -> Iterator[Any]:
    """Opens a file, as a function of it, of the window's width, the colour scheme and scripts."""
    contexts = []

    def opened(
        file: Path, *, width: int = 1280, scheme: str = "light", script: bool = True
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 844},
            color_scheme=scheme,  # type: ignore[arg-type] # one of its literals
            java_script_enabled=script,
        )
        contexts.append(context)
        found = Visit(context.new_page())
        found.page.goto(file.as_uri())
        return found

    yield opened
    for context in contexts:
        context.close()
