"""Mixup as a table of formulas, and mistakes in it.

x_mixed = λ x + (1 - λ) x[permutation];  y_mixed likewise
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Signature

MIXUP_FORMULAS: Formulas = {
    "own": lambda q: q.lam,
    "others": lambda q: 1 - q.own,
    "partner": lambda q: q.permutation,
    "own_label": lambda q: q.own,
    "others_label": lambda q: q.others,
    "label_partner": lambda q: q.partner,
    "x_mixed": lambda q: q.own * q.x + q.others * q.x[q.partner],
    "y_mixed": lambda q: q.own_label * q.y + q.others_label * q.y[q.label_partner],
}


def _given(x: Any, y: Any, lam: float, permutation: Any) -> dict[str, Any]:
    return {"x": x, "y": y, "lam": lam, "permutation": permutation}


MIXUP = Family(
    "mixup", MIXUP_FORMULAS, {"mixup": Signature(_given, lambda q: (q.x_mixed, q.y_mixed))}
)

bug = bugs_of(MIXUP)

MIXUP_BUGS = (
    bug(
        "labels_not_mixed",
        "the labels are left as they are; they should be blended like the images",
        "what is the label of an image that is half cat and half dog?",
        y_mixed=lambda q: q.y,
    ),
    bug(
        "images_not_mixed",
        "the images are left as they are; they should be blended like the labels",
        "does your image depend on its partner?",
        x_mixed=lambda q: q.x,
    ),
    bug(
        "label_of_the_larger_share",
        "the label is that of the image with the larger share; it should be blended like the "
        "images",
        "what is the label of an image that is half cat and half dog?",
        y_mixed=lambda q: q.y if q.lam >= 0.5 else q.y[q.partner],
    ),
    bug(
        "label_of_the_partner",
        "the label is that of the partner alone; it should be blended like the images",
        "what is the label of an image that is half cat and half dog?",
        y_mixed=lambda q: q.y[q.partner],
    ),
    bug(
        "shares_exchanged",
        "the partner has the share lam, in images and labels; it should be the sample itself",
        "what should lam = 1 give?",
        own=lambda q: 1 - q.lam,
    ),
    bug(
        "shares_exchanged_in_labels",
        "the shares are exchanged in the labels; they should be those of the images",
        "what should lam = 1 give?",
        own_label=lambda q: 1 - q.lam,
        others_label=lambda q: q.lam,
    ),
    bug(
        "shares_exchanged_in_images",
        "the shares are exchanged in the images; they should be those of the labels",
        "what should lam = 1 give?",
        x_mixed=lambda q: (1 - q.lam) * q.x + q.lam * q.x[q.partner],
    ),
    bug(
        "half_and_half",
        "both have a share of one half; the sample's own should be lam",
        "does your result depend on lam?",
        own=lambda _: 0.5,
    ),
    bug(
        "shares_do_not_sum_to_one",
        "both have the share lam; the partner's should be the rest",
        "what is the sum of a blended label?",
        others=lambda q: q.lam,
    ),
    bug(
        "added_to_the_whole",
        "the partner's share is added to the whole sample; the sample has only the share lam",
        "what is the sum of a blended label?",
        own=lambda _: 1,
        others=lambda q: 1 - q.lam,
    ),
    bug(
        "partner_in_reverse_order",
        "the partners are the samples in reverse order; the permutation says who they are",
        "does your result depend on the permutation?",
        partner=lambda q: np.arange(len(q.x))[::-1],
    ),
    bug(
        "partner_is_the_next_one",
        "the partner is the sample before or after; the permutation says who it is",
        "does your result depend on the permutation?",
        partner=lambda q: np.roll(np.arange(len(q.x)), 1),
    ),
    bug(
        "permutation_inverted",
        "the permutation is used the wrong way round, as where each sample goes; it says who the "
        "partner of each sample is",
        "who is the partner of the first sample?",
        partner=lambda q: np.argsort(q.permutation),
    ),
    bug(
        "labels_of_other_partners",
        "images and labels are blended with different partners; they belong together",
        "is the same permutation used for both?",
        label_partner=lambda q: np.arange(len(q.x))[::-1],
    ),
)
