"""Folders of CS231n as students have them: right ones of two years, parts, and mistakes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.grading import grade
from grader.marking import Marking, prepare
from grader.render.terminal import render_terminal
from grader.result import Result
from grader.sandbox import ForkServer
from grader.template import starting_files, write_files
from reference.submission import solution_files

pytestmark = pytest.mark.slow

FOLDERS = Path(__file__).parents[2] / "fixtures/cs231n"
_L, _O, _C = "cs231n/layers.py", "cs231n/optim.py", "cs231n/classifiers"
_1, _2 = "assignment1/cs231n", "assignment2/cs231n"
_CONV_BACKWARD = ("conv/backward", "conv/backward/no_padding")
Edit = tuple[str, str, str]
Mark = Callable[..., Result]


@pytest.fixture(scope="module")
def marking() -> Marking:
    """What such folders are marked with."""
    return prepare("cs231n", visibility="hidden", seed="tests")


@pytest.fixture
def mark(tmp_path: Path, marking: Marking, server: ForkServer) -> Mark:
    """Marks a folder in which some text was replaced, and some files left out."""

    def marked(year: str, *edits: Edit, only: tuple[str, ...] = ()) -> Result:
        folder = tmp_path / "homework"
        shutil.copytree(FOLDERS / year, folder)
        for path, old, new in edits:
            text = (folder / path).read_text("utf-8")
            assert old in text, (path, old)
            (folder / path).write_text(text.replace(old, new, 1), "utf-8")
        for path in [path for path in folder.rglob("*") if only and path.is_file()]:
            if path.relative_to(folder).as_posix() not in only:
                path.unlink()
        return grade(folder, marking, server=server)

    return marked


def _lost(result: Result) -> dict[str, str]:
    """Check -> the mistakes that it names (or what it says), of all that lose points."""
    return {
        check.id: " ".join(f.bug.id.partition("/")[2] for f in check.findings if f.bug)
        for part in result.parts
        for check in part.checks
        if check.earned < check.points
    }


@pytest.mark.parametrize("year", ["year2016", "year2023"])
def test_a_right_folder_of_any_year_earns_everything(mark: Mark, year: str) -> None:
    """Loops or einsum, dicts or tuples, p to keep or to drop, reg halved, old NumPy names."""
    result = mark(year)
    assert (_lost(result), result.earned) == ({}, 100)


def test_what_varies_is_told(mark: Mark) -> None:
    """Each convention that was found, and each name of an older version, with nothing deducted."""
    result = mark("year2016")
    assert any("p is the probability that a unit is dropped" in note for note in result.notes)
    assert any("half of reg" in note for note in result.notes)
    remarks = " ".join(note for part in result.parts for c in part.checks for note in c.notes)
    assert "changes its argument 1" in remarks
    assert "changes its argument 3" not in remarks  # an optimizer's config is there to be changed
    assert any("xrange is Python 2; write range" in note for note in result.notes)
    assert any("np.product was removed" in note for note in result.notes)


def test_a_part_of_the_functions_loses_only_the_others(mark: Mark) -> None:
    """A folder of two files earns what is in them; what no file defines is said so."""
    result = mark("year2016", only=(_L, _O))
    earned = {part.id: part.earned for part in result.parts}
    assert earned == {
        "nearest_neighbour": 0,
        "linear": 0,
        "nets": 0,
        "layers": 14,
        "optimizers": 12,
        "normalisation": 19,
        "dropout": 5,
        "convolution": 20,
    }
    check = result.check("knn/vote")
    assert check.findings[0].what == "no file defines KNearestNeighbor"


def test_what_the_course_hands_out_need_not_be_handed_in(mark: Mark) -> None:
    """Nets call layer_utils, fast_layers and what that has compiled, and earn all points."""
    files = [f"cs231n/{name}.py" for name in ("layers", "classifiers/fc_net", "classifiers/cnn")]
    result = mark("year2023/assignment2", only=tuple(files))
    nets = [check for check in result.parts[2].checks if not check.id.startswith("two_layer")]
    assert [(check.id, check.findings) for check in nets if check.earned < check.points] == []
    assert not any("layer_utils" in note for note in result.notes)


def test_what_is_handed_out_earns_no_points_for_a_layer(mark: Mark) -> None:
    """A convolution that calls the compiled one is refused, and the net that calls it is right."""
    head = "def conv_forward_naive(x, w, b, conv_param):\n"
    quick = "  import cs231n.fast_layers as f\n  return f.conv_forward_fast(x, w, b, conv_param)\n"
    result = mark("year2016", (_L, head, head + quick))
    assert {"conv/forward"} <= _lost(result).keys() <= {"conv/forward", *_CONV_BACKWARD}
    assert "handed out for" in str(result.check("conv/forward").findings[0].student_text)


def test_a_net_that_is_not_there_costs_nothing(mark: Mark) -> None:
    """Without fc_net.py and cnn.py, whole points for the net of assignment 1."""
    result = mark("year2023/assignment1")
    assert {part.id: part.earned for part in result.parts}["nets"] == 10


_2016: list[Edit] = [
    (_L, "dx_pad[:, :, pad:pad + H, pad:pad + W]", "dx_pad[:, :, pad:-pad, pad:-pad]"),
    (_L, "+= mask * dout[n, c, i, j]", "= mask * dout[n, c, i, j]"),
    (_L, "  xhat = (x - running_mean)", "  out = xhat = (x - running_mean)"),
    (_L, "(running_var + eps)\n    out = gamma * xhat + beta", "(running_var + eps)"),
    (_L, "dx = dx1 + 1. / N * np.ones((N, D)) * dmu", "dx = dx1"),
    (_L, "(N * dout - xhat * dgamma - dbeta)", "(N * dout - dbeta)"),
    (_L, "  margins[np.arange(N), y] = 0\n", ""),
    (_L, "  out = rows.dot(w) + b\n", "  out = rows.dot(w)\n"),
    (_L, "db = np.sum(dout, axis=0)", "db = np.ones(b.shape)"),
    (_L, "(np.random.rand(*x.shape) >= p) / (1. - p)", "np.random.rand(*x.shape) >= p"),
    (_O, "next_w = w + v", "next_w = w + config['momentum'] * v - config['learning_rate'] * dw"),
    (_O, "(np.sqrt(config['cache']) + config['epsilon'])", "np.sqrt(config['cache'] + 1e-8)"),
    (_O, "config['m'] / (1 - beta1 ** config['t'])", "config['m']"),
    (_O, "config['v'] / (1 - beta2 ** config['t'])", "config['v']"),
    (f"{_C}/linear_svm.py", "num_train + 0.5 * reg", "num_train + reg"),
    (f"{_C}/softmax.py", "  dW += reg * W\n", ""),
    (f"{_C}/softmax.py", "num_train + reg * W", "num_train + reg * np.sum(W)"),
    (f"{_C}/neural_net.py", "scores = h1.dot(W2) + b2", "scores = np.maximum(0, h1.dot(W2) + b2)"),
    (f"{_C}/k_nearest_neighbor.py", "dists = np.sqrt(-2 *", "dists = (-2 *"),
    (f"{_C}/k_nearest_neighbor.py", "np.argsort(dists[i])[:k]", "np.argsort(dists[i])[-k:]"),
]
_NAMED_2016 = {
    "knn/no_loops": "l2_without_root",
    "knn/vote": "farthest",
    "svm/vectorised/l2": "penalty_gradient_halved",
    "softmax/naive/l2": "penalty_only_in_loss",
    "softmax/vectorised/l2": "penalty_gradient_is_sum",
    "two_layer_net/scores": "relu_on_scores",
    "affine/forward": "no_bias",
    "affine/backward": "db_ones",
    "losses/svm": "true_class_in_loss",
    "optim/momentum": "nesterov",
    "optim/rmsprop": "epsilon_inside_root",
    "optim/adam": "no_bias_correction",
    "batchnorm/test": "gamma_and_beta_missing_at_test",
    "batchnorm/backward": "mean_path_missing",
    "batchnorm/backward/alternative": "variance_path_missing",
    "dropout/train": "not_scaled",
    "conv/backward/no_padding": "dx_empty_without_padding",
    "max_pool/backward/overlap": "window_overwritten",
}
_2023: list[Edit] = [
    (f"{_2}/layers.py", "np.random.rand(", "np.random.randn("),
    (
        f"{_2}/layers.py",
        "axis=(2, 3, 4), keepdims=True)\n    var",
        "axis=2, keepdims=True)\n    var",
    ),
    (f"{_2}/layers.py", "groups.var(axis=(2, 3, 4), ", "groups.var(axis=2, "),
    (f"{_2}/layers.py", "(1 - momentum) * var", "(1 - momentum) * std"),
    (f"{_2}/layers.py", "i * S + k, j * S + l]", "i * S : i * S + PH, j * S : j * S + PW]"),
    (f"{_2}/layers.py", "np.sum(log_probs[np.arange(N), y]) / N", "np.sum(log_probs[range(N), y])"),
    (
        f"{_2}/layers.py",
        "x.reshape(x.shape[0], -1).T.dot(dout)",
        "x.reshape(len(x), -1).T.dot(dout) / len(x)",
    ),
    (f"{_2}/layers.py", "windows, w) + b", "windows, w[:, :, ::-1, ::-1]) + b"),
    (f"{_2}/layers.py", "np.where(cache > 0", "np.where(dout > 0"),
    (f"{_2}/optim.py", 'config["t"] = t = config["t"] + 1', 't = config["t"] + 1'),
    (f"{_2}/optim.py", '(np.sqrt(config["cache"]) + eps)', '(config["cache"] + eps)'),
    (f"{_2}/optim.py", "v = mu * v - lr * dw", "v = mu * v - (1 - mu) * lr * dw"),
    (f"{_1}/classifiers/fc_net.py", "loss += 0.5 * self.reg", "loss += self.reg"),
    (f"{_1}/classifiers/softmax.py", "loss -= np.log(p[yi])", "loss -= np.log10(p[yi])"),
    (
        f"{_1}/classifiers/softmax.py",
        "    loss = -np.log",
        "    p = np.exp(p)\n    p /= p.sum(1)[:, None]\n    loss = -np.log",
    ),
    (f"{_1}/classifiers/linear_svm.py", "                dW[:, y[i]] -= X[i]\n", ""),
    (
        f"{_1}/classifiers/k_nearest_neighbor.py",
        "np.linalg.norm(X[i] - self.X_train[j])",
        "np.abs(X[i] - self.X_train[j]).sum()",
    ),
]
_NAMED_2023 = {
    "knn/two_loops": "l2_is_manhattan",
    "svm/naive": "true_class_gradient_missing",
    "softmax/naive": "log_base_10",
    "softmax/vectorised": "softmax_twice",
    "two_layer_net/l2": "l2_gradient_half",
    "affine/backward": "dw_divided_by_batch",
    "relu/backward": "derivative_at_upstream",
    "losses/softmax": "loss_summed",
    "optim/momentum": "moving_average",
    "optim/rmsprop": "no_square_root",
    "optim/adam": "t_stands_still",
    "batchnorm/running": "running_var_fed_with_root_and_eps",
    "groupnorm/forward": "statistics_of_pixels",
    "dropout/train": "normal_numbers",
    "conv/forward": "filter_flipped",
    "max_pool/backward": "gradient_to_every_pixel",
}


@pytest.mark.parametrize(
    ("year", "edits", "named"),
    [("year2016", _2016, _NAMED_2016), ("year2023", _2023, _NAMED_2023)],
    ids=["2016", "2023"],
)
def test_mistakes_of_real_students_are_named(
    mark: Mark, year: str, edits: list[Edit], named: dict[str, str]
) -> None:
    """Many in one folder, each in a function of its own: each named, at the check that it costs."""
    lost = _lost(mark(year, *edits))
    assert {check: lost.get(check) for check in named} == named
    assert {name for check, name in lost.items() if name and check not in named} <= {
        *named.values()
    }


_FC, _CNN = "classifiers/fc_net.py", "classifiers/cnn.py"
_NETS_2016: list[Edit] = [
    (f"{_C}/fc_net.py", "if self.use_batchnorm:\n      for bn", "if 0:\n      for bn"),
    (f"{_C}/cnn.py", "  grads['W3'] = dW3 + self.reg * W3", "  grads['W3'] = dW3"),
]
_NETS_2023: list[Edit] = [
    (f"{_2}/{_FC}", "for l in range(self.num_layers))\n        g", "for l in [0])\n        g"),
    (f"{_2}/{_CNN}", "affine_forward(a2", "affine_relu_forward(a2"),
    (f"{_2}/{_CNN}", "= affine_backward(dout", "= affine_relu_backward(dout"),
]


@pytest.mark.parametrize(
    ("year", "edits", "named"),
    [
        (
            "year2016",
            _NETS_2016,
            {
                "fc_net/batchnorm": "batch_statistics_at_test",
                "convnet/l2": "l2_gradient_without_last",
            },
        ),
        (
            "year2023",
            _NETS_2023,
            {"fc_net/l2": "l2_loss_of_first_only", "convnet/scores": "relu_on_scores_and_back"},
        ),
    ],
    ids=["2016", "2023"],
)
def test_mistakes_of_nets_are_named(
    mark: Mark, year: str, edits: list[Edit], named: dict[str, str]
) -> None:
    """Where the layers are right, each mistake of a net that calls them has its name."""
    assert _lost(mark(year, *edits)) == named


def test_a_layer_s_mistake_is_charged_once_in_a_net_that_calls_it(mark: Mark) -> None:
    """In folders as they stand: the nets' points stay, and feedback says why."""
    edit = (f"{_1}/layers.py", "-1).T @ dout", "-1).T @ dout * 1.5")
    other = (f"{_2}/layers.py", "-1).T.dot(dout)", "-1).T.dot(dout) * 1.5")
    result = mark("year2023", edit, other)
    earned = {part.id: part.earned for part in result.parts}
    assert (earned["nets"], result.check("affine/backward").earned) == (10, 0)
    assert all(f.bug is None for f in result.check("affine/backward").findings)
    text = " ".join(render_terminal(result).split())
    assert (
        "note: TwoLayerNet.loss is right for your own functions: it passes on the mistake of "
        "affine_backward, which is charged at affine/backward, not twice"
    ) in text


