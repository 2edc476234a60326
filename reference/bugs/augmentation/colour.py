"""Colour jitter and AlexNet's colour augmentation as tables of formulas, and mistakes in them.

jitter: brightness, contrast, saturation, each clipped;  PCA colour: x + Σ_k a_k λ_k u_k
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature


def _each(factors: Any) -> Any:
    return factors.reshape(-1, 1, 1, 1)


def _grey(q: Sheet, x: Any) -> Any:
    return (q.weights.reshape(3, 1, 1) * x).sum(axis=1, keepdims=True)


JITTER_FORMULAS: Formulas = {
    "b": lambda q: _each(q.brightness),
    "c": lambda q: _each(q.contrast),
    "s": lambda q: _each(q.saturation),
    "weights": lambda _: np.array([0.299, 0.587, 0.114]),
    "clip": lambda _: lambda x: np.clip(x, 0, 1),
    "clips": lambda q: (q.clip, q.clip, q.clip),  # after each step
    # Each step as a function, so that a bug can change the order.
    "brighten": lambda q: lambda x: q.b * x,
    "middle": lambda q: lambda x: _grey(q, x).mean(axis=(1, 2, 3), keepdims=True),
    "stretch": lambda q: lambda x: q.middle(x) + q.c * (x - q.middle(x)),
    "saturate": lambda q: lambda x: _grey(q, x) + q.s * (x - _grey(q, x)),
    "order": lambda q: (q.brighten, q.stretch, q.saturate),
    "out": lambda q: _in_order(q, *q.order),
}


def _in_order(q: Sheet, *steps: Callable[[Any], Any]) -> Any:
    x = q.x
    for step, clip in zip(steps, q.clips, strict=True):
        x = clip(step(x))
    return x


def _jitter(x: Any, brightness: Any, contrast: Any, saturation: Any) -> dict[str, Any]:
    return {"x": x, "brightness": brightness, "contrast": contrast, "saturation": saturation}


COLOUR_JITTER = Family(
    "colour_jitter", JITTER_FORMULAS, {"colour_jitter": Signature(_jitter, lambda q: q.out)}
)

PCA_COLOUR_FORMULAS: Formulas = {
    "alphas": lambda q: q.given_alphas,
    "weights": lambda q: q.alphas * q.variances,
    "shift": lambda q: q.weights @ q.components.T,
    "out": lambda q: q.x + q.shift[:, :, np.newaxis, np.newaxis],
}


def _pca(x: Any, alphas: Any, components: Any, variances: Any) -> dict[str, Any]:
    return {"x": x, "given_alphas": alphas, "components": components, "variances": variances}


PCA_COLOUR = Family(
    "pca_colour", PCA_COLOUR_FORMULAS, {"pca_colour": Signature(_pca, lambda q: q.out)}
)

bug = bugs_of(COLOUR_JITTER)
pca_bug = bugs_of(PCA_COLOUR)


def _left(x: Any) -> Any:
    return x


COLOUR_JITTER_BUGS = (
    bug(
        "never_clipped",
        "values below 0 and above 1 are left; every step should clip them",
        "how bright can a pixel be?",
        clip=lambda _: _left,
    ),
    bug(
        "clipped_at_the_end_only",
        "values are clipped once, at the end; every step should do it, before the next one sees "
        "them",
        "what does the second step do with a value of 1.4?",
        clips=lambda q: (_left, _left, q.clip),
    ),
    bug(
        "not_clipped_at_the_end",
        "values are not clipped after the last step; every step should do it",
        "can saturation make a value larger than 1?",
        clips=lambda q: (q.clip, q.clip, _left),
    ),
    bug(
        "brightness_not_clipped",
        "values are not clipped after the brightness; every step should do it, before the next one "
        "sees them",
        "what is the mean of an image that is too bright?",
        clips=lambda q: (_left, q.clip, q.clip),
    ),
    bug(
        "contrast_not_clipped",
        "values are not clipped after the contrast; every step should do it, before the next one "
        "sees them",
        "what is the grey of a pixel that has a value below 0?",
        clips=lambda q: (q.clip, _left, q.clip),
    ),
    bug(
        "contrast_before_brightness",
        "contrast is changed before brightness; brightness comes first",
        "compare the order of the steps",
        order=lambda q: (q.stretch, q.brighten, q.saturate),
    ),
    bug(
        "saturation_before_contrast",
        "saturation is changed before contrast; it comes last",
        "compare the order of the steps",
        order=lambda q: (q.brighten, q.saturate, q.stretch),
    ),
    bug(
        "order_reversed",
        "the steps are in reverse order; brightness comes first and saturation last",
        "compare the order of the steps",
        order=lambda q: (q.saturate, q.stretch, q.brighten),
    ),
    bug(
        "no_brightness",
        "brightness is not changed; it is the first of three steps",
        "does your result depend on all factors?",
        b=lambda _: 1,
    ),
    bug(
        "no_contrast",
        "contrast is not changed; it is the second of three steps",
        "does your result depend on all factors?",
        c=lambda _: 1,
    ),
    bug(
        "no_saturation",
        "saturation is not changed; it is the last of three steps",
        "does your result depend on all factors?",
        s=lambda _: 1,
    ),
    bug(
        "brightness_added",
        "the brightness is added to the pixels; they should be multiplied by it",
        "which factor should change nothing?",
        brighten=lambda q: lambda x: x + q.b,
    ),
    bug(
        "contrast_around_half",
        "contrast is changed around a grey of 0.5; it should be around the image's own mean",
        "what should become of an image of one colour?",
        middle=lambda _: lambda _x: 0.5,
    ),
    bug(
        "contrast_around_zero",
        "contrast multiplies the pixels as brightness does; it should change their distance from "
        "the image's mean",
        "what should become of an image of one colour?",
        middle=lambda _: lambda _x: 0,
    ),
    bug(
        "contrast_of_each_channel",
        "contrast is changed around the mean of each channel; it should be around that of the "
        "image's grey",
        "how many means has an image here?",
        middle=lambda _: lambda x: x.mean(axis=(2, 3), keepdims=True),
    ),
    bug(
        "contrast_of_the_batch",
        "contrast is changed around the mean of all images; each has its own",
        "over which axes is the mean?",
        middle=lambda q: lambda x: _grey(q, x).mean(),
    ),
    bug(
        "contrast_weights_exchanged",
        "the mean is multiplied by the contrast and the pixels by the rest; it should be the other "
        "way round",
        "which factor should change nothing?",
        stretch=lambda q: lambda x: q.c * q.middle(x) + (1 - q.c) * x,
    ),
    bug(
        "saturation_weights_exchanged",
        "grey is multiplied by the saturation and the colours by the rest; it should be the other "
        "way round",
        "which factor should leave only grey?",
        saturate=lambda q: lambda x: q.s * _grey(q, x) + (1 - q.s) * x,
    ),
    bug(
        "plain_mean_as_grey",
        "grey is the plain mean of the three channels; it should be weighted",
        "the eye is not equally sensitive to all colours",
        weights=lambda _: np.full(3, 1 / 3),
    ),
    bug(
        "grey_of_blue_green_red",
        "the weights of red and blue are exchanged in grey; the channels are red, green, blue",
        "to which colour is the eye least sensitive?",
        weights=lambda _: np.array([0.114, 0.587, 0.299]),
    ),
    bug(
        "first_factors_for_all",
        "all images are changed by the factors of the first one; each has its own",
        "how many factors of each kind are there?",
        b=lambda q: q.brightness[0],
        c=lambda q: q.contrast[0],
        s=lambda q: q.saturation[0],
    ),
)

PCA_COLOUR_BUGS = (
    pca_bug(
        "components_in_rows",
        "the rows of the components are added up; the eigenvectors are the columns",
        "look up how the eigenvectors are laid out",
        shift=lambda q: q.weights @ q.components,
    ),
    pca_bug(
        "no_eigenvalues",
        "the eigenvalues are missing; each random number should be multiplied by its own",
        "in which direction do colours vary most?",
        weights=lambda q: q.alphas,
    ),
    pca_bug(
        "root_of_eigenvalues",
        "the random numbers are multiplied by the roots of the eigenvalues; the paper takes the "
        "eigenvalues themselves",
        "compare with the formula",
        weights=lambda q: q.alphas * np.sqrt(q.variances),
    ),
    pca_bug(
        "no_components",
        "random numbers times eigenvalues are added to red, green and blue; they belong to the "
        "directions of the eigenvectors",
        "which colour has the first eigenvector?",
        shift=lambda q: q.weights,
    ),
    pca_bug(
        "multiplied",
        "the pixels are multiplied by one plus the shift; it should be added",
        "what should a black pixel become?",
        out=lambda q: q.x * (1 + q.shift[:, :, np.newaxis, np.newaxis]),
    ),
    pca_bug(
        "subtracted",
        "the shift is subtracted; it should be added",
        "compare the sign with the formula",
        out=lambda q: q.x - q.shift[:, :, np.newaxis, np.newaxis],
    ),
    pca_bug(
        "first_image_for_all",
        "all images are shifted by the random numbers of the first; each has its own",
        "how many rows have the alphas?",
        alphas=lambda q: np.repeat(q.given_alphas[:1], len(q.x), axis=0),
    ),
    pca_bug(
        "one_shift_for_all_channels",
        "the same number is added to all three channels; a colour has three",
        "how many entries has an eigenvector?",
        shift=lambda q: np.repeat((q.weights @ q.components.T).sum(1, keepdims=True), 3, axis=1),
    ),
    pca_bug(
        "clipped",
        "the result is clipped to 0..1; here nothing is clipped",
        "compare with the formula",
        out=lambda q: np.clip(q.x + q.shift[:, :, np.newaxis, np.newaxis], 0, 1),
    ),
)
