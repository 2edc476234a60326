"""grader/cli/shapes.py: the lecture's table, the list, and what cannot be shown."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from grader.cli.group import grade


def run(*args: str, columns: int = 100) -> Result:
    return CliRunner(env={"COLUMNS": str(columns)}).invoke(grade, ["shapes", *args])


def test_the_lecture_s_table() -> None:
    """VGG-16's rows as on the slide, where the terminal is wide enough."""
    lines = run("vgg16").stdout.splitlines()
    squeezed = [" ".join(line.split()) for line in lines]
    for row in (
        "INPUT: [224x224x3] memory: 224*224*3=150K weights: 0",
        "CONV3-64: [224x224x64] memory: 224*224*64=3.2M weights: (3*3*3)*64 = 1,728",
        "POOL2: [7x7x512] memory: 7*7*512=25K weights: 0",
        "FC: [1x1x4096] memory: 4096 weights: 7*7*512*4096 = 102,760,448",
    ):
        assert row in squeezed
    assert any(line.startswith("TOTAL memory: 15.2M * 4 bytes ~= 61MB / image") for line in lines)
    assert any(line.startswith("TOTAL params: 138M parameters") for line in lines)


@pytest.mark.parametrize("name", ["vgg-d", "VGG16", "vgg-16", "Vgg_16", "vgg 16"])
def test_names_are_taken_as_people_write_them(name: str) -> None:
    """Case, hyphens and blanks do not matter; a configuration has its depth as a second name."""
    assert json.loads(run(name, "--json").stdout)["name"] == "vgg-d"


def test_without_a_name_all_networks_are_listed() -> None:
    """A line each, with its totals."""
    assert "vgg-d         224x224x3  138,357,544          15.5G    61MB" in run().stdout
    told = json.loads(run("--json").stdout)
    assert {"lenet5", "alexnet", "zfnet", "googlenet", "resnet-152", "mobilenet"} <= {
        each["name"] for each in told
    }


def test_json_tells_every_layer() -> None:
    """Blocks with the layers inside them, memory for the batch that was asked for."""
    told = json.loads(run("resnet-18", "--json", "--batch", "3", "--bytes", "8").stdout)
    assert told["memory_bytes"] == 24 * told["values"]
    assert sum(layer["parameters"] for layer in told["layers"]) == told["parameters"] == 11_689_512
    (block,) = (layer for layer in told["layers"] if layer["label"] == "BLOCK 3_1")
    assert [inner["label"] for inner in block["inside"]] == [
        "CONV3-128/2",
        "CONV3-128",
        "CONV1-128/2",
    ]
    assert block["output"] == [28, 28, 128]


def test_what_is_inside_blocks_is_shown_on_demand() -> None:
    """One line a module, or all its layers."""
    assert "CONV5-32" not in run("googlenet").stdout
    assert "\n  CONV5-32 " in run("googlenet", "--all", columns=80).stdout


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["vgg17"], "did you mean vgg19"),
        (["qqq"], "`grade shapes` lists all"),
        (["alexnet", "--input", "224x224x3"], "CONV11-96/4: a window of 11 with stride 4 does not"),
        (["alexnet", "--input", "224"], "write height, width and channels as 224x224x3"),
        (["alexnet", "--input", "0x224x3"], "write height, width and channels"),
        (["--input", "224x224x3"], "--input needs a NETWORK"),
        (["vgg16", "--batch", "0"], "--batch"),
    ],
)
def test_what_cannot_be_shown(args: list[str], told: str) -> None:
    """Exit code 2, and what to do."""
    done = run(*args)
    assert done.exit_code == 2
    assert told in done.stderr


def test_in_a_student_kit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the solution there is no table, and the message says so."""
    monkeypatch.setattr("grader.cli.shapes.find_oracle", lambda: None)
    done = run("vgg16")
    assert done.exit_code == 2
    assert "not installed here" in done.stderr
