"""What is read out of reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.intake.workspace import ReportText
from grader.written_report import Claim, Claims, read_claims

SNIPPETS: list[dict[str, Any]] = yaml.load(
    Path(__file__).with_name("snippets.yaml").read_text(encoding="utf-8"),
    # libyaml reads ten times as fast; not every build of PyYAML has it.
    Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader),
)


def claims_of(text: str) -> Claims:
    return read_claims(ReportText("report.md", text))


def all_readings(claims: Claims) -> dict[str, list[Any]]:
    """The readings of every claim, the likeliest first."""

    def values(claim: Claim[Any] | None) -> list[Any]:
        return [] if claim is None else [reading.value for reading in claim.readings()]

    rates = values(claims.learning_rate)
    return {
        "loss": values(claims.loss),
        "accuracy": [round(value, 6) for value in values(claims.accuracy)],
        "hidden": values(claims.hidden_size),
        "batch": values(claims.batch_size),
        "rate": [rate.rate for rate in rates if rate.rate is not None],
        "schedule": list(dict.fromkeys(r.schedule for r in rates if r.schedule is not None)),
    }


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: snippet["name"])
def test_a_report_is_read_as_its_author_meant_it(snippet: dict[str, Any]) -> None:
    """Each snippet's claims come out first, and nothing is claimed that it does not say."""
    found = all_readings(claims_of(snippet["text"]))
    for key, values in found.items():
        expected = snippet.get(key)
        if expected is None:
            assert values == [], f"{key}: not stated, but read as {values}"
            continue
        expected = expected if isinstance(expected, list) else [expected]
        assert values, f"{key}: stated, but not read"
        assert (
            values[0] == pytest.approx(expected[0]) if key == "rate" else values[0] == expected[0]
        )
        assert set(expected) <= set(values), key
        for wrong in snippet.get(f"not_{key}", []):
            assert wrong not in values, f"{key}: {wrong} is said to be something else"


def test_a_claim_says_where_it_stands() -> None:
    """Line and quote lead a person to the words; the resolution tells how exactly it was stated."""
    claims = claims_of("# Report\n\nSome words.\n\nThe test accuracy is 93.0 %.\n")
    assert claims.accuracy is not None
    assert claims.accuracy.line == 5
    assert claims.accuracy.quote == "The test accuracy is 93.0 %."
    assert claims.accuracy.resolution == pytest.approx(0.0005)


def test_front_matter_lines_are_counted_from_the_top_of_the_file() -> None:
    """The line of a front-matter claim is the line of its key, and prose counts on after it."""
    claims = claims_of("---\nloss: hinge\naccuracy: 0.93\n---\nWe use 16 hidden neurons.\n")
    assert claims.loss is not None
    assert claims.accuracy is not None
    assert claims.hidden_size is not None
    assert (claims.loss.line, claims.accuracy.line, claims.hidden_size.line) == (2, 3, 5)


def test_a_joined_line_is_found_where_it_began() -> None:
    """A sentence that a page broke over lines is quoted whole and placed at its first line."""
    claims = claims_of("Intro.\n\nThe hidden layer of our network\nconsists of\n16 neurons.\n")
    assert claims.hidden_size is not None
    assert claims.hidden_size.line == 3
    assert claims.hidden_size.quote == "The hidden layer of our network consists of 16 neurons."


@pytest.mark.parametrize(
    ("stated", "value", "resolution"),
    [
        ("93 %", 0.93, 0.005),
        ("93.4%", 0.934, 0.0005),
        ("0.93", 0.93, 0.005),
        ("0.9340", 0.934, 0.00005),
        ("93/100", 0.93, 0.0),
        ("93 ± 2 %", 0.93, 0.02),
    ],
)
def test_the_resolution_is_half_a_unit_of_the_last_digit(
    stated: str, value: float, resolution: float
) -> None:
    """A claim can be compared with a measurement no more exactly than it was stated."""
    claim = claims_of(f"Final test accuracy: {stated} (correct predictions)").accuracy
    assert claim is not None
    assert claim.value == pytest.approx(value)
    assert claim.resolution == pytest.approx(resolution)


def test_a_long_quote_is_cut_around_the_number() -> None:
    """A quote has at most 120 characters and the number is among them."""
    claim = claims_of("We " + "really " * 50 + "use 16 hidden neurons" + " indeed" * 20).hidden_size
    assert claim is not None
    assert len(claim.quote) <= 120
    assert "16 hidden neurons" in claim.quote


