"""Resizing says the same as PyTorch."""

from __future__ import annotations

import numpy as np
import pytest

from reference.augmentation.resize import resize_bilinear, resize_nearest

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install 'goldgrad[cross]'")

pytestmark = pytest.mark.cross


@pytest.mark.parametrize("size", [(4, 5), (9, 7), (3, 4), (8, 3), (1, 1)])
@pytest.mark.parametrize(
    ("ours", "mode"), [(resize_nearest, "nearest"), (resize_bilinear, "bilinear")]
)
def test_resizing(ours, mode, size) -> None:
    """Up, down and both at once; without antialiasing."""
    x = np.random.default_rng(1).standard_normal((2, 3, 6, 5))
    align = {} if mode == "nearest" else {"align_corners": False}
    theirs = torch.nn.functional.interpolate(torch.tensor(x), size=size, mode=mode, **align)
    np.testing.assert_allclose(ours(x, *size), theirs.numpy(), rtol=1e-12, atol=1e-12)
