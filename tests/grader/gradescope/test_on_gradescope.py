"""An autograder.zip as Gradescope builds and runs it: as root, in a container of its own.

setup.sh runs with the real apt-get and pip; fixtures/gradescope_container.py says what the
container is made of. Half a core and 768 MB are what Gradescope gives by default.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.gradescope_container import Image, Impossible, Run
from fixtures.gradescope_contract import faults, is_without_score
from fixtures.samples import load_samples
from grader.gradescope.build import build_autograder

pytestmark = pytest.mark.slow

SAMPLES = load_samples()
GOOD = SAMPLES["good"].files
METADATA = '{"id": 7, "created_at": "2026-11-20T12:00:00.000000Z", "previous_submissions": []}'
LIKE_DOCKER = ("--docker", "--no-namespaces")


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    """hw3's autograder, with short limits, set up; kept for all tests."""
    folder = tmp_path_factory.mktemp("gradescope")
    text = (Path(__file__).parents[3] / "grader/assignments/hw3.yaml").read_text("utf-8")
    short = text.replace("call_cpu_seconds: 10", "call_cpu_seconds: 1")
    assert short != text
    (folder / "assignment.yaml").write_text(short, encoding="utf-8")
    made = build_autograder(folder / "autograder.zip", folder, seed="gradescope")
    (folder / "mount").mkdir()
    try:
        image = Image(folder / "mount")
    except Impossible as error:
        pytest.skip(f"NOT TESTED on Gradescope's container: {error}")
    with image:
        done = image.set_up(made.path.read_bytes())
        assert done.code == 0, done.output
        assert "hw3: Two-layer network in NumPy, ready to mark" in done.output
        yield image


def document(run: Run) -> dict:
    assert faults(run.results) == [], run.output
    assert run.code == 0
    return json.loads(run.results)


def test_a_submission_is_marked_as_root_behind_a_wall_that_holds(image: Image) -> None:
    """Half a core, 768 MB: all that is right and wrong with it, no student code run as root."""
    try:
        run = image.grade(SAMPLES["two_bugs"].files, metadata=METADATA, memory_mb=768)
    except Impossible as error:
        pytest.skip(f"NOT TESTED with Gradescope's memory and CPU: {error}")
    marked = document(run)
    assert marked["score"] == 94
    assert marked["extra_data"]["wall"] in {"full", "kernel"}, "both run it as an unused user"
    assert marked["extra_data"]["submitted_at"] == "2026-11-20T12:00:00+00:00"
    assert "the loss adds reg" in run.results
    assert "want" not in run.results
    assert run.most_mb < 400, "of 768"


def test_without_bubblewrap_and_namespaces_the_kernels_own_wall_marks(image: Image) -> None:
    """As Docker leaves root: no SYS_ADMIN, no namespaces."""
    run = image.grade(GOOD, metadata=METADATA, without=["usr/bin/bwrap"], lesser=LIKE_DOCKER)
    marked = document(run)
    assert marked["score"] == 100
    assert marked["extra_data"]["wall"] == "kernel"


def test_where_no_wall_holds_there_is_no_score(image: Image) -> None:
    """A kernel without Landlock: staff are told what to do, and students that it is not them."""
    run = image.grade(GOOD, lesser=(*LIKE_DOCKER, "--no-landlock"))
    assert run.code == 3
    assert is_without_score(run.results)
    assert "cannot wall student code off" in run.output


def test_even_without_a_wall_the_autograders_own_files_are_closed(image: Image) -> None:
    """With --insecure, where no wall holds: another user's code reads what all may, no more."""
    curious = (
        "\n\nimport glob\n\n\ndef avg_pool_forward(*_):\n    opened = []\n"
        "    (packages,) = glob.glob('/opt/goldgrad/lib/python3*/site-packages')\n"
        "    source = '/autograder/source/'\n"
        "    files = [packages + '/reference/oracle.py', source + 'hidden.npz']\n"
        "    files += [source + 'settings.json', '/autograder/submission_metadata.json']\n"
        "    for path in [*files, '/etc/passwd']:\n        try:\n"
        "            open(path, 'rb').close()\n            opened.append(path)\n"
        "        except OSError:\n            pass\n"
        "    for path in ['/autograder/results/results.json', '/autograder/run_autograder']:\n"
        "        try:\n            open(path, 'ab').close()\n            opened.append(path)\n"
        "        except OSError:\n            pass\n"
        "    raise ValueError(f'opened {opened}')\n"
    )
    run = image.grade(
        {**GOOD, "layers.py": GOOD["layers.py"] + curious.encode()},
        metadata=METADATA,
        lesser=(*LIKE_DOCKER, "--no-landlock"),
        edits={
            "autograder/source/settings.json": (b'"insecure": false', b'"insecure": true'),
            "autograder/source/assignment.yaml": (b"functools,", b"functools, glob,"),
        },
    )
    assert document(run)["extra_data"]["wall"] == "basic"
    assert "opened ['/etc/passwd']" in " ".join(run.output.split()), run.output


def test_what_needs_all_memory_and_what_never_ends_cost_their_own_checks(image: Image) -> None:
    """The container lives, all else is marked, and the student reads how much there was."""
    greedy = "\n\ndef conv_forward(*_):\n    return [np.ones(2**27) for _ in range(99)]\n"
    endless = "\n\ndef avg_pool_forward(*_):\n    while True:\n        pass\n"
    files = {**GOOD, "layers.py": GOOD["layers.py"] + greedy.encode() + endless.encode()}
    run = image.grade(files, memory_mb=768)
    marked = document(run)
    assert "it needs more than 512 MB of memory" in run.results
    assert "code may use 512 MB of memory here" in marked["output"]
    assert "in avg_pool_forward() (limit 1 s)" in run.results
    # Of 32: the convolution's four, and the averages' four.
    assert sum(test["status"] == "passed" for test in marked["tests"]) == 24


def test_when_the_grader_itself_is_stopped_an_answer_is_left(image: Image) -> None:
    """Past its time, or killed: what stood there from the start, and no score."""
    soon = {"autograder/run_autograder": (b"--kill-after=5 580", b"--kill-after=5 0.2")}
    run = image.grade(GOOD, edits=soon)
    assert run.code == 124
    assert is_without_score(run.results)
    assert "was stopped after 580 s" in run.output


def test_what_is_torn_or_empty_gets_its_zero(image: Image) -> None:
    """The reason is the student's to read; the score is the submission's own."""
    for files, words in (({"hw.zip": b"PK\x03\x04"}, "cut off"), ({}, "no Python file")):
        marked = document(image.grade(files))
        assert marked["score"] == 0
        assert words in marked["output"]
