"""One call: what changed, what stays inside."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from grader.worker.calls import Arguments, Vault, call
from grader.worker.wire import Caps, Handle, WireError, decode, encode_bytes


def _call(function: Any, *args: Any, keep: tuple[int, ...] = (), vault: Vault | None = None) -> Any:
    vault = vault or Vault(7, Caps())
    before = np.geterr()
    with warnings.catch_warnings():
        answer = call(function, Arguments(encode_bytes(args), vault), keep, vault)
    np.seterr(**before)
    return decode(b"".join(answer))


def _change_first(x: Any, *_rest: Any) -> None:
    x += 1


def _reshape(x: Any) -> None:
    x.shape = (-1,)


def _new_key(params: Any) -> None:
    params["cache"] = object()


def _nothing(*_args: Any) -> None:
    pass


@pytest.mark.parametrize(
    ("function", "args", "modified"),
    [
        (_nothing, (np.zeros(2), {"W1": np.ones(2)}, [1, 2], None, 3), ()),
        (_nothing, (np.array([np.nan, np.inf, -0.0]),), ()),
        (_nothing, (np.zeros((0, 3)), np.array(2.0)), ()),
        (_change_first, (np.zeros(2), np.zeros(2)), (0,)),
        (_reshape, (np.zeros((2, 3)),), (0,)),
        (_new_key, ({"W1": np.ones(2)},), (0,)),
        (lambda p: p["W1"].__iadd__(1), ({"W1": np.ones(2)},), (0,)),
        (lambda x: x.__setitem__(0, -0.0), (np.zeros(2),), (0,)),
        (lambda x: x.append(1), ([],), (0,)),
    ],
)
def test_arguments_changed_in_place_are_named(function: Any, args: Any, modified: Any) -> None:
    """Bits, shape, dtype and keys count; an untouched NaN does not."""
    assert _call(function, *args)["modified"] == modified


def test_a_kept_element_stays_inside_and_can_be_used_again() -> None:
    """A cache that no encoding could carry is passed on by its handle."""
    vault = Vault(7, Caps())
    answer = _call(lambda x: (x, {1: object(), "x": x}), 3, keep=(1,), vault=vault)
    assert answer["value"] == (3, Handle(7))
    assert _call(lambda c: c["x"], Handle(7), vault=vault)["value"] == 3


def test_a_released_object_is_gone() -> None:
    """Its handle, like any made-up one, is refused."""
    vault = Vault(0, Caps())
    _call(lambda: (1, 2), keep=(0, 1), vault=vault)
    vault.release([0, 99])
    assert _call(lambda c: c, Handle(1), vault=vault)["value"] == 2
    for number in (0, 99):
        with pytest.raises(WireError):
            _call(lambda c: c, Handle(number), vault=vault)


def test_only_tuples_and_lists_are_taken_apart_for_keeping() -> None:
    """A function that returns one array instead of a pair has that array sent."""
    assert _call(lambda: np.zeros(2), keep=(1,))["value"].tolist() == [0, 0]
    assert _call(lambda: [1, 2], keep=(1,))["value"] == (1, Handle(7))


def test_numpys_error_state_is_restored_before_each_call() -> None:
    """np.seterr(all='raise') in one call does not make the next one raise."""
    _call(lambda: np.seterr(all="raise"))
    assert _call(lambda: np.geterr()["divide"])["value"] == "warn"
