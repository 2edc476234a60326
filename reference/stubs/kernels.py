"""Fixed kernels, and applying them to an image."""

import numpy as np

# Convention -> value -> what a docstring says usually -> what it says then.
CONVENTIONS = {
    "kernel_padding": {
        "after": {
            "ceil((h - 1) / 2) rows of them above the image and\n    floor((h - 1) / 2) below;": (
                "floor((h - 1) / 2) rows of them above the image and\n    ceil((h - 1) / 2) below;"
            ),
            "ceil at the left and floor at the right.": "floor at the left and ceil at the right.",
        },
    },
}


def box_kernel(size):
    """The kernel that blurs: each pixel becomes the mean of its window.

    Args:
        size: int, the rows and columns of the kernel.

    Returns:
        kernel: (size, size); all weights are equal and add up to 1.
    """
    raise NotImplementedError


def gaussian_kernel(size, sigma):
    """The kernel of a Gaussian blur: near pixels weigh more.

    The weight of a place at distance d from the kernel's middle is proportional to
    exp(-d**2 / (2 * sigma**2)). The middle of the rows 0 ... size-1 is (size - 1) / 2.

    Args:
        size: int, the rows and columns of the kernel.
        sigma: float, the standard deviation in pixels.

    Returns:
        kernel: (size, size); the weights add up to 1.
    """
    raise NotImplementedError


def sharpen_kernel():
    """The kernel that sharpens: the pixel, plus what it is more than its four neighbours.

    "What it is more" is four times the pixel less the sum of the pixels above, below, left and
    right of it. The weights add up to 1.

    Returns:
        kernel: (3, 3).
    """
    raise NotImplementedError


def edge_kernel():
    """The kernel that finds edges: eight times the pixel, less the sum of its eight neighbours.

    The weights add up to 0: where all pixels are equal, nothing is left.

    Returns:
        kernel: (3, 3).
    """
    raise NotImplementedError


def apply_kernel(image, kernel):
    """Slide a kernel over an image; the output is as large as the image.

    Each output pixel is the sum of the products of the kernel (not turned) and the window around
    the pixel. Outside the image are zeros: ceil((h - 1) / 2) rows of them above the image and
    floor((h - 1) / 2) below; columns likewise, ceil at the left and floor at the right.

    Args:
        image: (H, W).
        kernel: (h, w).

    Returns:
        out: (H, W).
    """
    raise NotImplementedError
