"""Fixed kernels: their formulas, and mistakes in them."""

from __future__ import annotations

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Signature

# ---------------------------------------------------------------------------------------- blur
BOX = Family(
    "box_kernel",
    {
        "rows": lambda q: q.size,
        "divisor": lambda q: q.size**2,
        "kernel": lambda q: np.ones((q.rows, q.rows)) / q.divisor,
    },
    {"box_kernel": Signature(lambda size: {"size": size}, lambda q: q.kernel)},
)
bug = bugs_of(BOX)

BOX_BUGS = (
    bug(
        "not_normalised",
        "the weights are 1, so the image becomes brighter; they should add up to 1",
        "what should come out where all pixels are equal?",
        divisor=lambda _: 1,
    ),
    bug(
        "divided_by_size",
        "the weights are divided by the number of rows; they should be by the number of pixels",
        "what should the weights add up to?",
        divisor=lambda q: q.size,
    ),
    bug(
        "always_divided_by_nine",
        "the weights are 1/9 whatever the size is; they should add up to 1",
        "how many pixels does the window have?",
        divisor=lambda _: 9,
    ),
    bug(
        "always_three_by_three",
        "the kernel is 3 by 3 whatever the size is",
        "where does your code use size?",
        rows=lambda _: 3,
        divisor=lambda _: 9,
    ),
    bug(
        "a_single_row",
        "the kernel is a single row; it should have as many rows as columns",
        "which shape does the window have?",
        kernel=lambda q: np.ones((1, q.size)) / q.size,
    ),
)

# ------------------------------------------------------------------------------- Gaussian blur
GAUSSIAN = Family(
    "gaussian_kernel",
    {
        "middle": lambda q: (q.size - 1) / 2,
        "places": lambda q: np.arange(q.size) - q.middle,
        "distance": lambda q: q.places[:, np.newaxis] ** 2 + q.places**2,
        "exponent": lambda q: -q.distance / (2 * q.sigma**2),
        "weights": lambda q: np.exp(q.exponent),
        "norm": lambda q: q.weights.sum(),
        "kernel": lambda q: q.weights / q.norm,
    },
    {
        "gaussian_kernel": Signature(
            lambda size, sigma: {"size": size, "sigma": sigma}, lambda q: q.kernel
        )
    },
)
bug = bugs_of(GAUSSIAN)

GAUSSIAN_BUGS = (
    bug(
        "not_normalised",
        "the weights are not divided by their sum; they should add up to 1",
        "what should come out where all pixels are equal?",
        norm=lambda _: 1,
    ),
    bug(
        "normalised_by_density",
        "the weights are divided by 2π sigma², which makes the integral 1; their sum should be 1",
        "add up the weights",
        norm=lambda q: 2 * np.pi * q.sigma**2,
    ),
    bug(
        "normalised_by_one_dimension",
        "the weights are divided by the square root of 2π times sigma, as a density of one "
        "variable is; their sum should be 1",
        "add up the weights",
        norm=lambda q: np.sqrt(2 * np.pi) * q.sigma,
    ),
    bug(
        "normalised_by_maximum",
        "the weights are divided by the largest one; their sum should be 1",
        "add up the weights",
        norm=lambda q: q.weights.max(),
    ),
    bug(
        "normalised_by_rows",
        "each row is divided by its own sum; all weights together should add up to 1",
        "over which axes is the sum?",
        norm=lambda q: q.weights.sum(axis=1, keepdims=True),
    ),
    bug(
        "sigma_not_squared",
        "the squared distance is divided by 2 sigma; it should be by 2 sigma²",
        "which unit does the exponent have?",
        exponent=lambda q: -q.distance / (2 * q.sigma),
    ),
    bug(
        "factor_two_missing",
        "the squared distance is divided by sigma²; it should be by 2 sigma²",
        "which weight is one sigma away from the middle, against the middle's?",
        exponent=lambda q: -q.distance / q.sigma**2,
    ),
    bug(
        "sigma_ignored",
        "sigma is taken as 1",
        "where does your code use sigma?",
        exponent=lambda q: -q.distance / 2,
    ),
    bug(
        "distance_not_squared",
        "the exponent has the distance from the middle; it should have its square",
        "by how much do the weights fall next to the middle?",
        exponent=lambda q: -np.sqrt(q.distance) / (2 * q.sigma**2),
    ),
    bug(
        "exponent_positive",
        "the weights grow with the distance: the exponent should be negative",
        "which weight should be the largest?",
        exponent=lambda q: q.distance / (2 * q.sigma**2),
    ),
    bug(
        "middle_of_even_size",
        "the middle is at size / 2 rounded down, so that a kernel of even size is lopsided; it is "
        "at (size - 1) / 2",
        "where is the middle of 0, 1, 2, 3?",
        middle=lambda q: q.size // 2,
    ),
    bug(
        "middle_at_corner",
        "distances are counted from the top left corner; they should be from the middle",
        "which weight should be the largest?",
        middle=lambda _: 0,
    ),
    bug(
        "a_single_row",
        "the kernel is a single row; it should have as many rows as columns",
        "which shape does the window have?",
        distance=lambda q: q.places[np.newaxis] ** 2,
    ),
)

