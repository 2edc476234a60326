"""grader/render/markdown.py, judged by a real Markdown parser."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader.render.markdown import code, escaped, render_markdown
from grader.result import Finding, Result
from grader.untrusted import shown

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
NASTY = st.text(alphabet="ab1 .:/\\`*_{}[]()<>&|~$#@!-+=\"'\nw", max_size=40)


@given(NASTY)
def test_escaped_text_means_nothing(text: str) -> None:
    """Rendered, escaped text is one plain paragraph that reads as it was written."""
    line = shown(text, 2000)
    rendered = PARSER.render(escaped(text)).strip()
    assert html.unescape(re.sub(r"^<p>|</p>$", "", rendered)) == re.sub(r" *\n *", " ", line)
    assert "<p>" not in rendered[3:]


@given(NASTY)
def test_code_spans_cannot_be_left(text: str) -> None:
    """Whatever backticks it holds, a code span's content stays in it."""
    line = shown(text, 2000)
    rendered = PARSER.render(f"a {code(text)} b").strip()
    match = re.fullmatch(r"<p>a <code>(.*)</code> b</p>", rendered)
    assert match is not None
    assert html.unescape(match[1]).strip() == line.strip()
    assert match[1].count("<") == 0


def test_links_mentions_and_html_are_dead(result: Result) -> None:
    """A feedback page shows what students wrote; it does not run it, link it or call anybody."""
    finding = Finding(
        what="<script>alert(1)</script> [x](javascript:1) ![](http://a.b/c.png) @all #1 www.a.b",
        student_text="`</code><img src=x>`",
        excerpt="x = '|' # | a | b |",
    )
    part = result.parts[1]
    checks = [part.checks[1].model_copy(update={"findings": [finding]})]
    changed = result.model_copy(
        update={"parts": [part.model_copy(update={"checks": checks})], "notes": ["<b>note</b>"]}
    )
    source = render_markdown(changed)
    rendered = PARSER.render(source)
    tags = set(re.findall(r"<(\w+)", rendered))
    assert tags <= {"h1", "h2", "h3", "p", "strong", "code", "ul", "li"} | {
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    assert "http://a" not in source
    assert "www.a" not in source
    assert "\\@all" in source


def test_the_story_is_complete(result: Result) -> None:
    """Table, lost points with place, source line, bug and help."""
    rendered = PARSER.render(render_markdown(result))
    assert "<strong>50 of 80.5 points</strong>" in rendered
    assert "<td>Backward</td>" in rendered
    assert "<code>two_layer_net.py:57, in loss</code>" in rendered
    assert "<strong>bug:</strong> the loss adds reg * sum(W**2)" in rendered
    assert "<strong>help:</strong> differentiate" in rendered
    assert "forward/scores" not in rendered
    assert "Marked by goldgrad 0.1.0 in 1.9 s, wall: full." in rendered


def test_the_loss_is_a_small_table(result: Result) -> None:
    """What the HTML page draws, in numbers: first, last and a few between."""
    check = result.parts[2].checks[0]
    curve = {"history": [1.5, 0.25], "history_epochs": [1.0, 60.0]}
    part = result.parts[2].model_copy(
        update={"checks": [check.model_copy(update={"measured": curve})]}
    )
    rendered = PARSER.render(render_markdown(result.model_copy(update={"parts": [part]})))
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", rendered.split("returned it:")[1])
    assert cells == ["epoch", "1", "60", "loss", "1.5", "0.25"]


def test_what_was_not_checked_is_a_list_of_its_own(result: Result) -> None:
    """Unwritten and waiting checks cost a line each, apart from the findings above them."""
    rendered = PARSER.render(render_markdown(result))
    items = re.findall(r"<li>(.*?)</li>", rendered, re.DOTALL)
    assert any("after backward/l2" in item for item in items)
    assert any("not written yet (<code>layers.py:141</code>)" in item for item in items)
    assert rendered.count("<p>Not checked:</p>") == 2


def test_general_advice_is_left_out_beside_a_named_bug(result: Result) -> None:
    """The bug's help is kept; without a named bug the general one is."""
    named = result.check("backward/l2").findings[0]
    other = Finding(what="dW2: all differ", place=named.place, help="some general advice")
    part = result.parts[1]

    def rendered(*findings: Finding) -> str:
        checks = [part.checks[1].model_copy(update={"findings": list(findings)})]
        parts = [part.model_copy(update={"checks": checks})]
        return render_markdown(result.model_copy(update={"parts": parts}))

    both = rendered(named, other)
    assert "dW2: all differ" in both
    assert "differentiate the term" in both
    assert "some general advice" not in both
    assert "some general advice" in rendered(other)


def test_a_cause_is_explained_once(result: Result) -> None:
    """A second check that fails by the same mistake refers to the first."""
    part = result.parts[1]
    again = part.checks[1].model_copy(update={"id": "backward/again"})
    changed = result.model_copy(
        update={"parts": [part.model_copy(update={"checks": [part.checks[1], again]})]}
    )
    source = render_markdown(changed)
    assert source.count("differentiate the term") == 1
    assert "The same as at `backward/l2`." in source
