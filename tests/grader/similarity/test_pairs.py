"""grader/similarity: who is listed, and who is not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

import numpy as np
import pytest

from grader.similarity import pairs
from grader.similarity.pairs import COMMON_LEAST, COMMON_MOST, Pair, compare, find_pairs
from grader.similarity.work import Work
from tests.grader.similarity.conftest import ROOT, Sources, disguised, work

pytestmark = pytest.mark.slow  # compares classes of works

LEAST = 0.4
NOTHING = np.zeros(0, dtype=np.uint64)


def names(found: tuple[Pair, ...]) -> list[set[str]]:
    return [{pair.one.name, pair.other.name} for pair in found]


@pytest.fixture(scope="module")
def honest(good: Sources, others: Mapping[str, Sources]) -> list[Work]:
    """Four people who worked alone."""
    return [work("good", good), *(work(name, sources) for name, sources in others.items())]


def test_honest_solutions_are_no_pair(honest: list[Work], template: Work) -> None:
    """Not even nearly: each solves the same functions of the same template its own way."""
    assert find_pairs(honest, [template], LEAST).pairs == ()
    assert find_pairs(honest, [template], 0.25).pairs == ()


def test_a_disguised_copy_is_found(honest: list[Work], good: Sources, template: Work) -> None:
    """Renamed, reordered, without comments, in one file instead of three."""
    copy = work("copy", disguised(good))
    found = find_pairs([*honest, copy], [template], LEAST)
    assert names(found.pairs) == [{"copy", "good"}]
    assert min(found.pairs[0].shares) > 0.9


def test_a_part_that_was_taken_is_found(honest: list[Work], good: Sources, template: Work) -> None:
    """Who handed in one copied file and nothing else has it all in common."""
    part = work("part", {"layers.py": good["layers.py"]})
    found = find_pairs([*honest, part], [template], LEAST)
    (pair,) = found.pairs
    assert max(pair.shares) == 1
    assert min(pair.shares) == pytest.approx(0.55, abs=0.1)
    assert {passage.file for passage in pair.passages} == {"layers.py"}


def test_the_template_alone_is_no_pair(template: Work) -> None:
    """Two who have not begun have nothing in common but what was handed out."""
    sources = {file.path: file.text for file in template.files}
    begun = [work("a", sources), work("b", sources)]
    assert find_pairs(begun, [template], 0.01).pairs == ()
    assert names(find_pairs(begun, [], LEAST).pairs) == [{"a", "b"}]


def test_attempts_and_groups_are_no_pairs(good: Sources, template: Work) -> None:
    """Several attempts of one student; what members of a group handed in, alone or together."""
    attempts = [work("s1", good, ("s1",)), work("s1-2", disguised(good), ("s1",))]
    assert find_pairs(attempts, [template], LEAST).pairs == ()
    together = work("draft", {"a.py": "x = 1\n"}, ("s1", "s2"))
    partner = work("s2", good, ("s2",))
    assert find_pairs([*attempts, together, partner], [template], LEAST).pairs == ()
    assert names(find_pairs([attempts[0], partner], [template], LEAST).pairs) == [{"s1", "s2"}]


def test_of_several_attempts_the_most_alike_is_listed(good: Sources, template: Work) -> None:
    """Two students are one pair, however often they handed in."""
    early = work("s1", {"layers.py": good["layers.py"]}, ("s1",))
    late, copy = work("s1-2", good, ("s1",)), work("s2", good, ("s2",))
    found = find_pairs([early, late, copy], [template], LEAST).pairs
    assert len(found) == 1
    assert found[0].share == 1


def test_what_many_have_is_no_sign(good: Sources, template: Work) -> None:
    """Code from the slides, in the works of many who wrote the rest themselves."""
    slides = good["two_layer_net.py"]
    own = [path.read_text("utf-8") for path in sorted((ROOT / "grader/checks").glob("*.py"))]
    own = [text for text in own if len(text) > 6000][: COMMON_LEAST + 1]
    class_ = [work(f"s{i}", {"a.py": text, "b.py": slides}) for i, text in enumerate(own)]
    assert len(class_) == COMMON_LEAST + 1
    found = find_pairs(class_, [template], 0.1)
    assert (found.pairs, found.crowd) == ((), ())
    assert find_pairs(class_[:3], [template], 0.1).pairs != ()


def test_a_crowd_with_one_source_is_named(
    honest: list[Work], good: Sources, template: Work
) -> None:
    """Where so many copied that it looks common, everyone stands beside the one most alike."""
    crowd = [work(f"c{i}", disguised(good)) for i in range(COMMON_LEAST + 2)]
    found = find_pairs([*honest[1:], *crowd], [template], LEAST)
    assert {each.work.name for each in found.crowd} == {each.name for each in crowd}
    assert {name for pair in names(found.pairs) for name in pair} == {each.name for each in crowd}
    assert all(pair.crowded for pair in found.pairs)


def test_where_most_is_common_the_rest_decides(good: Sources, template: Work) -> None:
    """A long handout and a short piece of one's own: two who have the same piece are a pair."""
    handout = {"handout.py": "\n".join(good[name] for name in ("layers.py", "two_layer_net.py"))}
    own = [path.read_text("utf-8") for path in sorted((ROOT / "grader/checks").glob("*.py"))]
    own = [text for text in own if len(text) > 3000][: COMMON_LEAST + 1]
    class_ = [work(f"s{i}", {**handout, "own.py": text}) for i, text in enumerate(own)]
    piece = {**handout, "own.py": good["train.py"]}
    copies = [work("a", piece), work("b", piece)]
    assert {"a", "b"} in names(find_pairs([*class_, *copies], [template], LEAST).pairs)
    short = {**handout, "own.py": good["train.py"][:300]}
    few = [work("a", short), work("b", short)]
    found = find_pairs([*class_, *few], [template], LEAST).pairs
    assert [pair for pair in found if not pair.crowded] == []