# ------------------------------------------------------------------------- sharpen, and edges
_FOUR = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
_EIGHT = np.array([[1.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
_MIDDLE = np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])

SHARPEN = Family(
    "sharpen_kernel",
    {
        "middle": lambda _: 5,
        "around": lambda _: -_FOUR,
        "kernel": lambda q: q.middle * _MIDDLE + q.around,
    },
    {"sharpen_kernel": Signature(dict, lambda q: q.kernel)},
)
bug = bugs_of(SHARPEN)

SHARPEN_BUGS = (
    bug(
        "image_not_kept",
        "the middle is 4, so the weights add up to 0 and only the edges are left; they should add "
        "up to 1",
        "what should come out where all pixels are equal?",
        middle=lambda _: 4,
    ),
    bug(
        "blurs",
        "the neighbours are added, which blurs; they should be subtracted",
        "what should become of a pixel that is brighter than its neighbours?",
        around=lambda _: _FOUR,
    ),
    bug(
        "eight_neighbours",
        "the four pixels at the corners are subtracted, too, with 9 in the middle; this kernel has "
        "four neighbours",
        "which neighbours does the kernel subtract?",
        middle=lambda _: 9,
        around=lambda _: -_EIGHT,
    ),
    bug(
        "corners_subtracted",
        "the four pixels at the corners are subtracted, too, so the weights no longer add up to 1",
        "which neighbours does the kernel subtract?",
        around=lambda _: -_EIGHT,
    ),
    bug(
        "signs_exchanged",
        "all signs are exchanged: the middle should be positive and its neighbours negative",
        "what should come out where all pixels are equal?",
        middle=lambda _: -5,
        around=lambda _: _FOUR,
    ),
)

EDGE = Family(
    "edge_kernel",
    {
        "middle": lambda _: 8,
        "around": lambda _: -_EIGHT,
        "kernel": lambda q: q.middle * _MIDDLE + q.around,
    },
    {"edge_kernel": Signature(dict, lambda q: q.kernel)},
)
bug = bugs_of(EDGE)

EDGE_BUGS = (
    bug(
        "sharpens",
        "the middle is 9, so the image is kept and sharpened; the weights should add up to 0",
        "what should come out where all pixels are equal?",
        middle=lambda _: 9,
    ),
    bug(
        "four_neighbours",
        "only the four neighbours beside the pixel are subtracted; this kernel has eight",
        "which neighbours does the kernel subtract?",
        middle=lambda _: 4,
        around=lambda _: -_FOUR,
    ),
    bug(
        "corners_forgotten",
        "the pixels at the corners are not subtracted, so the weights no longer add up to 0",
        "what should come out where all pixels are equal?",
        around=lambda _: -_FOUR,
    ),
    bug(
        "signs_exchanged",
        "all signs are exchanged: the middle should be positive and its neighbours negative",
        "is a bright point on black to come out bright?",
        middle=lambda _: -8,
        around=lambda _: _EIGHT,
    ),
    bug(
        "middle_one",
        "the middle is 1; it should outweigh all eight neighbours",
        "what should come out where all pixels are equal?",
        middle=lambda _: 1,
    ),
)
