"""The instructor's secret seed, and how everything hidden is drawn from it."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from pathlib import Path

import numpy as np

from grader.errors import GraderFailure, UnusableInput

_BYTES = 32


def seed_file() -> Path:
    """Where the secret seed is kept: the user's data folder (``GOLDGRAD_HOME`` overrides it)."""
    home = os.environ.get("GOLDGRAD_HOME")
    if home:
        return Path(home) / "seed"
    import platformdirs

    return Path(platformdirs.user_data_dir("goldgrad")) / "seed"


def secret_seed() -> bytes:
    """The secret seed; made on first use, readable by its owner alone (mode 0600).

    A file of ours that others may read (a copy, a restored backup) is made private again.

    Raises:
        GraderFailure: the seed's file cannot be written or read.
        UnusableInput: the file is not a seed.
    """
    path = seed_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _create(path)
        _make_private(path)
        text = path.read_text(encoding="ascii").strip()
        seed = bytes.fromhex(text)
    except OSError as error:
        raise GraderFailure(
            f"cannot keep the secret seed in {path}: {error.strerror}",
            hint="set GOLDGRAD_HOME to a folder of yours, or give --seed",
        ) from error
    except ValueError as error:
        raise UnusableInput(
            f"{path} does not hold a seed", hint="remove it and a new one is made"
        ) from error
    if len(seed) < 16:
        raise UnusableInput(f"{path} holds too short a seed", hint="remove it; a new one is made")
    return seed


def _create(path: Path) -> None:
    # The content is complete before the name exists: two graders that start together agree.
    if path.exists():
        return
    # Not called by the process alone: its threads would write to one another's draft.
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_BYTES) + "\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _make_private(path: Path) -> None:
    # Windows has neither owners by number nor these bits.
    if os.name != "posix":
        return
    status = path.stat()
    if status.st_uid == os.getuid() and stat.S_IMODE(status.st_mode) & 0o077:
        path.chmod(0o600)


def derived(seed: bytes, *labels: str) -> bytes:
    """A 32-byte key that is the seed's alone for these labels (keyed BLAKE2b)."""
    key = hashlib.blake2b(seed, digest_size=32).digest()
    return hashlib.blake2b("\0".join(labels).encode(), key=key, digest_size=32).digest()


def generator(seed: bytes, *labels: str) -> np.random.Generator:
    """A random generator for one purpose; other labels give an independent one."""
    return np.random.default_rng(list(derived(seed, *labels)))
