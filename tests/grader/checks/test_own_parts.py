"""grader/checks/own_parts.py: a layer's mistake is charged once, and no wrong net profits by it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.assignment_file import parse_assignment
from grader.fitting import fitted
from grader.grading import grade
from grader.marking import Marking
from grader.result import CheckResult, Status
from grader.sandbox import ForkServer
from reference.golden import make_bundle

pytestmark = pytest.mark.slow

RULES = """\
assignment: small
title: small
points: 12
files: {layers.py: [affine_forward, affine_backward, relu_forward, relu_backward, softmax_loss]}
conventions: {two_layer_net: any}
imports: {allow: [numpy]}
parts:
  - id: all
    title: all
    points: 12
    checks:
      - {id: net/scores, title: scores, points: 1, kind: values, problem: two_layer_net,
         cases: [scores], follow_through: true}
      - {id: net/loss, title: loss, points: 3, kind: values, problem: two_layer_net,
         cases: [plain], follow_through: true}
      - {id: net/l2, title: L2, points: 2, kind: values, problem: two_layer_net, cases: [l2],
         follow_through: true}
      - {id: affine/forward, title: forward, points: 1, kind: values, problem: affine_forward}
      - {id: affine/backward, title: backward, points: 2, kind: values, problem: affine_backward,
         follow_through: true}
      - {id: relu/forward, title: ReLU, points: 1, kind: values, problem: relu_forward}
      - {id: relu/backward, title: ReLU, points: 1, kind: values, problem: relu_backward,
         follow_through: true}
      - {id: softmax, title: softmax, points: 1, kind: values, problem: softmax_loss,
         cases: [plain]}
"""
LAYERS = """\
import numpy as np


def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(dout, cache):
    return dout * (cache > 0)


def softmax_loss(x, y):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(len(y)), y]).mean()
    p[np.arange(len(y)), y] -= 1
    return loss, p / len(y)
"""
NET = """

class TwoLayerNet:
    def __init__(self, D, H, C, std=1e-3, reg=0.0):
        self.params = {"W1": np.zeros((D, H)), "b1": np.zeros(H)}
        self.params |= {"W2": np.zeros((H, C)), "b2": np.zeros(C)}
        self.reg = reg

    def loss(self, X, y=None):
        W1, b1, W2, b2 = (self.params[name] for name in ("W1", "b1", "W2", "b2"))
        z, first = affine_forward(X, W1, b1)
        h, hidden = relu_forward(z)
        scores, second = affine_forward(h, W2, b2)
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        dh, dW2, db2 = affine_backward(dscores, second)
        dz = relu_backward(dh, hidden)
        _, dW1, db1 = affine_backward(dz, first)
        loss += 0.5 * self.reg * ((W1 * W1).sum() + (W2 * W2).sum())
        grads = {"W1": dW1 + self.reg * W1, "b1": db1, "W2": dW2 + self.reg * W2, "b2": db2}
        return loss, grads
