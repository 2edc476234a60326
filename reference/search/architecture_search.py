"""Searches an architecture for the two-layer net with a policy gradient.

    python -m reference.search.architecture_search DATASET

A controller holds logits for each decision (how many hidden units, which activation), draws
architectures, has them trained on part of the training lines, and is rewarded with their accuracy
on the others. Good decisions become more probable. The dataset's first 400 lines are read.

Source: Zoph, Le 2017.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from tabulate import tabulate

from reference.arrays import Array, Labels, Params
from reference.layers.affine import affine_backward, affine_forward
from reference.layers.relu import relu_backward, relu_forward
from reference.layers.sigmoid import sigmoid_backward, sigmoid_forward
from reference.layers.tanh import tanh_backward, tanh_forward
from reference.losses.softmax import softmax_loss
from reference.search.controller import baseline_advantages, reinforce_step, sample_choices
from reference.two_layer_net import init_params

TRAINING_LINES = 400
HIDDEN_SIZES = (1, 2, 4, 8, 16)
ACTIVATIONS: Mapping[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "relu": (relu_forward, relu_backward),
    "tanh": (tanh_forward, tanh_backward),
    "sigmoid": (sigmoid_forward, sigmoid_backward),
}
_BASELINE_KEPT = 0.9


@dataclass(frozen=True)
class Architecture:
    """What the controller decides."""

    hidden_size: int
    activation: str


@dataclass
class Controller:
    """Logits for each decision, and the moving average of the rewards."""

    hidden_size: Array = field(default_factory=lambda: np.zeros(len(HIDDEN_SIZES)))
    activation: Array = field(default_factory=lambda: np.zeros(len(ACTIVATIONS)))
    baseline: float | None = None
    """None before the first reward."""

    def probabilities(self) -> dict[str, Array]:
        """Of each decision's choices."""
        exponentials = {
            "hidden_size": np.exp(self.hidden_size - self.hidden_size.max()),
            "activation": np.exp(self.activation - self.activation.max()),
        }
        return {name: e / e.sum() for name, e in exponentials.items()}

    def favourite(self) -> Architecture:
        """The most probable choice of each decision."""
        names = list(ACTIVATIONS)
        return Architecture(
            HIDDEN_SIZES[int(self.hidden_size.argmax())], names[int(self.activation.argmax())]
        )


def search(
    reward: Callable[[Architecture], float], u: Array, learning_rate: float
) -> tuple[Controller, list[list[float]]]:
    """Draw architectures, see their rewards, and make the better ones more probable.

    Args:
        reward: what is to be made large: accuracy on validation data
        u: (T, B, 2), uniform in 0..1: for T rounds of B architectures with two decisions
        learning_rate: of the controller

    Returns:
        controller: after T rounds
        history: in each round, the rewards of its architectures
    """
    controller, history = Controller(), []
    names = list(ACTIVATIONS)
    for numbers in u:
        sizes = sample_choices(controller.hidden_size, numbers[:, 0])
        activations = sample_choices(controller.activation, numbers[:, 1])
        rewards = np.array(
            [
                reward(Architecture(HIDDEN_SIZES[size], names[activation]))
                for size, activation in zip(sizes, activations, strict=True)
            ]
        )
        before = float(rewards[0]) if controller.baseline is None else controller.baseline
        advantages, controller.baseline = baseline_advantages(rewards, before, _BASELINE_KEPT)
        controller.hidden_size = reinforce_step(
            controller.hidden_size, sizes, advantages, learning_rate
        )
        controller.activation = reinforce_step(
            controller.activation, activations, advantages, learning_rate
        )
        history.append(rewards.tolist())
    return controller, history


# ---------------------------------------------------------------------------------- the reward
def trained(
    architecture: Architecture, X: Array, y: Labels, *, steps: int, rate: float, seed: int
) -> Params:
    """Full-batch gradient descent on the softmax loss.

    Args:
        architecture: of the two-layer net
        X: (N, D)
        y: (N,), labels 0..C-1
        steps: how many
        rate: their size
        seed: of the first weights

    Returns:
        params: W1 (D, H), b1 (H,), W2 (H, C), b2 (C,)
    """
    forward, backward = ACTIVATIONS[architecture.activation]
    classes = int(y.max()) + 1
    params = init_params(X.shape[1], architecture.hidden_size, classes, seed, weight_scale=0.5)
    for _ in range(steps):
        hidden, affine1 = affine_forward(X, params["W1"], params["b1"])
        active, cache = forward(hidden)
        scores, affine2 = affine_forward(active, params["W2"], params["b2"])
        _, dscores = softmax_loss(scores, y)
        dactive, dW2, db2 = affine_backward(dscores, affine2)
        _, dW1, db1 = affine_backward(backward(dactive, cache), affine1)
        gradients = {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
        params = {name: value - rate * gradients[name] for name, value in params.items()}
    return params


def accuracy(architecture: Architecture, params: Params, X: Array, y: Labels) -> float:
    """Share of right labels of the net with these parameters."""
    forward, _ = ACTIVATIONS[architecture.activation]
    active, _ = forward(X @ params["W1"] + params["b1"])
    labels = (active @ params["W2"] + params["b2"]).argmax(axis=1)
    return float((labels == y).mean())


def validation_accuracy(
    X: Array, y: Labels, *, steps: int = 200, rate: float = 1.0
) -> Callable[[Architecture], float]:
    """The reward: trained on every sample but each fourth, measured on those.

    An architecture that is drawn again is not trained again.
    """
    held_out = np.arange(len(X)) % 4 == 0
    known: dict[Architecture, float] = {}

    def reward(architecture: Architecture) -> float:
        if architecture not in known:
            params = trained(
                architecture, X[~held_out], y[~held_out], steps=steps, rate=rate, seed=0
            )
            known[architecture] = accuracy(architecture, params, X[held_out], y[held_out])
        return known[architecture]

    return reward


def main(arguments: Sequence[str] | None = None) -> None:
    """Print how probable each choice has become, and the rewards of the first and last rounds."""
    parser = argparse.ArgumentParser(description="Search an architecture by policy gradient.")
    parser.add_argument("dataset", type=Path, help="dataset.txt; its first 400 lines are read")
    path = parser.parse_args(arguments).dataset
    if not path.is_file():
        parser.error(f"{path} is not a file; `grade dataset` downloads the homework's data")
    table = np.loadtxt(path, max_rows=TRAINING_LINES)
    X, y = table[:, :-1], table[:, -1].astype(np.int64) - 1
    u = np.random.default_rng(0).uniform(size=(200, 8, 2))
    controller, history = search(validation_accuracy(X, y), u, learning_rate=5.0)
    choices = {"hidden_size": HIDDEN_SIZES, "activation": tuple(ACTIVATIONS)}
    rows = [
        {"decision": name, "choice": choice, "probability": p}
        for name, probabilities in controller.probabilities().items()
        for choice, p in zip(choices[name], probabilities, strict=True)
    ]
    rewards = (
        f"mean reward: {np.mean(history[:20]):.3f} at first, {np.mean(history[-20:]):.3f} at last"
    )
    print(tabulate(rows, headers="keys", floatfmt=".3f"), rewards, sep="\n\n")  # noqa: T201  this script's only output


if __name__ == "__main__":
    main()
