"""Schedules and initialisers step by step, written without the reference."""

from __future__ import annotations

import math

import numpy as np


def step_decay(rate, epoch, factor, every):
    for number in range(1, epoch + 1):
        if number % every == 0:
            rate *= factor
    return rate


def googlenet_decay(rate, epoch):
    for number in range(1, epoch + 1):
        if number % 8 == 0:
            rate -= 0.04 * rate
    return rate


def plateau_decay(rate, losses, factor, patience):
    since = 0  # the last epoch at which counting began
    for now in range(1, len(losses)):
        if losses[now] < min(losses[:now]):
            since = now
        elif now - since == patience:
            rate *= factor
            since = now
    return rate


def cosine_decay(rate, epoch, epochs):
    return rate * math.cos(math.pi * epoch / epochs / 2) ** 2


def linear_decay(rate, epoch, epochs):
    return rate * (epochs - epoch) / epochs


def inverse_sqrt_decay(rate, step):
    return rate * step**-0.5


def linear_warmup(rate, step, warmup):
    return rate if step >= warmup else rate * step / warmup


def small_gaussian_init(z, scale):
    return _each(z, lambda value: scale * value)


def xavier_init(z):
    return _each(z, lambda value: value / math.sqrt(_inputs(z)))


def he_init(z):
    return _each(z, lambda value: value * math.sqrt(2) / math.sqrt(_inputs(z)))


def _each(z, f):
    w = np.zeros_like(z)
    for at in np.ndindex(z.shape):
        w[at] = f(z[at])
    return w


def _inputs(z):
    return len(z) if z.ndim == 2 else z[0].size


FUNCTIONS = {
    function.__name__: function
    for function in (
        step_decay,
        googlenet_decay,
        plateau_decay,
        cosine_decay,
        linear_decay,
        inverse_sqrt_decay,
        linear_warmup,
        small_gaussian_init,
        xavier_init,
        he_init,
    )
}
