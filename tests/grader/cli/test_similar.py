"""grader/cli/similar.py: from a folder of submissions to a list, a page and a table."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fixtures import exports
from fixtures.samples import load_samples
from fixtures.stored_course import filled
from grader.batch.lock import held
from grader.cli.group import grade

ROOT = Path(__file__).parents[3]
SAMPLES = load_samples()


def run(*args: object) -> Result:
    return CliRunner().invoke(grade, ["similar", *map(str, args)])


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    """Two who are alike, one who is not, and one whose file cannot be read."""
    folder = tmp_path / "submissions"
    SAMPLES["good"].write_zip(folder).rename(folder / "s1.zip")
    SAMPLES["partly_done"].write_folder(folder).rename(folder / "=s2")
    (folder / "s3").mkdir()
    shutil.copy(ROOT / "tests/reference/naive/homework.py", folder / "s3")
    (folder / "s4.zip").write_bytes(b"no zip")
    file = folder / "=s2" / "two_layer_net.py"
    file.write_text("NOTE = '</code><script>alert(1)</script>'\n" + file.read_text())
    return folder


def test_the_list_the_page_and_the_table(submissions: Path, tmp_path: Path) -> None:
    """The same pair in all three; exit code 0, because it is no verdict."""
    out = tmp_path / "out"
    done = run(submissions, "--out", out)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(" 99 %  =s2  s1   ")
    assert "1 pair of 3 submissions to look at." in done.stdout
    assert "never a verdict" in done.stdout
    assert "s4 was not compared: " in done.stdout
    page = (out / "similar.html").read_text("utf-8")
    assert "<h2>=s2 and s1</h2>" in page
    assert "def forward(params, X):" in page
    with (out / "similar.csv").open(encoding="utf-8-sig", newline="") as file:
        header, row = csv.reader(file)
    assert header[:2] == ["one", "other"]
    assert row[:2] == ["'=s2", "s1"]


def test_the_class_page_of_a_results_folder_links_to_the_list(
    submissions: Path, tmp_path: Path
) -> None:
    """At once, unless a batch is at work there, which renders the page at its end."""
    filled(tmp_path, {"s1": 70}).__exit__(None, None, None)
    page = tmp_path / "class.html"
    page.write_text("earlier")
    with held(tmp_path):
        done = run(submissions, "--out", tmp_path)
    assert (done.exit_code, page.read_text("utf-8")) == (0, "earlier")
    done = run(submissions, "--out", tmp_path)
    assert done.stdout.endswith(f"\n{page}\n")
    assert '<a href="similar.html">1 pair to look at</a>' in page.read_text("utf-8")


def test_the_page_takes_nothing_for_markup_and_nothing_from_the_network(
    submissions: Path, tmp_path: Path
) -> None:
    """What students wrote stands there as text."""
    (submissions / "s1.zip").unlink()
    shutil.copytree(submissions / "=s2", submissions / "s5")
    assert run(submissions, "--out", tmp_path).exit_code == 0
    page = (tmp_path / "similar.html").read_text("utf-8")
    assert "&lt;/code&gt;&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert "default-src &#39;none&#39;" in page
    assert "http:" not in page
    assert "https:" not in page


def test_json_tells_shares_and_lines(submissions: Path, tmp_path: Path) -> None:
    """For programs: one line, nothing else on stdout."""
    done = run(submissions, "--out", tmp_path, "--json")
    told = json.loads(done.stdout)
    (pair,) = told["pairs"]
    assert (pair["one"], pair["other"], pair["shares"][0]) == ("=s2", "s1", 0.9963)
    assert pair["passages"][0]["file"] == "two_layer_net.py"
    assert [each["name"] for each in told["unread"]] == ["s4"]


def test_what_was_handed_out_is_nobodys(submissions: Path, tmp_path: Path) -> None:
    """A template of one's own, here the one's solution, takes all that the pair had."""
    given = SAMPLES["good"].write_folder(tmp_path / "given")
    done = run(submissions, "--out", tmp_path, "--template", given)
    assert "No two of 3 submissions are suspiciously alike." in done.stdout
    done = run(submissions, "--out", tmp_path, "--template", submissions / "s4.zip")
    assert done.exit_code == 2
    assert "cannot use the template" in done.stderr


def test_a_group_of_an_export_is_one(tmp_path: Path) -> None:
    """Its members are no pair; with somebody else who has the same, they are, and all are named."""
    place = tmp_path / "gradescope" / "assignment_4242_export"
    entries = ["---\n"]
    for key, who in (("submission_1", exports.COURSE[:2]), ("submission_2", exports.COURSE[2:3])):
        SAMPLES["good"].write_folder(place).rename(place / key)
        entries.append(exports.gradescope_entry(key, who, exports.DUE))
    (place / "submission_metadata.yml").write_text("".join(entries), encoding="utf-8")
    done = run(tmp_path / "gradescope", "--out", tmp_path / "out", "--json")
    told = json.loads(done.stdout)
    (pair,) = told["pairs"]
    assert (told["works"], pair["shares"]) == (2, [1.0, 1.0])
    assert {pair["one"], pair["other"]} == {"s1042, s1043", "s1044"}


def test_an_earlier_list_among_the_submissions_is_none(submissions: Path) -> None:
    """The same command twice, with its results in the same folder, says the same."""
    told = [run(submissions, "--out", submissions / "out", "--json").stdout for _ in range(2)]
    assert told[0] == told[1]
    assert json.loads(told[0])["works"] == 3
