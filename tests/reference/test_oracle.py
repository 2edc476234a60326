"""reference/oracle.py: what the harness may ask the solution."""

from __future__ import annotations

import numpy as np
import pytest

from grader.errors import BadAssignment
from grader.oracle import Oracle, find_oracle
from reference.bugs.registry import BUGS
from reference.oracle import ReferenceOracle
from reference.problems.catalogue import CATALOGUE
from reference.two_layer_net import init_params


@pytest.fixture
def oracle() -> Oracle:
    """The reference behind the harness's protocol."""
    return ReferenceOracle()


def test_scores_and_loss_are_those_of_the_net(oracle):
    """Zero weights score every class with its bias; the loss is then known by hand."""
    params = {**init_params(8, 5, 4), "W2": np.zeros((5, 4)), "b2": np.log([1.0, 2.0, 3.0, 4.0])}
    X = np.random.default_rng(0).random((3, 8))
    np.testing.assert_allclose(oracle.scores(params, X), np.tile(params["b2"], (3, 1)))
    want = -np.mean(np.log([0.1, 0.4, 0.2]))
    assert oracle.data_loss(params, X, np.array([0, 3, 1])) == pytest.approx(want)


def test_a_misspelt_problem_is_told_with_the_likely_one(oracle):
    """Not with the names of all."""
    with pytest.raises(BadAssignment, match="mine: the catalogue has no problem 'adamm'") as error:
        oracle.make_bundle("mine", ["sgd", "adamm"], b"seed", "public")
    assert error.value.hint == "did you mean 'adam'?"


def test_bundles_are_those_of_golden(oracle):
    """The oracle hands out bundles of the problems asked for."""
    bundle = oracle.make_bundle("mine", ["max_pool_forward"], b"seed", "hidden")
    assert (bundle.assignment, bundle.visibility) == ("mine", "hidden")
    assert list(bundle.problems) == ["max_pool_forward"]


def test_the_catalogue_has_titles(oracle):
    """Every problem is listed with words for an instructor."""
    titles = oracle.problems()
    assert list(titles) == list(CATALOGUE)
    assert len(set(titles.values())) == len(titles)


def test_the_revision_follows_the_source(oracle, tmp_path, monkeypatch):
    """It is steady, and another as soon as a file of the solution changes."""
    assert oracle.revision() == ReferenceOracle().revision()
    (tmp_path / "a.py").write_text("x = 1\n")
    monkeypatch.setattr("reference.oracle._SOURCE", tmp_path)
    before = oracle.revision()
    (tmp_path / "a.py").write_text("x = 2\n")
    assert oracle.revision() != before


def test_the_installed_harness_finds_it():
    """The entry point leads to the reference."""
    assert isinstance(find_oracle(), ReferenceOracle)


def test_registered_bugs_are_those_of_the_problems_functions(oracle):
    """Every bug that a problem's function has is listed, with where it belongs."""
    pooling = oracle.bugs(["max_pool_forward"])
    assert pooling
    assert all(bug.functions == ("max_pool_forward",) for bug in pooling.values())
    everything = oracle.bugs(list(CATALOGUE))
    assert list(everything) == list(BUGS)
    assert all(bug.note.id == name for name, bug in everything.items())


def test_the_reference_trains_for_any_number_of_classes(oracle):
    """As many columns of W2 as there are classes."""
    rng = np.random.default_rng(0)
    X, y = rng.random((40, 5)), rng.integers(0, 3, 40)
    assert oracle.trained(X, y, 3)["W2"].shape[1] == 3
