"""grader/worker/stubs.py: what was handed out is told from what was written, however short."""

from __future__ import annotations

import ast

import pytest

from grader.worker.stubs import is_skeleton, is_stub

_SKELETONS = {
    "forward": """
        out = None
        # TODO: reshape the input into rows
        pass
        cache = (x, w, b)
        return out, cache""",
    "backward": """
        x, w, b = cache
        dx, dw, db = None, None, None
        pass
        return dx, dw, db""",
    "modes": """
        mode, eps = bn_param["mode"], bn_param.get("eps", 1e-5)
        N, D = x.shape
        running_mean = bn_param.get("running_mean", np.zeros(D, dtype=x.dtype))
        out, cache = None, None
        if mode == "train":
            pass
        elif mode == "test":
            pass
        else:
            raise ValueError('Invalid mode "%s"' % mode)
        bn_param["running_mean"] = running_mean
        return out, cache""",
    "dropout": """
        p, mode = dropout_param["p"], dropout_param["mode"]
        if "seed" in dropout_param:
            np.random.seed(dropout_param["seed"])
        mask = out = None
        if mode == "train":
            pass
        cache = (dropout_param, mask)
        out = out.astype(x.dtype, copy=False)
        return out, cache""",
    "optimizer": """
        if config is None:
            config = {}
        config.setdefault("learning_rate", 1e-2)
        v = config.get("velocity", np.zeros_like(w))
        next_w = None
        pass
        config["velocity"] = v
        return next_w, config""",
    "loops": """
        dists = np.zeros((X.shape[0], len(self.X_train)))
        for i in range(X.shape[0]):
            for j in range(3):
                pass
        return dists""",
    "a convolutional net's loss": """
        W1, b1 = self.params["W1"], self.params["b1"]
        filter_size = W1.shape[2]
        conv_param = {"stride": 1, "pad": (filter_size - 1) // 2}
        scores = None
        pass
        if y is None:
            return scores
        loss, grads = 0, {}
        pass
        return loss, grads""",
}
_WRITTEN = {
    "one call": "out = np.maximum(0, x)\npass\nreturn out, x",
    "one operator": "pass\nreturn dout * cache",
    "a comparison": "mask = x > 0\npass\nreturn mask",
    "gradients in a dict": "pass\nreturn {'W1': dW1 / N + reg * W1}",
    "a method": "pass\nreturn x.reshape(x.shape[0], -1)",
    "zeros, and nothing left out": "return np.zeros(n)",
    "partly": "if mode == 'train':\n    out = x - x.mean(axis=0)\nelse:\n    pass\nreturn out",
}


def _body(text: str) -> list[ast.stmt]:
    (function,) = ast.parse("def f():\n    " + text.strip("\n").replace("\n", "\n    ")).body
    assert isinstance(function, ast.FunctionDef)
    return function.body


@pytest.mark.parametrize("name", _SKELETONS)
def test_skeletons_of_the_course(name: str) -> None:
    """As CS231n's kinds of functions are handed out; they are called, so they are no stubs."""
    text = "\n".join(
        line[8:] if line[:8].isspace() else line for line in _SKELETONS[name].split("\n")
    )
    assert is_skeleton(_body(text))
    assert not is_stub(_body(text))


@pytest.mark.parametrize("name", _WRITTEN)
def test_what_computes_anything_is_written(name: str) -> None:
    """A pass that was left standing beside the work is no sign of nothing."""
    assert not is_skeleton(_body(_WRITTEN[name]))


@pytest.mark.parametrize("text", ["pass", "...", "'''what'''", "raise NotImplementedError('x')"])
def test_stubs(text: str) -> None:
    """What does nothing at all."""
    assert is_stub(_body(text))
