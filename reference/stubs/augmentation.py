"""More training data from the same images. What is random is passed in."""

import numpy as np


def horizontal_flip(x, coins):
    """Exchange left and right in the images whose coin is 1.

    Args:
        x: (N, C, H, W), the images.
        coins: (N,), 1 or 0 for each image.

    Returns:
        out: (N, C, H, W); the images whose coin is 0 are as before.
    """
    raise NotImplementedError("write horizontal_flip")


def vertical_flip(x, coins):
    """Exchange top and bottom in the images whose coin is 1.

    Args:
        x: (N, C, H, W), the images.
        coins: (N,), 1 or 0 for each image.

    Returns:
        out: (N, C, H, W); the images whose coin is 0 are as before.
    """
    raise NotImplementedError("write vertical_flip")


def random_crop(x, offsets, height, width, pad):
    """Cut a window out of each image, after padding it with zeros.

    Args:
        x: (N, C, H, W), the images.
        offsets: (N, 2), row and column, in the padded image, of each window's top left pixel. The
            windows fit.
        height: of the windows.
        width: of the windows.
        pad: how many rows and columns of zeros are added on each of the four sides.

    Returns:
        out: (N, C, height, width).
    """
    raise NotImplementedError("write random_crop")


def resize_nearest(x, height, width):
    """Resize images by repeating or dropping pixels.

    Row i of the result is row floor(i * H / height) of the image; columns likewise.

    Args:
        x: (N, C, H, W), the images.
        height: of the result.
        width: of the result.

    Returns:
        out: (N, C, height, width).
    """
    raise NotImplementedError("write resize_nearest")


def resize_bilinear(x, height, width):
    """Resize images by interpolating between the four pixels around each place.

    The centre of row i of the result lies at r = (i + 1/2) * H / height - 1/2 in the image, moved
    to 0 or H - 1 when it lies outside. Of the rows above and below r, the one at distance f counts
    with weight 1 - f. Columns likewise.

    Args:
        x: (N, C, H, W), the images.
        height: of the result.
        width: of the result.

    Returns:
        out: (N, C, height, width).
    """
    raise NotImplementedError("write resize_bilinear")


def colour_jitter(x, brightness, contrast, saturation):
    """Change brightness, then contrast, then saturation; clip to 0..1 after each of the three.

    Brightness multiplies all pixels by its factor. Contrast multiplies by its factor the distance
    of all pixels from one number, the mean over the image of its grey. Saturation multiplies by its
    factor the distance of each pixel's three values from that pixel's grey.
    Grey is 0.299 red + 0.587 green + 0.114 blue, of the pixels as they are before the step.

    Args:
        x: (N, 3, H, W), the images, in 0..1; the channels are red, green, blue.
        brightness: (N,), a factor for each image. With 1, a step changes nothing.
        contrast: (N,), likewise.
        saturation: (N,), likewise.

    Returns:
        out: (N, 3, H, W).
    """
    raise NotImplementedError("write colour_jitter")


def pca_colour(x, alphas, components, variances):
    """Add to all pixels of an image one colour, which varies as colours do in the data (AlexNet).

    The colour is the sum over k of alphas[n, k] * variances[k] times eigenvector k. Do not clip.

    Args:
        x: (N, 3, H, W), the images.
        alphas: (N, 3), random numbers.
        components: (3, 3), the eigenvectors of the covariance of the pixels' colours, in columns.
        variances: (3,), the eigenvalues.

    Returns:
        out: (N, 3, H, W).
    """
    raise NotImplementedError("write pca_colour")


def cutout(x, centres, size):
    """Set a square of each image to 0, in all channels.

    The square has ``size`` rows, of which the first is size // 2 (rounded down) before the centre;
    columns likewise. Where it reaches over the border of the image, it is cut off.

    Args:
        x: (N, C, H, W), the images.
        centres: (N, 2), row and column for each image, inside it.
        size: side of the squares.

    Returns:
        out: (N, C, H, W).
    """
    raise NotImplementedError("write cutout")


def mixup(x, y, lam, permutation):
    """Blend each sample with a partner, images and labels alike.

    Args:
        x: (N, C, H, W), the images.
        y: (N, K), one-hot labels.
        lam: the share, in 0..1, of the sample itself; its partner has the rest.
        permutation: (N,), permutation[n] is the partner of sample n.

    Returns:
        x_mixed: (N, C, H, W).
        y_mixed: (N, K).
    """
    raise NotImplementedError("write mixup")
