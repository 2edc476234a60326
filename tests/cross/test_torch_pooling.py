"""Global average and fractional max pooling say the same as PyTorch, in float64."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from reference.layers.fractional_max_pool import (
    fractional_max_pool_backward,
    fractional_max_pool_forward,
)
from reference.layers.global_avg_pool import global_avg_pool_backward, global_avg_pool_forward

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install 'goldgrad[cross]'")
F = torch.nn.functional

pytestmark = pytest.mark.cross


def test_global_average() -> None:
    """Adaptive average pooling to 1 by 1."""
    x = np.random.default_rng(0).standard_normal((2, 3, 4, 5))
    dout = np.random.default_rng(1).standard_normal((2, 3))
    tensor = torch.tensor(x, requires_grad=True)
    their = F.adaptive_avg_pool2d(tensor, 1).flatten(1)
    their.backward(torch.as_tensor(dout))
    out, cache = global_avg_pool_forward(x)
    np.testing.assert_allclose(out, their.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(global_avg_pool_backward(dout, cache), tensor.grad.numpy())


@pytest.mark.parametrize("overlapping", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_fractional_max(seed: int, *, overlapping: bool) -> None:
    """The maximum of each region, cut out and differentiated by autograd.

    F.fractional_max_pool2d itself has regions of one size, here and there with gaps between them;
    it agrees where regions are 1 apart.
    """
    rng = np.random.default_rng(seed)
    H, W, shared = 8, 11, int(overlapping)
    rows, cols = (
        [0, *sorted(rng.permutation(np.arange(1, end))[:4].tolist()), end]
        for end in (H - shared, W - shared)
    )
    x, dout = rng.standard_normal((2, 3, H, W)), rng.standard_normal((2, 3, 5, 5))
    tensor = torch.tensor(x, requires_grad=True)
    maxima = [
        tensor[:, :, top : bottom + shared, left : right + shared].flatten(2).amax(2)
        for top, bottom in pairwise(rows)
        for left, right in pairwise(cols)
    ]
    their = torch.stack(maxima, dim=2).reshape(2, 3, 5, 5)
    their.backward(torch.as_tensor(dout))
    out, cache = fractional_max_pool_forward(
        x, {"rows": rows, "cols": cols, "overlapping": overlapping}
    )
    np.testing.assert_array_equal(out, their.detach().numpy())
    np.testing.assert_allclose(fractional_max_pool_backward(dout, cache), tensor.grad.numpy())


def test_fractional_max_of_pytorch() -> None:
    """With regions of 2 that begin 1 apart, PyTorch's own layer says the same."""
    x = np.random.default_rng(0).standard_normal((2, 3, 5, 7))
    samples = torch.full((2, 3, 2), 0.5, dtype=torch.float64)
    their = F.fractional_max_pool2d(
        torch.tensor(x), 2, output_size=(4, 6), _random_samples=samples
    ).numpy()
    out, _ = fractional_max_pool_forward(
        x, {"rows": [*range(5)], "cols": [*range(7)], "overlapping": True}
    )
    np.testing.assert_array_equal(out, their)
