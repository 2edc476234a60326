"""Closes what Dask may write to a worker's disk to everybody but the client and its workers.

Dask moves the results of tasks to a worker's disk when its memory runs short, and ours quote hidden
inputs. So they are closed with a key that travels as the hidden cases do, from memory to memory:
added to a keystream (SHAKE-256 of the key and a number used once), then signed (HMAC-SHA-256). What
is on the network is TLS's affair.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import Final

import numpy as np

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 16
_SIGNATURE_BYTES: Final = 32


class BadSeal(Exception):
    """Nobody who has the key has written this."""


def sealed(content: bytes, key: bytes) -> bytes:
    """The content, closed.

    Args:
        content: anything; its length stays visible.
        key: KEY_BYTES of randomness.
    """
    nonce = os.urandom(_NONCE_BYTES)
    body = _added(content, key, nonce)
    return nonce + _signature(nonce + body, key) + body


def opened(closed: bytes, key: bytes) -> bytes:
    """The content of what was sealed with this key.

    Raises:
        BadSeal: it was not, or not all of it is there.
    """
    nonce, signature = closed[:_NONCE_BYTES], closed[_NONCE_BYTES:][:_SIGNATURE_BYTES]
    body = closed[_NONCE_BYTES + _SIGNATURE_BYTES :]
    if not hmac.compare_digest(signature, _signature(nonce + body, key)):
        raise BadSeal("it was not sealed with the batch's key")
    return _added(body, key, nonce)


def _added(content: bytes, key: bytes, nonce: bytes) -> bytes:
    stream = hashlib.shake_256(b"stream" + key + nonce).digest(len(content))
    mixed = np.frombuffer(content, np.uint8) ^ np.frombuffer(stream, np.uint8)
    return mixed.tobytes()


def _signature(content: bytes, key: bytes) -> bytes:
    return hmac.digest(b"signature" + key, content, "sha256")