def test_a_class_in_which_everything_is_common_is_no_list_of_pairs(
    good: Sources, template: Work
) -> None:
    """A homework that leaves no room makes nobody a suspect; it is said."""
    class_ = [work(f"s{i}", {"a.py": good["train.py"]}) for i in range(COMMON_MOST + 1)]
    found = find_pairs(class_, [template], LEAST)
    assert found.pairs == ()
    assert len(found.crowd) == len(class_)


def test_a_little_that_is_unusual_does_not_make_the_whole_alike(
    good: Sources, template: Work
) -> None:
    """What two share beside common code is a part of all they wrote, not of the rest."""
    common = {"layers.py": good["layers.py"]}
    own = [path.read_text("utf-8") for path in sorted((ROOT / "grader/checks").glob("*.py"))]
    own = sorted(own, key=len)[-COMMON_LEAST - 4 :]
    class_ = [work(f"s{i}", {**common, "own.py": text}) for i, text in enumerate(own[3:])]
    shared, *others = own[:3]
    sources = [{**common, "shared.py": shared, "own.py": text} for text in others]
    pair = [work(name, files) for name, files in zip("ab", sources, strict=True)]
    found = find_pairs([*class_, *pair], [template], 0.1)
    assert names(found.pairs) == [{"a", "b"}]
    assert (found.crowd, find_pairs([*class_, *pair], [template], LEAST).pairs) == ((), ())


def test_passages_lie_side_by_side(good: Sources) -> None:
    """Their lines do the same, and no token counts twice."""
    one, other = work("one", good), work("other", disguised(good))
    pair = compare(one, other, NOTHING)
    assert sum(passage.tokens for passage in pair.passages) <= one.tokens
    longest = pair.passages[0]
    (theirs,) = other.files
    mine = good[longest.file].split("\n")[longest.first - 1 : longest.last]
    copied = theirs.text.split("\n")[longest.other_first - 1 : longest.other_last]
    assert len(mine) > 10
    assert sum("np." in line for line in mine) == sum("np." in line for line in copied)


def test_the_order_of_two_works_does_not_matter(good: Sources) -> None:
    """Shares change places, no more."""
    one, other = work("one", good), work("two", {"layers.py": good["layers.py"]})
    there, back = compare(one, other, NOTHING), compare(other, one, NOTHING)
    assert there.shares == back.shares[::-1]


def test_repetition_within_a_work_proves_nothing_more() -> None:
    """The same line a hundred times, on one side, is still one line's worth."""
    line = "out[i, j] = np.sum(patch * w[f]) + b[f] - np.mean(x[i:i + 3])\n"
    many, once = work("many", {"a.py": line * 100}), work("once", {"a.py": line * 2})
    pair = compare(many, once, NOTHING)
    assert pair.tokens <= once.tokens
    assert pair.shares[0] < 0.05


def test_how_much_is_compared_is_bounded(
    good: Sources, template: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left out for lack of time is said, and is what has least in common."""
    monkeypatch.setattr(pairs, "MOST_COMPARED", 1)
    part = work("part", {"train.py": good["train.py"]})
    found = find_pairs([work("a", good), work("b", good), part], [template], LEAST)
    assert names(found.pairs) == [{"a", "b"}]
    assert (found.compared, found.cut) == (1, 2)


_LIST = """
from fixtures.samples import load_samples
from grader.intake.workspace import SourceFile
from grader.similarity.pairs import find_pairs
from grader.similarity.work import work_of
works = [
    work_of(n, [n], [SourceFile(p, t.decode()) for p, t in s.files.items() if p.endswith(".py")])
    for n, s in load_samples().items() if n in {"good", "partly_done", "two_bugs"}
]
print([(p.one.name, p.other.name, p.shares, p.passages) for p in find_pairs(works, [], 0.1).pairs])
"""


def test_the_list_is_the_same_in_every_process() -> None:
    """Python's hash() would differ; a list that people are asked about must not."""
    told = {
        subprocess.run(
            [sys.executable, "-c", _LIST],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
    assert b"two_bugs" in told.pop()
