"""The normalisations' edges: what the golden cases do not ask."""

from __future__ import annotations

import numpy as np
import pytest

from reference.layers.batch_norm import (
    batchnorm_backward,
    batchnorm_backward_alt,
    batchnorm_forward,
    spatial_batchnorm_forward,
)
from reference.layers.group_norm import spatial_groupnorm_forward
from reference.layers.layer_norm import layernorm_forward
from reference.layers.local_response_norm import lrn_forward


def test_batch_norm_standardises():
    """In training mode every feature has mean beta and deviation gamma (eps aside)."""
    x = np.random.default_rng(0).normal(3, 5, (50, 4))
    gamma, beta = np.array([1.0, 2, 3, 4]), np.array([0.0, 1, 2, 3])
    out, _ = batchnorm_forward(x, gamma, beta, {"mode": "train"})
    np.testing.assert_allclose(out.mean(axis=0), beta, atol=1e-12)
    np.testing.assert_allclose(out.std(axis=0), gamma, rtol=1e-6)


def test_running_statistics_begin_at_zero_and_approach_the_batch():
    """bn_param needs nothing but the mode; after many calls test mode does what training does."""
    x = np.random.default_rng(0).normal(3, 5, (50, 4))
    param = {"mode": "train"}
    out, _ = batchnorm_forward(x, np.ones(4), np.zeros(4), param)
    np.testing.assert_allclose(param["running_mean"], 0.1 * x.mean(axis=0))
    np.testing.assert_allclose(param["running_var"], 0.1 * x.var(axis=0))
    for _ in range(300):
        batchnorm_forward(x, np.ones(4), np.zeros(4), param)
    param["mode"] = "test"
    tested, cache = batchnorm_forward(x, np.ones(4), np.zeros(4), param)
    np.testing.assert_allclose(tested, out, rtol=1e-9, atol=1e-9)
    assert cache is None


def test_an_unknown_mode_is_refused():
    """A misspelt mode is no test mode."""
    for forward, shape in ((batchnorm_forward, (3, 2)), (spatial_batchnorm_forward, (3, 2, 1, 1))):
        with pytest.raises(ValueError, match="no mode 'Train'"):
            forward(np.ones(shape), np.ones(2), np.ones(2), {"mode": "Train"})


def test_both_backward_passes_agree():
    """The simplified formula and the chain of steps give the same gradients."""
    rng = np.random.default_rng(0)
    x, dout = rng.normal(size=(2, 6, 3))
    _, cache = batchnorm_forward(x, rng.normal(size=3), np.zeros(3), {"mode": "train"})
    for one, two in zip(
        batchnorm_backward(dout, cache), batchnorm_backward_alt(dout, cache), strict=True
    ):
        np.testing.assert_allclose(one, two, atol=1e-12)


def test_extreme_groups_are_layer_and_instance_norm():
    """One group normalises an image as a whole, as many groups as channels each channel."""
    x = np.random.default_rng(0).normal(size=(3, 4, 2, 5))
    ones, zeros = np.ones((1, 4, 1, 1)), np.zeros((1, 4, 1, 1))
    whole, _ = spatial_groupnorm_forward(x, ones, zeros, 1, {})
    flat, _ = layernorm_forward(x.reshape(3, -1), np.ones(40), np.zeros(40), {})
    np.testing.assert_allclose(whole.reshape(3, -1), flat)
    single, _ = spatial_groupnorm_forward(x, ones, zeros, 4, {})
    np.testing.assert_allclose(single.mean(axis=(2, 3)), 0, atol=1e-12)


def test_channels_that_make_no_equal_groups_are_refused():
    """Five channels are not two groups."""
    with pytest.raises(ValueError, match="5 channels do not fall into 2 equal groups"):
        spatial_groupnorm_forward(np.ones((1, 5, 2, 2)), np.ones(5), np.ones(5), 2, {})


def test_a_window_of_an_even_number_of_channels_is_refused():
    """It has no middle."""
    with pytest.raises(ValueError, match="n should be odd"):
        lrn_forward(np.ones((1, 5, 2, 2)), {"k": 2, "n": 4, "alpha": 1e-4, "beta": 0.75})


def test_lrn_of_ones_by_hand():
    """With k = 1, alpha = 1, beta = 1, n = 3, ones become 1/3 at the ends and 1/4 between."""
    out, _ = lrn_forward(np.ones((1, 4, 1, 1)), {"k": 1, "n": 3, "alpha": 1, "beta": 1})
    np.testing.assert_allclose(out[0, :, 0, 0], [1 / 3, 1 / 4, 1 / 4, 1 / 3])
