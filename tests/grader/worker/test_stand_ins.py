"""Objects in the place of modules that student code cannot have."""

from __future__ import annotations

import numpy as np
import pytest

from grader.worker.stand_ins import Refused, RefusedImport, inert_module


def test_plots_do_nothing_whatever_is_asked_of_them() -> None:
    """Calls, items, arithmetic, with-blocks and unpacking of any count work."""
    plt = inert_module("matplotlib.pyplot")
    fig, ax = plt.subplots()
    n, bins, patches = plt.hist([1, 2], bins=3)
    (line,) = ax.plot([1], [2])
    fig, axes = plt.subplots(2, 2)
    axes[0, 1].imshow(np.zeros((2, 2)), cmap=plt.cm.gray)
    for each in axes.ravel():
        each.set_title("never")
    with plt.style.context("x"):
        line.set_data(n * 2 + bins, -patches)
    assert float(ax.get_ylim()[1]) == 0.0
    assert list(fig.axes) == []


def test_progress_bars_iterate_over_what_they_are_given() -> None:
    """Both tqdm and trange yield the items, and their methods do nothing."""
    tqdm = inert_module("tqdm")
    assert list(tqdm.tqdm([1, 2], desc="x")) == [1, 2]
    assert list(tqdm.trange(1, 3)) == [1, 2]
    assert list(tqdm.notebook.tqdm("ab")) == ["a", "b"]
    with tqdm.tqdm(total=3) as bar:
        bar.update(1)
        bar.set_postfix(loss=0.1)
    assert len(tqdm.tqdm([1, 2])) == 2
    tqdm.tqdm.write("x")


def test_python_2_helpers_mean_their_python_3_names() -> None:
    """As in ``from past.builtins import xrange``."""
    assert inert_module("past.builtins").xrange is range


def test_the_refused_can_be_passed_around_while_loading_and_not_used_after() -> None:
    """Module-level use does not raise; each kind of use afterwards does, with the same words."""
    loading = True
    torch = Refused("torch", "'torch' may not be imported", lambda: loading)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    class Net(torch.nn.Module):  # type: ignore[misc]
        def forward(self) -> int:
            return 1

    @torch.jit.script
    def function() -> int:
        return 1

    loading = False
    uses = (
        Net,
        function,
        lambda: device.type + 1,
        lambda: torch.zeros(3),
        lambda: list(torch.x),
        lambda: bool(torch.x),
        lambda: np.asarray(torch.x),
        lambda: torch.x[0],
    )
    for use in uses:
        with pytest.raises(RefusedImport, match="'torch' may not be imported"):
            use()
