"""Step on plateau as a table of formulas, and the mistakes in it."""

from __future__ import annotations

from typing import Any

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature


def _drops(q: Sheet) -> int:
    """How often the rate falls."""
    drops, waited, mark = 0, 0, q.worst
    for loss in q.losses:
        if q.better(loss, mark):
            mark, waited = loss, q.waited_after_progress(waited)
        else:
            waited += 1
            mark = q.mark_without_progress(loss, mark)
        if waited >= q.wait:
            drops, waited = drops + 1, q.waited_after_drop
            mark = q.mark_after_drop(mark)
    return int(q.counted(drops, waited))


FORMULAS: Formulas = {
    "worst": lambda _: float("inf"),
    "better": lambda _: lambda loss, mark: loss < mark,
    "wait": lambda q: q.patience,
    "waited_after_progress": lambda _: lambda _: 0,
    "waited_after_drop": lambda _: 0,
    "mark_without_progress": lambda _: lambda _, mark: mark,
    "mark_after_drop": lambda _: lambda mark: mark,
    "counted": lambda _: lambda drops, _: drops,
    "drops": _drops,
    "share": lambda q: q.factor**q.drops,
    "rate_now": lambda q: q.rate * q.share,
}


def _given(rate: float, losses: Any, factor: float, patience: int) -> dict[str, Any]:
    return {"rate": rate, "losses": losses, "factor": factor, "patience": patience}


PLATEAU = Family(
    "plateau_decay", FORMULAS, {"plateau_decay": Signature(_given, lambda q: q.rate_now)}
)

bug = bugs_of(PLATEAU)

PLATEAU_BUGS = (
    bug(
        "constant",
        "the rate never changes; it should fall at the end of each plateau",
        "where does your code use the losses?",
        share=lambda _: 1,
    ),
    bug(
        "one_epoch_more",
        "the rate falls one epoch too late: only after more epochs than patience says",
        "how many epochs without progress does the docstring ask for?",
        wait=lambda q: q.patience + 1,
    ),
    bug(
        "one_epoch_less",
        "the rate falls one epoch too early, before the epochs without progress are as many as "
        "patience says",
        "how many epochs without progress does the docstring ask for?",
        wait=lambda q: max(q.patience - 1, 1),
    ),
    bug(
        "no_patience",
        "the rate falls after every epoch without progress; it should wait as long as patience "
        "says",
        "where does your code use patience?",
        wait=lambda _: 1,
    ),
    bug(
        "compared_with_last",
        "each loss is compared with the one before; it should be with the lowest so far",
        "is a loss that falls after it rose progress?",
        mark_without_progress=lambda _: lambda loss, _: loss,
    ),
    bug(
        "equal_is_progress",
        "a loss that only equals the lowest one counts as progress; it should be lower",
        "is a constant loss a plateau?",
        better=lambda _: lambda loss, mark: loss <= mark,
    ),
    bug(
        "highest_wanted",
        "a new highest loss counts as progress; it should be a new lowest one",
        "should a loss rise or fall?",
        worst=lambda _: float("-inf"),
        better=lambda _: lambda loss, mark: loss > mark,
    ),
    bug(
        "progress_does_not_reset",
        "epochs without progress are counted on after progress was made; they must follow one "
        "another",
        "what happens to your counter when a loss is the lowest so far?",
        waited_after_progress=lambda _: lambda waited: waited,
    ),
    bug(
        "drop_does_not_reset",
        "after the rate has fallen, it falls again in each epoch without progress; epochs should "
        "be counted anew",
        "what happens to your counter when the rate falls?",
        waited_after_drop=lambda q: q.patience - 1,
    ),
    bug(
        "lowest_forgotten",
        "the lowest loss is forgotten when the rate falls, so the next loss counts as progress; it "
        "should stay what it is",
        "with what do you compare the first loss after the rate has fallen?",
        mark_after_drop=lambda _: lambda _: float("inf"),
    ),
    bug(
        "only_once",
        "the rate falls once and never again; it should fall at the end of each plateau",
        "what happens to the rate at the end of the second plateau?",
        counted=lambda _: lambda drops, _: min(drops, 1),
    ),
    bug(
        "last_plateau_only",
        "only a plateau that ends with the last epoch counts; all that ended before count, too",
        "what was the rate before the last epoch?",
        counted=lambda _: lambda drops, waited: int(drops > 0 and waited == 0),
    ),
    bug(
        "factor_times_drops",
        "the factor is multiplied with the number of plateaus; it should be raised to its power",
        "what should the rate be when there was no plateau?",
        share=lambda q: q.factor * q.drops,
    ),
    bug(
        "rising",
        "the rate rises: it is divided by the factor; it should be multiplied with it",
        "is the rate larger or smaller after a plateau?",
        share=lambda q: q.factor**-q.drops,
    ),
    bug(
        "factor_subtracted",
        "the factor is subtracted from the rate; the rate should be multiplied with it",
        "can your rate be negative?",
        rate_now=lambda q: q.rate - q.factor * q.drops,
    ),
)
