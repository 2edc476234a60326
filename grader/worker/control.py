"""What the fork server and its parent agree on beside the messages."""

from __future__ import annotations

from typing import Final

GOODBYE: Final = b"goodbye"
"""The parent's last words on the control socket: it will clean up itself. A parent that closes the
socket without them has died."""

SCRATCH_PREFIX: Final = "goldgrad-"
"""How the scratch folder's name begins; nothing else is ever deleted on the parent's behalf."""
