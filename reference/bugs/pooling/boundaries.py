"""The boundaries of fractional max pooling: their formula, and mistakes in it.

boundary[i] = ceil(alpha * (i + u)) - ceil(alpha * u), alpha = size / regions
"""

from __future__ import annotations

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Signature

BOUNDARIES = Family(
    "fractional_boundaries",
    {
        "count": lambda q: q.regions + 1,
        "alpha": lambda q: q.size / q.regions,
        "places": lambda q: q.alpha * (np.arange(q.count) + q.u),
        "ends": lambda q: np.ceil(q.places),
        "boundaries": lambda q: q.ends - q.ends[0],
    },
    {
        "fractional_boundaries": Signature(
            lambda size, regions, u: {"size": size, "regions": regions, "u": u},
            lambda q: q.boundaries,
        )
    },
)
bug = bugs_of(BOUNDARIES)

FRACTIONAL_BOUNDARIES_BUGS = (
    bug(
        "does_not_begin_with_zero",
        "the first boundary is not 0: what the sequence begins with should be subtracted from all "
        "of it",
        "where does the first region begin?",
        boundaries=lambda q: q.ends,
    ),
    bug(
        "u_ignored",
        "u has no effect, so the regions are the same each time: it is not used, or subtracted "
        "again before rounding up",
        "which comes first, ceil or the difference?",
        places=lambda q: q.alpha * np.arange(q.count),
    ),
    bug(
        "u_not_scaled",
        "u is added after the multiplication by size / regions; it should be added before",
        "what stands in the bracket?",
        places=lambda q: q.alpha * np.arange(q.count) + q.u,
    ),
    bug(
        "factor_rounded_down",
        "size / regions is rounded down to a whole number, so all regions have that size",
        "what is 7 // 4, and what is 7 / 4?",
        alpha=lambda q: q.size // q.regions,
    ),
    bug(
        "divided_by_boundaries",
        "size is divided by the number of boundaries; there is one region less",
        "how many regions do three boundaries make?",
        alpha=lambda q: q.size / q.count,
    ),
    bug(
        "last_boundary_missing",
        "the last boundary is missing: there is one more than there are regions",
        "where does the last region end?",
        count=lambda q: q.regions,
    ),
    bug(
        "not_rounded",
        "boundaries are no whole numbers; each should be rounded up",
        "between which pixels does a region end?",
        ends=lambda q: q.places,
    ),
    bug(
        "steps",
        "the sizes of the regions are returned; it should be where they begin and end",
        "how do boundaries follow from sizes?",
        boundaries=lambda q: np.diff(q.ends),
    ),
)