def test_batch_norm_s_mistake_is_charged_once_where_that_of_images_calls_it(mark: Mark) -> None:
    """An unnamed mistake in either direction costs nothing at the spatial functions."""
    result = mark(
        "year2023/assignment2",
        (_L, "x_hat = (x - mu) / std", "x_hat = (x - 1.1 * mu) / std"),
        (_L, "dx = dx1 + dmu / len(dout)", "dx = dx1 + 0.9 * dmu / len(dout)"),
    )
    for way, lost in (("forward", "batchnorm/train"), ("backward", "batchnorm/backward")):
        check = result.check(f"spatial_batchnorm/{way}")
        assert (check.earned, result.check(lost).earned) == (check.points, 0)
        assert lost in check.notes[0]


def test_the_solution_with_a_bug_of_a_net_can_be_marked(
    tmp_path: Path, marking: Marking, server: ForkServer
) -> None:
    """As `grade validate` does it: the class that it is planted in knows all keyword arguments."""
    bug = "fully_connected_net/batchnorm_after_relu"
    files = solution_files(marking.assignment, bug=bug)
    write_files(tmp_path / "hw", {path: text.encode() for path, text in files.items()})
    result = grade(tmp_path / "hw", marking, server=server)
    assert _lost(result) == {"fc_net/batchnorm": "batchnorm_after_relu"}


def test_what_students_start_from_is_all_to_be_written(
    tmp_path: Path, marking: Marking, server: ForkServer
) -> None:
    """The composed template earns nothing, and no class waits for what no check is about."""
    write_files(tmp_path / "hw", starting_files(marking.assignment, marking.oracle))
    result = grade(tmp_path / "hw", marking, server=server)
    checks = [check for part in result.parts for check in part.checks]
    assert result.earned == 0
    assert {check.status.value for check in checks} == {"todo", "wait"}
    known = {check.id for check in checks}
    assert {check.waits_for for check in checks if check.waits_for} <= known
    assert result.check("knn/vote").findings[0].what == "KNearestNeighbor.train is not written yet"
