"""Grids, distinct values and the choice of the best trial as formulas, and mistakes in them.

all pairs (a, b);  different values in each column;  the largest validation accuracy
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Signature

GRID_FORMULAS: Formulas = {
    "A": lambda q: len(q.first),
    "B": lambda q: len(q.second),
    "left": lambda q: np.repeat(q.first, q.B),
    "right": lambda q: np.tile(q.second, q.A),
    "points": lambda q: np.stack([q.left, q.right], axis=1),
}
DISTINCT_FORMULAS: Formulas = {
    "counts": lambda q: np.array([len(np.unique(column)) for column in q.points.T]),
}
BEST_FORMULAS: Formulas = {
    "decides": lambda q: q.val_acc,
    "trial": lambda q: int(q.decides.argmax()),
    "reported": lambda q: q.test_acc,
    "accuracy": lambda q: q.reported[q.trial],
}


def _best(train_acc: Any, val_acc: Any, test_acc: Any) -> dict[str, Any]:
    return {"train_acc": train_acc, "val_acc": val_acc, "test_acc": test_acc}


GRID = Family(
    "grid_points",
    GRID_FORMULAS,
    {
        "grid_points": Signature(
            lambda first, second: {"first": first, "second": second}, lambda q: q.points
        )
    },
)
DISTINCT = Family(
    "distinct_values",
    DISTINCT_FORMULAS,
    {"distinct_values": Signature(lambda points: {"points": points}, lambda q: q.counts)},
)
BEST_TRIAL = Family(
    "best_trial",
    BEST_FORMULAS,
    {"best_trial": Signature(_best, lambda q: (q.trial, q.accuracy))},
)

grid_bug = bugs_of(GRID)
distinct_bug = bugs_of(DISTINCT)
best_bug = bugs_of(BEST_TRIAL)

GRID_BUGS = (
    grid_bug(
        "pairs_in_step",
        "the values are taken in pairs, first with first and second with second; it should be "
        "every combination",
        "how many points has a grid of 3 by 4?",
        points=lambda q: np.array(list(zip(q.first, q.second, strict=False))),
    ),
    grid_bug(
        "second_varies_slowest",
        "the second parameter varies slowest; it should be the first",
        "which of your two loops is the outer one?",
        left=lambda q: np.tile(q.first, q.B),
        right=lambda q: np.repeat(q.second, q.A),
    ),
    grid_bug(
        "columns_exchanged",
        "the second parameter is in the first column; it should be in the second",
        "compare with what is documented",
        points=lambda q: np.stack([q.right, q.left], axis=1),
    ),
    grid_bug(
        "points_in_columns",
        "the points lie in columns; there should be a row for each",
        "compare the shape with the one that is documented",
        points=lambda q: np.stack([q.left, q.right]),
    ),
    grid_bug(
        "not_flattened",
        "the points lie in a table of their own for each value; there should be one list of them",
        "compare the shape with the one that is documented",
        points=lambda q: np.stack([q.left, q.right], axis=1).reshape(q.A, q.B, 2),
    ),
    grid_bug(
        "last_left_out",
        "the last value of each parameter is not tried; every combination should be",
        "how many points has a grid of 3 by 4?",
        points=lambda q: np.stack(
            [np.repeat(q.first[:-1], q.B - 1), np.tile(q.second[:-1], q.A - 1)], axis=1
        ),
    ),
)

DISTINCT_BUGS = (
    distinct_bug(
        "number_of_trials",
        "the number of trials is given for each parameter; only different values count",
        "how many different learning rates does a grid of 3 by 4 try?",
        counts=lambda q: np.full(q.points.shape[1], len(q.points)),
    ),
    distinct_bug(
        "distinct_points",
        "different points are counted; it should be the different values of each parameter",
        "how many different learning rates does a grid of 3 by 4 try?",
        counts=lambda q: np.full(q.points.shape[1], len(np.unique(q.points, axis=0))),
    ),
    distinct_bug(
        "over_the_rows",
        "different values are counted in each trial; it should be in each parameter",
        "along which axis do the trials lie?",
        counts=lambda q: np.array([len(np.unique(row)) for row in q.points]),
    ),
    distinct_bug(
        "all_together",
        "different values of all parameters are counted together; each parameter has its own count",
        "how many numbers should be returned?",
        counts=lambda q: np.array(len(np.unique(q.points))),
    ),
    distinct_bug(
        "tried_only_once",
        "only values that are tried once are counted; it should be every value, however often",
        "how many different learning rates does a grid of 3 by 4 try?",
        counts=lambda q: np.array(
            [(np.unique(column, return_counts=True)[1] == 1).sum() for column in q.points.T]
        ),
    ),
    distinct_bug(
        "first_parameter_for_all",
        "the first parameter's count is given for all; each has its own",
        "try a grid that is not square",
        counts=lambda q: np.full(q.points.shape[1], len(np.unique(q.points[:, 0]))),
    ),
)

BEST_TRIAL_BUGS = (
    best_bug(
        "chosen_by_test",
        "the trial is chosen by its test accuracy, which is then no honest estimate; it should be "
        "by validation accuracy",
        "what is test data for?",
        decides=lambda q: q.test_acc,
    ),
    best_bug(
        "chosen_by_training",
        "the trial is chosen by its training accuracy, which rewards learning by heart; it should "
        "be by validation accuracy",
        "what is validation data for?",
        decides=lambda q: q.train_acc,
    ),
    best_bug(
        "chosen_by_validation_and_test",
        "the trial is chosen by validation and test accuracy together; test data should have no "
        "say",
        "what is test data for?",
        decides=lambda q: q.val_acc + q.test_acc,
    ),
    best_bug(
        "chosen_by_smallest_gap",
        "the trial is chosen whose training and validation accuracies are nearest; it should be "
        "the one of the largest validation accuracy",
        "is a model good that is equally bad on both?",
        decides=lambda q: -np.abs(q.train_acc - q.val_acc),
    ),
    best_bug(
        "lowest_accuracy",
        "the trial with the lowest validation accuracy is chosen; it should be the highest",
        "is your number an accuracy or a loss?",
        trial=lambda q: int(q.decides.argmin()),
    ),
    best_bug(
        "last_of_equals",
        "of several best trials the last is chosen; it should be the first",
        "does an equal accuracy replace the best so far?",
        trial=lambda q: len(q.decides) - 1 - int(q.decides[::-1].argmax()),
    ),
    best_bug(
        "trials_from_one",
        "the trials are counted from 1; the first has the index 0",
        "which index has the first trial?",
        trial=lambda q: int(q.decides.argmax()) + 1,
        accuracy=lambda q: q.reported[q.trial - 1],
    ),
    best_bug(
        "validation_accuracy_reported",
        "the validation accuracy of the chosen trial is reported, which is too good, for it was "
        "chosen by it; it should be the test accuracy",
        "which data has not been looked at yet?",
        reported=lambda q: q.val_acc,
    ),
    best_bug(
        "training_accuracy_reported",
        "the training accuracy of the chosen trial is reported; it should be the test accuracy",
        "which data has not been looked at yet?",
        reported=lambda q: q.train_acc,
    ),
    best_bug(
        "best_test_accuracy_reported",
        "the largest test accuracy of all trials is reported; it should be that of the chosen one",
        "may you look at the test accuracies of the others?",
        accuracy=lambda q: q.test_acc.max(),
    ),
    best_bug(
        "mean_test_accuracy_reported",
        "the mean test accuracy of all trials is reported; it should be that of the chosen one",
        "which model will be used?",
        accuracy=lambda q: q.test_acc.mean(),
    ),
)
