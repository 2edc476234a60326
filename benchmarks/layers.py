"""Times the reference's layers against PyTorch's on the CPU: float64, 2 threads each, one run.

    python -m benchmarks.layers [--rounds 31] [--only conv]

Each round times one forward and backward pass of both, one after the other. The table shows the
medians and their ratio, then the ratio of the fastest rounds, which other programs disturbed
least, and the ratio that is allowed. Without PyTorch (the extra `cross`) only the reference is
timed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

THREADS = 2
os.environ.update(OPENBLAS_NUM_THREADS=str(THREADS), OMP_NUM_THREADS=str(THREADS))

# NumPy's BLAS reads its number of threads when it is loaded.
import numpy as np  # noqa: E402
from tabulate import tabulate  # noqa: E402

from reference.layers.avg_pool import avg_pool_backward, avg_pool_forward  # noqa: E402
from reference.layers.batch_norm import (  # noqa: E402
    spatial_batchnorm_backward,
    spatial_batchnorm_forward,
)
from reference.layers.conv import conv_backward, conv_forward  # noqa: E402
from reference.layers.max_pool import max_pool_backward, max_pool_forward  # noqa: E402

try:
    import torch
except ImportError:
    torch: ModuleType | None = None  # type: ignore[no-redef]  # what "not installed" looks like

# The shape of x, then filters, size, stride and padding; and the pooling layer that follows each:
# the shape of x, then size and stride.
CONVOLUTIONS = [
    ((8, 3, 32, 32), 32, 3, 1, 0),
    ((32, 16, 28, 28), 32, 5, 1, 2),
    ((4, 3, 227, 227), 96, 11, 4, 0),  # AlexNet conv1
    ((4, 96, 27, 27), 256, 5, 1, 2),  # AlexNet conv2
    ((2, 64, 56, 56), 64, 3, 1, 1),  # VGG
]
POOLS = [
    ((8, 32, 30, 30), 2, 2),
    ((32, 32, 28, 28), 2, 2),
    ((4, 96, 55, 55), 3, 2),  # AlexNet
    ((4, 256, 27, 27), 3, 2),  # AlexNet
    ((2, 64, 56, 56), 2, 2),  # VGG
]

Step = Callable[[], Any]


@dataclass(frozen=True)
class Contest:
    """One layer on one shape: a forward and backward pass of ours, and PyTorch's."""

    layer: str
    ours: Step
    theirs: Step | None
    allowed: float
    """How many times PyTorch's time ours may be."""


def contests() -> Iterator[Contest]:
    """All layers on all shapes."""
    rng = np.random.default_rng(0)
    for shape, filters, size, stride, pad in CONVOLUTIONS:
        x, w = rng.standard_normal(shape), rng.standard_normal((filters, shape[1], size, size))
        b, conv_param = rng.standard_normal(filters), {"stride": stride, "pad": pad}
        dout = rng.standard_normal(conv_forward(x, w, b, conv_param)[0].shape)
        yield Contest(
            f"conv {shape} -> {filters} {size}x{size} stride {stride} pad {pad}",
            _conv(x, w, b, conv_param, dout),
            torch and _theirs("conv2d", [x, w, b], dout, stride=stride, padding=pad),
            1.3,
        )
    for forward, backward, theirs in (
        (max_pool_forward, max_pool_backward, "max_pool2d"),
        (avg_pool_forward, avg_pool_backward, "avg_pool2d"),
    ):
        for shape, size, stride in POOLS:
            x = rng.standard_normal(shape)
            pool_param = {"pool_height": size, "pool_width": size, "stride": stride}
            dout = rng.standard_normal(forward(x, pool_param)[0].shape)
            yield Contest(
                f"{theirs[:8]} {shape} {size}x{size} stride {stride}",
                _pool(forward, backward, x, pool_param, dout),
                torch and _theirs(theirs, [x], dout, kernel_size=size, stride=stride),
                2.0,
            )
    for shape, _, _ in POOLS:
        x, dout = rng.standard_normal((2, *shape))
        gamma, beta = rng.standard_normal((2, shape[1]))
        yield Contest(
            f"batch norm {shape}",
            _batch_norm(x, gamma, beta, dout),
            torch and _their_batch_norm(x, gamma, beta, dout),
            2.0,
        )


def _conv(x: Any, w: Any, b: Any, conv_param: dict[str, int], dout: Any) -> Step:
    return lambda: conv_backward(dout, conv_forward(x, w, b, conv_param)[1])


def _pool(forward: Any, backward: Any, x: Any, pool_param: dict[str, int], dout: Any) -> Step:
    return lambda: backward(dout, forward(x, pool_param)[1])


def _batch_norm(x: Any, gamma: Any, beta: Any, dout: Any) -> Step:
    def step() -> Any:
        _, cache = spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})
        assert cache is not None  # noqa: S101 - for mypy: there is one in mode "train"
        return spatial_batchnorm_backward(dout, cache)

    return step


def _their_batch_norm(x: Any, gamma: Any, beta: Any, dout: Any) -> Step:
    tensors = [torch.tensor(argument, requires_grad=True) for argument in (x, gamma, beta)]
    running = [torch.zeros(len(gamma), dtype=torch.float64) for _ in range(2)]
    upstream = torch.tensor(dout)
    function: Any = torch.nn.functional.batch_norm

    def step() -> Any:
        image, weight, bias = tensors
        out = function(image, *running, weight, bias, training=True)
        return torch.autograd.grad(out, tensors, upstream)

    return step


def _theirs(name: str, arguments: list[Any], dout: Any, **options: int) -> Step:
    tensors = [torch.tensor(argument, requires_grad=True) for argument in arguments]
    upstream, function = torch.tensor(dout), getattr(torch.nn.functional, name)
    return lambda: torch.autograd.grad(function(*tensors, **options), tensors, upstream)


def milliseconds(step: Step) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    step()
    return 1e3 * (time.perf_counter() - start)


def _row(contest: Contest, rounds: int) -> list[str | float]:
    """The contest's line of the table."""
    contest.ours()  # the first call pays for fresh memory
    if contest.theirs is None:
        return [contest.layer, statistics.median(milliseconds(contest.ours) for _ in range(rounds))]
    contest.theirs()
    times = [(milliseconds(contest.ours), milliseconds(contest.theirs)) for _ in range(rounds)]
    ours, theirs = zip(*times, strict=True)
    middle = statistics.median(ours), statistics.median(theirs)
    fastest = min(ours) / min(theirs)
    return [contest.layer, *middle, middle[0] / middle[1], fastest, contest.allowed]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time the reference's layers against PyTorch's.")
    parser.add_argument("--rounds", type=int, default=31)
    parser.add_argument("--only", default="", help="contests whose name begins so")
    options = parser.parse_args()
    if torch:
        torch.set_num_threads(THREADS)
    rows = [
        _row(contest, options.rounds)
        for contest in contests()
        if contest.layer.startswith(options.only)
    ]
    against = f"PyTorch {torch.__version__} ms" if torch else "PyTorch"
    headers = ["forward + backward, float64", "NumPy ms", against, "ratio", "of fastest", "allowed"]
    print(tabulate(rows, headers=headers if torch else headers[:2], floatfmt=".2f"))
    if not torch:
        print(
            "\nPyTorch is not installed, so nothing to compare with: pip install 'goldgrad[cross]'"
        )


if __name__ == "__main__":
    main()
