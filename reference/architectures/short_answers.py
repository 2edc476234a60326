"""Short questions about layers as in a written exam, with their answers.

Source: the worked examples of the course lectures "Convolutional layers" and "CNN architectures".
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from reference.architectures.layer_sums import (
    conv_output_shape,
    conv_parameters,
    pool_output_shape,
)
from reference.architectures.receptive_field import receptive_field

DOES_NOT_FIT = "does not fit"
Answer: TypeAlias = "int | tuple[int, int, int] | str"


@dataclass(frozen=True)
class Question:
    """One question.

    Args:
        id: what the answer is called
        text: the question
        answer: a whole number, a shape (height, width, channels), or "does not fit"
    """

    id: str
    text: str
    answer: Answer


def _conv(image: Sequence[int], filters: int, size: int, stride: int = 1, pad: int = 0) -> Answer:
    """The output's shape as lectures write it, for an image of (height, width, channels)."""
    height, width, channels = image
    try:
        F, OH, OW = conv_output_shape((channels, height, width), filters, (size, size), stride, pad)
    except ValueError:
        return DOES_NOT_FIT
    return OH, OW, F


def _pool(image: Sequence[int], size: int, stride: int) -> Answer:
    height, width, channels = image
    C, OH, OW = pool_output_shape((channels, height, width), (size, size), stride)
    return OH, OW, C


QUESTIONS: tuple[Question, ...] = (
    Question(
        "output_5x5",
        "An image of 32x32x3 meets 6 filters of 5x5 at stride 1, without padding. What is the "
        "shape of the output?",
        _conv((32, 32, 3), 6, 5),
    ),
    Question(
        "output_7_stride_3",
        "An image of 7x7x1 meets one filter of 3x3 at stride 3, without padding. What is the "
        "shape of the output?",
        _conv((7, 7, 1), 1, 3, 3),
    ),
    Question(
        "output_stride_2",
        "An image of 33x33x5 meets 10 filters of 3x3 at stride 2, without padding. What is the "
        "shape of the output?",
        _conv((33, 33, 5), 10, 3, 2),
    ),
    Question(
        "parameters_stride_2",
        "How many parameters does that layer have?",
        conv_parameters(5, 10, (3, 3)),
    ),
    Question(
        "output_alexnet",
        "An image of 227x227x3 meets 96 filters of 11x11 at stride 4, without padding. What is "
        "the shape of the output?",
        _conv((227, 227, 3), 96, 11, 4),
    ),
    Question(
        "parameters_alexnet",
        "How many parameters does that layer have?",
        conv_parameters(3, 96, (11, 11)),
    ),
    Question(
        "output_alexnet_224",
        "What would the shape of the output be for an image of 224x224x3?",
        _conv((224, 224, 3), 96, 11, 4),
    ),
    Question(
        "output_pool",
        "Max pooling with windows of 3x3 at stride 2 is applied to 55x55x96. What is the shape of "
        "the output?",
        _pool((55, 55, 96), 3, 2),
    ),
    Question(
        "parameters_pool",
        "How many parameters does that layer have?",
        0,
    ),
    Question(
        "pad_5x5",
        "With how many zeros on each side do filters of 5x5 at stride 1 keep the size of an image?",
        next(pad for pad in range(5) if _conv((32, 32, 3), 6, 5, 1, pad) == (32, 32, 6)),
    ),
    Question(
        "output_1x1",
        "An image of 56x56x64 meets 32 filters of 1x1 at stride 1, without padding. What is the "
        "shape of the output?",
        _conv((56, 56, 64), 32, 1),
    ),
    Question(
        "sees_3x3",
        "Three convolutions of 3x3 at stride 1 follow each other. How many pixels of the image, "
        "along one side, does one of the last outputs depend on?",
        receptive_field([(3, 1)] * 3),
    ),
)


def answers() -> dict[str, Answer]:
    """The answer to each question, by its id."""
    return {question.id: question.answer for question in QUESTIONS}


def stub() -> str:
    """What students fill in: the questions as a docstring."""
    lines = [
        "def answers():",
        '    """Answer short questions about layers; parameters are weights and biases.',
        "",
        "    Returns:",
        "        dict: question -> a whole number, a shape (height, width, channels), or the text",
        f'        "{DOES_NOT_FIT}".',
        "",
    ]
    for question in QUESTIONS:
        lines += textwrap.wrap(
            f"{question.id}: {question.text}",
            100,
            initial_indent=" " * 4,
            subsequent_indent=" " * 8,
        )
    return "\n".join([*lines, '    """', '    raise NotImplementedError("write answers")', ""])
