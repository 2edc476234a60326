"""grader/batch/cluster/messages.py and seal.py: what a worker sends is checked, and closed."""

from __future__ import annotations

import json
import pickle
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.batch.cluster.messages import BadReply, Reply, is_unprepared, unprepared
from grader.batch.cluster.seal import BadSeal, opened, sealed

KEY = bytes(range(32))


@given(content=st.binary(max_size=300))
def test_a_seal_opens_for_its_key_alone(content: bytes) -> None:
    """With another key, or with a byte changed or missing, there is nothing to be read."""
    closed = sealed(content, KEY)
    assert opened(closed, KEY) == content
    changed = [closed[:i] + bytes([closed[i] ^ 1]) + closed[i + 1 :] for i in range(len(closed))]
    for other in (*changed, closed[:-1], b"", content):
        with pytest.raises(BadSeal):
            opened(other, KEY)
    with pytest.raises(BadSeal):
        opened(closed, bytes(32))


def test_what_is_sealed_twice_looks_different_each_time() -> None:
    """No keystream is used twice: two closed texts tell nothing about each other."""
    content = bytes(1000)
    first, second = (sealed(content, KEY) for _ in range(2))
    same = sum(a == b for a, b in zip(first, second, strict=True))
    assert same < 40
    assert bytes(8) not in first


def test_a_reply_comes_back_as_it_was() -> None:
    """Words, and what is not a finite number."""
    reply = Reply(trouble="снег", failed=True)
    assert Reply.from_bytes(reply.to_bytes(KEY), KEY) == reply


def _closed(text: str) -> bytes:
    return sealed(zlib.compress(text.encode()), KEY)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="nothing"),
        pytest.param(3.5, id="a number"),
        pytest.param("text", id="a text"),
        pytest.param(b"", id="no bytes"),
        pytest.param(pickle.dumps(Reply(trouble="a pickle")), id="a pickle"),
        pytest.param(zlib.compress(b'{"trouble": "not sealed"}'), id="not sealed"),
        pytest.param(sealed(b"not compressed", KEY), id="not compressed"),
        pytest.param(sealed(zlib.compress(b'{"trouble": "x"}')[:-3], KEY), id="cut off"),
        pytest.param(_closed("[]"), id="a list"),
        pytest.param(_closed('{"trouble": "x", "points": 100}'), id="one key too many"),
        pytest.param(_closed(json.dumps({"result": {"earned": 100}})), id="no result"),
    ],
)
def test_what_is_no_reply_is_refused(content: object) -> None:
    """Nothing that a worker sends is believed, or unpickled by us."""
    with pytest.raises(BadReply):
        Reply.from_bytes(content, KEY)


def test_a_reply_that_unpacks_without_end_is_refused() -> None:
    """Twenty megabytes in twenty kilobytes are not unpacked."""
    bomb = sealed(zlib.compress(b" " * (20 << 20)), KEY)
    with pytest.raises(BadReply, match="too many bytes"):
        Reply.from_bytes(bomb, KEY)


def test_a_worker_without_anything_to_mark_with_says_who_it_is() -> None:
    """So that it can be given what it lacks; no reply is taken for that."""
    assert is_unprepared(unprepared("tcp://10.0.0.7:4000")) == "tcp://10.0.0.7:4000"
    for other in ("", None, b"unprepared: x", Reply(trouble="unprepared: x").to_bytes(KEY)):
        assert is_unprepared(other) is None