def test_control_characters_do_not_reach_a_quote() -> None:
    """What is quoted is safe to print on a terminal."""
    claim = claims_of("Test accuracy \x1b[31m is 93 %").accuracy
    assert claim is not None
    assert "\x1b" not in claim.quote


def test_an_alias_bomb_in_front_matter_is_not_expanded() -> None:
    """Nine lines of YAML that stand for a billion values are read as text, at once."""
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    claims = claims_of("\n".join(["---", *lines, "accuracy: 0.93", "---"]))
    assert claims.accuracy is not None
    assert claims.accuracy.value == 0.93


@pytest.mark.parametrize(("inputs", "classes", "text"), [(4, 3, "4-10-3"), (8, 4, "8 - 10 - 4")])
def test_figures_between_inputs_and_classes_are_the_hidden_size(
    inputs: int, classes: int, text: str
) -> None:
    """Layers as "8-10-4" are understood for the network that was asked for."""
    report = ReportText("report.md", f"The layers are {text}.")
    claim = read_claims(report, inputs=inputs, classes=classes).hidden_size
    assert claim is not None
    assert claim.value == 10


def test_full_batch_means_all_training_samples() -> None:
    """The number of samples comes from the assignment."""
    report = ReportText("report.md", "Full batch training.")
    claim = read_claims(report, samples=150).batch_size
    assert claim is not None
    assert claim.value == 150


def test_a_report_without_text_claims_nothing() -> None:
    """A scan is no report."""
    assert read_claims(ReportText("report.pdf", "", "the PDF holds no text")) == Claims()


FRAGMENTS = [
    *("accuracy", "test", "train", "hidden neurons", "batch size", "learning rate", "loss", "93 %"),
    *(
        "0.1",
        "1e-3",
        "16",
        "8-16-4",
        "93/100",
        "is",
        "of",
        ":",
        "=",
        "|",
        ",",
        ".",
        "\n",
        "\n\n",
        "#",
    ),
    *(
        "---",
        "- ",
        "tried",
        "chose",
        "respectively",
        "10^-2",
        "±",
        "准确率",
        "为",
        "<!--",
        "\\frac{1}{2}",
    ),
    *("log", "epoch 1", "every", "cosine", "decay", "one", "full batch", "%", "(", ")", "[", "0,1"),
]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=60).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_any_mixture_of_report_words_is_read(text: str) -> None:
    """No order of words crashes the reader, and what it claims is in range."""
    claims = claims_of(text)
    if claims.accuracy is not None:
        assert all(0 <= reading.value <= 1 for reading in claims.accuracy.readings())
        assert all(reading.resolution >= 0 for reading in claims.accuracy.readings())
    for size in (claims.hidden_size, claims.batch_size):
        if size is not None:
            assert all(reading.value >= 1 for reading in size.readings())
            assert all(len(reading.quote) <= 120 for reading in size.readings())
    if claims.learning_rate is not None:
        strategy = claims.learning_rate.value
        assert strategy.rate is not None or strategy.schedule is not None


@given(st.text(max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(text: str) -> None:
    """Nor does any other text."""
    claims_of(text)
    claims_of(f"---\n{text}\n---\n{text}")


@pytest.mark.parametrize(
    "piece",
    [
        "1,",
        "8-",
        "|a|",
        "accuracy 93 % ",
        "1 of 100 ",
        "<!--",
        "a:\n",
        "a; b\n",
        "[a](",
        "loss = - ",
        "hidden ",
    ],
)
@pytest.mark.slow
def test_a_report_of_200_kb_of_one_piece_is_read(piece: str) -> None:
    """No pattern goes exponential or quadratic: this ends, as each of these did not at first."""
    claims_of((piece * 200_000)[:200_000])


@pytest.mark.parametrize("piece", ["[", "{", "a: [", "- ", "? ", "&a ", "'"])
def test_front_matter_of_one_piece_is_read(piece: str) -> None:
    """Nor does YAML's parser: its time grows with the square of how deep brackets are nested."""
    claims_of("---\n" + (piece * 8_000)[:7_900] + "\n---\naccuracy: 93 %\n")


def test_front_matter_with_brackets_is_read() -> None:
    """Lists in an honest report's front matter are nothing to refuse."""
    claims = claims_of("---\nlearning rates: [0.1, 0.01]\naccuracy: 93 %\n---\n" + "[1] x\n" * 200)
    assert claims.accuracy is not None
    assert claims.accuracy.value == 0.93