"""
UNNAMED = ("T @ dout\n", "T @ dout * 1.3\n")
"""A mistake in dw that is no registered bug."""
Change = tuple[str, str]
Marked = Callable[..., dict[str, CheckResult]]


@pytest.fixture(scope="module")
def small() -> Marking:
    """A net and the layers that it may call."""
    rules = parse_assignment(RULES, "small.yaml")
    bundle = make_bundle("small", rules.problems(), b"own parts", "hidden", pairs=False)
    return Marking(rules, fitted(bundle, rules), None, None, b"")


@pytest.fixture
def marked(tmp_path: Path, small: Marking, server: ForkServer) -> Marked:
    """Marks layers and net with some text replaced (or another net); the results by check."""

    def mark(*changes: Change, net: str = NET) -> dict[str, CheckResult]:
        text = LAYERS + net
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        (tmp_path / "layers.py").write_text(text)
        result = grade(tmp_path, small, server=server)
        return {check.id: check for part in result.parts for check in part.checks}

    return mark


def _lost(found: dict[str, CheckResult]) -> set[str]:
    return {name for name, check in found.items() if check.earned < check.points}


@pytest.mark.parametrize(
    ("change", "charged"),
    [
        (UNNAMED, "affine/backward"),
        ((".T @ dout\n", ".T @ dout / len(x)\n"), "affine/backward"),
        (("db = dout.sum(axis=0)", "db = np.ones(w.shape[1])"), "affine/backward"),
        ((" @ w + b, (x", " @ w, (x"), "affine/forward"),
        (("np.maximum(x, 0), x", "np.maximum(x, 0.1 * x), x"), "relu/forward"),
        (("dout * (cache > 0)", "dout * (cache > 0.5)"), "relu/backward"),
        ((".mean()", ".sum()"), "softmax"),
        (("p[np.arange(len(y)), y] -= 1", "p[np.arange(len(y)), y] -= 0.9"), "softmax"),
    ],
)
def test_a_layer_s_mistake_is_charged_once(marked: Marked, change: Change, charged: str) -> None:
    """Named or not, the layer pays and the net that calls it does not, and says why."""
    found = marked(change)
    assert _lost(found) == {charged}
    (note,) = found["net/l2"].notes
    assert "TwoLayerNet.loss is right for your own functions" in note
    assert f"charged at {charged} (1 of 1 cases)" in note


def test_mistakes_of_two_layers_are_each_charged_once(marked: Marked) -> None:
    """The net passes both on; the note names both functions and both checks."""
    found = marked(UNNAMED, ("-= 1\n", "-= 0.9\n"))
    assert _lost(found) == {"affine/backward", "softmax"}
    (note,) = found["net/loss"].notes
    assert "the mistakes of affine_backward and softmax_loss, which are charged at" in note


def test_the_net_pays_for_its_own_mistake_beside_a_layer_s(marked: Marked) -> None:
    """A penalty whose gradient is doubled costs the case with a penalty, and that alone."""
    found = marked(UNNAMED, ("dW1 + self.reg * W1", "dW1 + 2 * self.reg * W1"))
    assert _lost(found) == {"affine/backward", "net/l2"}


@pytest.mark.parametrize(
    "change",
    [
        ("dz = relu_backward(dh, hidden)", "dz = dh"),
        ("affine_backward(dz, first)", "affine_backward(h * 0 + dh, first)"),
        ("affine_forward(h, W2, b2)", "affine_forward(z, W2, b2)"),
        ("relu_backward(dh, hidden)", "relu_backward(dh, -hidden)"),
        ("affine_backward(dscores, second)", "affine_backward(dscores / len(y), second)"),
        ('"b1": db1', '"b1": db1 * 0'),
    ],
)
def test_a_wrong_net_pays_whatever_its_layers_do(marked: Marked, change: Change) -> None:
    """Nets that connect wrong layers wrongly earn what they earn with right ones, at most."""
    right = _lost(marked(change)) & {"net/scores", "net/loss", "net/l2"}
    assert right
    assert _lost(marked(UNNAMED, change)) >= right


ANYTHING = """

class TwoLayerNet:
    def __init__(self, D, H, C, std=1e-3, reg=0.0):
        self.params = {"W1": np.zeros((D, H)), "b1": np.zeros(H)}
        self.params |= {"W2": np.zeros((H, C)), "b2": np.zeros(C)}
        self.reg = reg

    def loss(self, X, y=None):
        p, reg = self.params, self.reg
        if y is None:
            return SCORES
        penalty = 0.5 * reg * ((p["W1"] ** 2).sum() + (p["W2"] ** 2).sum())
        return LOSS + penalty, {
            "W1": DW1 + reg * p["W1"], "b1": DB1, "W2": DW2 + reg * p["W2"], "b2": DB2
        }
"""


def _anything(**parts: str) -> str:
    text = ANYTHING
    for name, expression in parts.items():
        text = text.replace(name, expression)
    return text


CONSTANTS = _anything(
    SCORES="np.ones((len(X), len(p['b2'])))",
    LOSS="1.0",
    DW1="np.ones_like(p['W1'])",
    DB1="np.ones_like(p['b1'])",
    DW2="np.ones_like(p['W2'])",
    DB2="np.ones_like(p['b2'])",
)
CONSTANT_LAYERS = (
    ("return x.reshape(len(x), -1) @ w + b, (", "return np.ones((len(x), len(b))), ("),
    (
        "return dx, dw, db",
        "return np.ones_like(x), np.ones_like(w), np.ones_like(b)",
    ),
    ("return loss, p / len(y)", "return 1.0, np.ones_like(p)"),
)
OWN_PARAMETERS = _anything(
    SCORES="np.maximum(X @ p['W1'] + p['b1'], 0) @ p['W2'] + p['b2']",
    LOSS="softmax_loss(self.loss(X), y)[0]",
    DW1="p['W1']",
    DB1="p['b1']",
    DW2="p['W2']",
    DB2="p['b2']",
)
OWN_ARGUMENTS = ("return dx, dw, db", "return dx, w, b")
ONLY_FLAT = ("return dx, dw, db", "return dx, *((w, b) if x.ndim == 2 else (dw, np.ones(len(b))))")
"""A layer that has a named mistake where the layer is marked, and another one in a net."""
NO_BACKWARD = """

ANSWERED, SEEN = {}, set()


