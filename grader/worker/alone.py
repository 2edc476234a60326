"""One student's process without a fork server, for systems that cannot fork a warm process.

It connects back to the parent over the loopback interface and shows the token it was given on
its standard input, so that no other local process can take its place.
"""

from __future__ import annotations

import os
import socket
import sys
from typing import Any, Final, cast

from .loop import serve

TOKEN_BYTES: Final = 32


def main(port: int, token: bytes) -> None:
    """Connect to the parent, then serve until it closes the stream.

    Args:
        port: where the parent listens.
        token: what proves to it who we are.
    """
    sys.dont_write_bytecode = True
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.settimeout(None)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(token)
    for stream in (sys.stdout, sys.stderr):
        cast("Any", stream).reconfigure(encoding="utf-8", errors="replace")
    try:
        serve(connection)
    finally:
        os._exit(0)  # what a student registered with atexit does not run
