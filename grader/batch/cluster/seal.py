"""Closes what Dask may write to a worker's disk to everybody but the client and its workers.

Dask moves the results of tasks to a worker's disk when its memory runs short, and ours quote hidden
inputs. So they are closed with a key that travels as the hidden cases do, from memory to memory.
What is on the network is TLS's affair.
"""

from __future__ import annotations

import os
from typing import Final

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
"""Drawn anew for each message; of as many as a course has, no two will be equal."""


class BadSeal(Exception):
    """Nobody who has the key has written this."""


def sealed(content: bytes, key: bytes) -> bytes:
    """The content, encrypted and signed (ChaCha20-Poly1305, RFC 8439).

    Args:
        content: anything; its length stays visible.
        key: KEY_BYTES of randomness.
    """
    # Here and below: without the extra `cluster`, the command is to say so and not to fall.
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    nonce = os.urandom(_NONCE_BYTES)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, content, None)


def opened(closed: bytes, key: bytes) -> bytes:
    """The content of what was sealed with this key.

    Raises:
        BadSeal: it was not, or not all of it is there.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    nonce, body = closed[:_NONCE_BYTES], closed[_NONCE_BYTES:]
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, body, None)
    except (InvalidTag, ValueError) as error:  # or it is too short to hold a nonce
        raise BadSeal("it was not sealed with the batch's key") from error
