"""Training the two-layer net on the homework's data.

``python train.py`` trains on lines 1-400 of dataset.txt, measures on lines 401-500, and prints the
figures that belong in report.md. It can be run once two_layer_net.py and ``train`` are written.
"""

import sys
from pathlib import Path

import numpy as np
from two_layer_net import forward, init_params, loss, predict

# Your choices; report.md states the same ones. These are only a place to start from.
HYPERPARAMETERS = {
    "hidden_size": 10,
    "batch_size": 100,
    "learning_rate": 0.01,
    "reg": 0.0,
    "epochs": 20,
}


def train(X, y, hyperparameters, seed):
    """Train a net from scratch.

    An epoch is one pass over all samples, in batches of ``batch_size`` in a new random order; each
    batch changes the parameters a little against its gradient.

    The returned parameters are used on X as it is, without any preparation. If you normalise the
    inputs, say to ``(X - mean) / std``, fold that into W1 and b1 before you return them.

    Args:
        X: (N, 8), the training samples, as they stand in the file.
        y: (N,), their classes, ints 0 .. 3.
        hyperparameters: a dict like HYPERPARAMETERS; use these values, not the constants above.
        seed: an int that decides all random numbers: the same seed gives the same result.

    Returns:
        params: dict with W1 (8, H), b1 (H,), W2 (H, 4), b2 (4,).
        history: a list of floats, one an epoch (fewer if you stop early): the loss on all of X, y
            with its L2 term, computed after that epoch. So the last entry is the loss of the params
            you return.
    """
    raise NotImplementedError("write two_layer_net.py first, then train")


def load_dataset(path):
    """Read dataset.txt: each line holds 8 numbers and a class 1 .. 4.

    Returns:
        X: (500, 8), float64.
        y: (500,), ints 0 .. 3: one less than in the file.
    """
    table = np.loadtxt(path)
    return table[:, :8], table[:, 8].astype(int) - 1


def main(path):
    """Train and measure on the file at ``path``, and print what was reached."""
    X, y = load_dataset(path)
    X_train, y_train, X_test, y_test = X[:400], y[:400], X[400:], y[400:]
    params, history = train(X_train, y_train, HYPERPARAMETERS, seed=0)
    print(f"loss          {history[0]:.4f} after the first epoch, {history[-1]:.4f} after the last")
    print(f"train         {np.mean(predict(params, X_train) == y_train):.1%} right")
    print(f"test          {np.mean(predict(params, X_test) == y_test):.1%} right")


if __name__ == "__main__":
    dataset = Path(sys.argv[1] if len(sys.argv) > 1 else "dataset.txt")
    if not dataset.is_file():
        sys.exit(f"{dataset} is not here. Your course's page has it; put it beside train.py.")
    try:
        main(dataset)
    except NotImplementedError as todo:
        sys.exit(f"Not written yet: {todo}. `grade check` shows where you stand.")
