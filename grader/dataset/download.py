"""Fetching the published dataset once, checked by its SHA-256, into the user's cache folder.

Only `grade dataset` imports this module: it pulls in ``requests``.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from grader.assignment import DatasetRule
from grader.dataset.cache import cached, digest, store
from grader.dataset.table import MAX_BYTES
from grader.errors import GoldgradError

_OFFLINE = "fetch it elsewhere and give it with --file, or go on with the bundled stand-in"


class DownloadFailed(GoldgradError):
    """The dataset could not be fetched: no network, no answer, or not the right answer."""

    exit_code = 2


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds, and how often to try again."""

    connect: float = 5
    read: float = 10
    total: float = 60
    """For the whole answer, however slowly it drips."""
    retries: int = 2
    backoff: float = 0.5
    """Before the n-th retry: backoff · 2^(n-1)."""


def download(rule: DatasetRule, patience: Patience | None = None, *, force: bool = False) -> Path:
    """Fetch the rule's dataset into the cache, unless it is there already.

    The file appears whole or not at all.

    Args:
        rule: address and SHA-256.
        patience: waits and retries.
        force: fetch it even when it is cached.

    Raises:
        DownloadFailed: no network, an error of the server, or a file with another hash.
        GraderFailure: the cache folder cannot be written.
    """
    present = None if force else cached(rule)
    if present is not None:
        return present
    content = _fetch(rule.url, patience or Patience())
    found = digest(content)
    if found != rule.sha256:
        raise DownloadFailed(
            f"{rule.url} is not the expected file: its SHA-256 is {found}, not {rule.sha256}",
            hint=f"it may have been replaced, or a proxy answered in its place; {_OFFLINE}",
        )
    return store(rule, content)


def _fetch(url: str, patience: Patience) -> bytes:
    try:
        with (
            _session(patience) as session,
            session.get(url, timeout=(patience.connect, patience.read), stream=True) as response,
        ):
            if not response.ok:
                raise DownloadFailed(
                    f"{url} answered {response.status_code} {response.reason}", hint=_OFFLINE
                )
            return _body(response, url, time.monotonic() + patience.total)
    except requests.RequestException as error:
        raise DownloadFailed(f"cannot fetch {url}: {_reason(error)}", hint=_OFFLINE) from error


def _session(patience: Patience) -> requests.Session:
    retry = Retry(
        total=patience.retries,
        backoff_factor=patience.backoff,
        status_forcelist=(429, 500, 502, 503, 504),
        raise_on_status=False,
        respect_retry_after_header=False,  # an hour's wait is not ours to take
    )
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session


def _body(response: requests.Response, url: str, deadline: float) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(1024):
        content += chunk
        if len(content) > MAX_BYTES:
            raise DownloadFailed(f"{url} sends more than {MAX_BYTES // 1_000_000} MB: no dataset")
        if time.monotonic() > deadline:
            raise DownloadFailed(f"{url} is too slow; gave up", hint=_OFFLINE)
    return bytes(content)


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "the secure connection could not be made"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection broke off"
    if isinstance(error, requests.ConnectionError):
        # requests reports a read timeout during retries as a ConnectionError.
        return "no answer in time" if "timed out" in str(error).lower() else "no connection"
    return type(error).__name__
