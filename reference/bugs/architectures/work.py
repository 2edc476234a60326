"""Mistakes in the number of multiply-adds of a layer."""

from __future__ import annotations

from reference.bugs.architectures.layer_sums import FORMULAS, LAYER_SUMS
from reference.bugs.bug import bugs_of

bug = bugs_of(LAYER_SUMS, "conv_multiply_adds")

WORK_BUGS = (
    # ------------------------------------------------------------------------------- multiply-adds
    bug(
        "at_every_pixel",
        "the filters are counted at every pixel of the image; they are used once a window",
        "how many values does each filter make?",
        places=lambda q: q.H * q.W,
    ),
    bug(
        "used_once",
        "every weight is counted once; it is used in every window",
        "how many values does each filter make?",
        places=lambda _: 1,
    ),
    bug(
        "work_without_channels",
        "the products over a single channel are counted; a window has all of them",
        "how many products are added up for one output value?",
        multiply_adds=lambda q: q.KH * q.KW * q.F * q.places,
    ),
    bug(
        "work_of_one_filter",
        "the work of one filter is counted; all of them are used in every window",
        "how many values are made in all?",
        multiply_adds=lambda q: q.C * q.KH * q.KW * q.places,
    ),
    bug(
        "biases_counted",
        "the biases are counted; only products are, each with its addition",
        "what does a bias multiply?",
        multiply_adds=lambda q: (q.C * q.KH * q.KW + 1) * q.F * q.places,
    ),
    bug(
        "two_operations",
        "multiplications and additions are counted apart; a pair of them counts once here",
        "is a multiply-add one operation or two?",
        multiply_adds=lambda q: 2 * FORMULAS["multiply_adds"](q),
    ),
)
