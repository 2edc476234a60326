"""What goes between the client and its workers, beside the submissions.

To a worker goes a pickle: who may hand tasks to a Dask worker can run anything there. Back comes
sealed and compressed JSON, which is checked against our schema: a worker has seen what students
wrote.
"""

from __future__ import annotations

import json
import pickle
import zlib
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from grader.batch.cluster.seal import BadSeal, opened, sealed
from grader.batch.marker import Answer
from grader.marking import Marking
from grader.result import Result
from grader.sandbox import Tier
from grader.untrusted import shown

_MOST_UNPACKED = 16 << 20
"""Bytes of an answer; a Result has some fifty thousand."""
_UNPREPARED = "unprepared: "


class BadReply(Exception):
    """A worker's answer is not what a worker answers; the text says why."""


@dataclass(frozen=True)
class Delivery:
    """What a worker marks with."""

    marking: Marking
    train: bool
    tier: Tier | None
    """Of the wall; None for the strongest that the worker can have."""
    patience: float
    """Seconds of wall time after which a submission is given up."""
    key: bytes
    """What replies are sealed with."""

    def to_bytes(self) -> bytes:
        """To be sent to a worker, whose versions are known to be ours."""
        return zlib.compress(pickle.dumps(self), 1)

    @staticmethod
    def from_bytes(content: bytes) -> Delivery:
        """What the client has sent."""
        delivery = pickle.loads(zlib.decompress(content))  # noqa: S301 - from our client, see above
        if not isinstance(delivery, Delivery):
            raise TypeError(f"a {type(delivery).__name__} was delivered")
        return delivery


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Equipment(_Record):
    """What is installed where a worker, or the client, runs."""

    goldgrad: str
    solution: str = ""
    """The revision of the reference solution; "" without it."""
    numpy: str = ""
    python: str = ""
    """Major and minor version: what students' code may use depends on them."""
    lacking: tuple[str, ...] = ()
    """Frameworks that the assignment allows and that are not there."""


class Readiness(_Record):
    """What a worker says when it was given what to mark with."""

    wall: str = ""
    """The tier of its wall."""
    refused: str | None = None
    """Why this wall is not good enough for code that nobody vouches for."""
    failure: str | None = None
    """Why it cannot mark at all."""


class Reply(_Record):
    """What came of a submission on a worker."""

    result: Result | None = None
    trouble: str | None = None
    failed: bool = False

    @staticmethod
    def of(answer: Answer) -> Reply:
        """A marker's answer."""
        return Reply(result=answer.result, trouble=answer.trouble, failed=answer.failed)

    def to_bytes(self, key: bytes) -> bytes:
        """Sealed; numbers are kept exactly: NaN and infinities stay what they are."""
        text = json.dumps(self.model_dump(), ensure_ascii=False).encode()
        return sealed(zlib.compress(text, 1), key)

    @staticmethod
    def from_bytes(content: Any, key: bytes) -> Reply:
        """What a worker has sent; nothing in it is believed before it is checked.

        Raises:
            BadReply: it is not a Reply.
        """
        if not isinstance(content, bytes):
            raise BadReply(f"it is a {type(content).__name__}")
        reader = zlib.decompressobj()
        try:
            text = reader.decompress(opened(content, key), _MOST_UNPACKED)
            if not reader.eof:
                raise BadReply("it is cut off, or has too many bytes")
            return Reply.model_validate_json(text)
        except (BadSeal, zlib.error, ValidationError) as error:
            raise BadReply(shown(error)) from error

    def check(self, marking: Marking, sha256: str) -> None:
        """See to it that this is an answer to what was asked.

        Args:
            marking: what was to be marked with.
            sha256: of the submission.

        Raises:
            BadReply: it is not.
        """
        result = self.result
        if result is None:
            if self.trouble is None:
                raise BadReply("it is empty")
            return
        expected = (marking.assignment.assignment, sha256, marking.bundle_sha256)
        bundle = result.bundle.sha256 if result.bundle is not None else None
        if (result.assignment, result.submission.sha256, bundle) != expected:
            raise BadReply("it is about another submission, or was marked with something else")
        if not result.earned <= result.points == marking.assignment.points:
            raise BadReply("its points are not the assignment's")


def unprepared(worker: str) -> str:
    """What a worker answers that has nothing to mark with: nothing came of the submission.

    Args:
        worker: its address.
    """
    return _UNPREPARED + worker


def is_unprepared(content: Any) -> str | None:
    """The address of the worker that answered so; None for another answer."""
    if isinstance(content, str) and content.startswith(_UNPREPARED):
        return content.removeprefix(_UNPREPARED)
    return None
