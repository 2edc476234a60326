"""reference/search: the lecture's examples, and searches that find something."""

from __future__ import annotations

import numpy as np
import pytest

from reference.search.architecture_search import (
    ACTIVATIONS,
    HIDDEN_SIZES,
    Architecture,
    main,
    search,
    validation_accuracy,
)
from reference.search.controller import reinforce_step, sample_choices
from reference.search.cross_validation import cross_validation_split, knn_cross_validate
from reference.search.grid import distinct_values, grid_points
from reference.search.random_search import best, lines, random_search
from reference.search.trial_line import trial_line


def test_the_lecture_s_line():
    """Character by character."""
    line = "val acc: 0.412000, lr: 1.405206e-04, reg: 4.793564e-01, (1 / 100)"
    assert trial_line(0.412, 1.405206e-04, 4.793564e-01, 1, 100) == line


def test_the_lecture_s_picture():
    """Nine trials on a grid try three values of each parameter, nine random ones nine."""
    grid = grid_points(np.arange(3.0), np.arange(3.0))
    random = np.random.default_rng(0).uniform(size=(9, 2))
    assert len(grid) == len(random) == 9
    np.testing.assert_array_equal(distinct_values(grid), [3, 3])
    np.testing.assert_array_equal(distinct_values(random), [9, 9])


@pytest.mark.parametrize(("n", "k"), [(10, 5), (11, 4), (7, 7), (5, 3)])
def test_folds_are_a_partition(n, k):
    """Every sample is held out once, and folds are those of array_split."""
    parts = [cross_validation_split(n, k, fold) for fold in range(k)]
    for (train, held_out), part in zip(parts, np.array_split(np.arange(n), k), strict=True):
        np.testing.assert_array_equal(held_out, part)
        np.testing.assert_array_equal(np.sort(np.concatenate([train, held_out])), np.arange(n))


def test_cross_validation_prefers_many_neighbours_where_labels_are_noisy():
    """One neighbour repeats the noise; nine outvote it."""
    rng = np.random.default_rng(0)
    y = np.arange(200) % 2
    X = rng.standard_normal((200, 2)) + 2.0 * y[:, np.newaxis]
    noisy = np.where(rng.uniform(size=200) < 0.25, 1 - y, y)
    _, means = knn_cross_validate(X, noisy, [1, 9], 5)
    assert means[1] > means[0] + 0.05


def test_a_random_search_chooses_by_validation_accuracy():
    """The best rate is 1e-3; the test accuracies, which say otherwise, have no say."""

    def evaluate(lr, reg):
        return 1.0, 0.9 - abs(np.log10(lr) + 3) / 10 - 0 * reg, 0.5 + abs(np.log10(lr) + 3) / 10

    u = np.random.default_rng(0).uniform(size=(50, 2))
    trials = random_search(evaluate, u, (-6, -1), (-3, 0))
    assert best(trials).lr == pytest.approx(1e-3, rel=0.5)
    assert best(trials).test_acc == min(trial.test_acc for trial in trials)
    printed = list(lines(trials))
    assert printed[0].startswith("val acc: 0.")
    assert printed[-1].endswith("(50 / 50)")


def test_a_controller_learns_what_is_rewarded():
    """Of four choices one is better: in the end it is nearly always drawn."""
    rng = np.random.default_rng(0)
    logits = np.zeros(4)
    for _ in range(200):
        choices = sample_choices(logits, rng.uniform(size=8))
        logits = reinforce_step(logits, choices, (choices == 2) - 0.25, 1.0)
    assert (sample_choices(logits, rng.uniform(size=100)) == 2).mean() > 0.9


@pytest.fixture(scope="module")
def rings():
    """Two classes, one around the other: few hidden units cannot tell them apart."""
    rng = np.random.default_rng(1)
    y = np.arange(240) % 2
    angle = rng.uniform(0, 2 * np.pi, 240)
    radius = np.where(y == 0, 0.5, 1.5) + 0.1 * rng.standard_normal(240)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), y


@pytest.mark.slow
def test_an_architecture_search_finds_a_better_one_than_the_average(rings):
    """Rewards rise, and the favourite is better than most; equal seeds have equal ends."""
    reward = validation_accuracy(*rings)
    everything = [reward(Architecture(h, a)) for h in HIDDEN_SIZES for a in ACTIVATIONS]
    u = np.random.default_rng(0).uniform(size=(60, 8, 2))
    controller, history = search(reward, u, learning_rate=3.0)
    assert np.mean(history[-10:]) > np.mean(everything) + 0.1
    assert np.mean(history[-10:]) > np.mean(history[:10])
    assert reward(controller.favourite()) > np.mean(everything) + 0.1
    again, _ = search(reward, u, learning_rate=3.0)
    np.testing.assert_array_equal(again.hidden_size, controller.hidden_size)


@pytest.mark.slow
def test_the_search_prints_its_choices(tmp_path, rings, capsys):
    """A line for each choice, and the rewards; a missing file is said so."""
    X, y = rings
    path = tmp_path / "dataset.txt"
    np.savetxt(path, np.column_stack([X, y + 1]))
    main([str(path)])
    printed = capsys.readouterr().out
    assert all(name in printed for name in ("hidden_size", "relu", "tanh", "sigmoid"))
    assert "mean reward: 0." in printed
    with pytest.raises(SystemExit):
        main([str(tmp_path / "missing.txt")])