class TwoLayerNet:
    def __init__(self, D, H, C, std=1e-3, reg=0.0):
        self.params = {"W1": np.zeros((D, H)), "b1": np.zeros(H)}
        self.params |= {"W2": np.zeros((H, C)), "b2": np.zeros(C)}
        self.reg = reg

    def loss(self, X, y=None):
        p, reg = self.params, self.reg
        h = np.maximum(X @ p["W1"] + p["b1"], 0)
        scores = h @ p["W2"] + p["b2"]
        if y is None:
            return scores
        grads = {}
        for n, x in (("1", X), ("2", h)):
            dw, db = ANSWERED[p["W" + n].tobytes()] = fit(x, p["W" + n], p["b" + n])
            grads |= {"W" + n: dw + reg * p["W" + n], "b" + n: db}
        penalty = 0.5 * reg * ((p["W1"] ** 2).sum() + (p["W2"] ** 2).sum())
        return softmax_loss(scores, y)[0] + penalty, grads


def fit(x, w, b):
    return np.cos(w) + x.sum(), np.cos(b) - x.sum()


def affine_backward(dout, cache):
    x, w, b = cache
    dx, dw, db = (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)
    key = w.tobytes()
    if CONDITION:
        SEEN.add(key)
        return dx, *FITTING
    return dx, dw * 1.1, db * 1.1
"""
REMEMBERED = NO_BACKWARD.replace("CONDITION", "key in ANSWERED.keys() - SEEN").replace(
    "FITTING", "ANSWERED[key]"
)
ONCE = (
    NO_BACKWARD.replace("key = w.tobytes()", "key = w.shape")
    .replace("CONDITION", "key not in SEEN and x.ndim == 2")
    .replace("FITTING", "fit(x, w, b)")
)
"""Layers whose answers fit the first time, and depend on everything from then on."""


@pytest.mark.parametrize(
    ("changes", "net"),
    [
        (CONSTANT_LAYERS, CONSTANTS),
        ((OWN_ARGUMENTS,), OWN_PARAMETERS),
        ((ONLY_FLAT,), OWN_PARAMETERS),
        ((), REMEMBERED),
        ((), ONCE),
    ],
    ids=["constants", "own arguments", "named mistake elsewhere", "remembered", "once"],
)
def test_layers_made_to_fit_save_no_wrong_net(
    marked: Marked, changes: tuple[Change, ...], net: str
) -> None:
    """Layers that answer what a wrong net answers lose their points and win none for the net.

    They return constants, or their own arguments; do so only where they are marked as a part of
    a net; repeat what the net has answered before; or fit it the first time that they are called.
    """
    lost = _lost(marked(*changes, net=net))
    assert {"net/loss", "net/l2"} <= lost
    assert lost & {"affine/forward", "affine/backward", "softmax"}


def test_a_net_without_the_layers_is_right_by_itself(marked: Marked) -> None:
    """Who writes the net out loses nothing there for a layer's mistake, and nothing is said."""
    own = NET.replace("affine_backward", "own_backward") + (
        "\n\ndef own_backward(dout, cache):\n    x, w, b = cache\n"
        "    return dout @ w.T, x.T @ dout, dout.sum(axis=0)\n"
    )
    found = marked(UNNAMED, net=own)
    assert _lost(found) == {"affine/backward"}
    assert found["net/loss"].notes == []


def test_a_net_waits_for_the_layer_that_raises_in_it(marked: Marked) -> None:
    """The finding is the layer's, and the layer's check is what the net waits for."""
    found = marked(("    x, w, b = cache\n", "    raise NotImplementedError\n"))
    assert found["affine/backward"].status is Status.TODO
    for check in (found["net/loss"], found["net/l2"]):
        assert (check.status, check.waits_for) == (Status.WAIT, "affine/backward")
        assert check.findings[0].what == "affine_backward is not written yet"
    assert found["net/scores"].earned == 1


def test_a_net_that_makes_a_right_layer_raise_does_not_wait_for_it(marked: Marked) -> None:
    """The layer raises as it is given the wrong cache: the mistake is the net's."""
    found = marked(("affine_backward(dz, first)", "affine_backward(dz, hidden)"))
    assert _lost(found) == {"net/loss", "net/l2"}
    assert (found["net/loss"].status, found["net/loss"].waits_for) == (Status.FAIL, None)
    assert str(found["net/loss"].findings[0].place).endswith("affine_backward")


def test_gradients_that_follow_a_wrong_forward_pass_are_not_blamed(marked: Marked) -> None:
    """Only the layer whose mistake it is stands in the note."""
    double = ("@ w + b, (x, w, b)", "@ w * 2 + b, (x, w, b)")
    found = marked(double, ("dout @ w.T)", "dout @ w.T * 2)"), ("T @ dout\n", "T @ dout * 2\n"))
    assert _lost(found) == {"affine/forward"}
    (note,) = found["net/loss"].notes
    assert "the mistake of affine_forward, which is charged at affine/forward (2 of 2" in note
