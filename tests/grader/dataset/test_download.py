"""grader/dataset/download.py, against a real server on the loopback interface."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from grader.assignment import DatasetRule
from grader.dataset.cache import cached
from grader.dataset.download import DownloadFailed, Patience, download

CONTENT = b"0.1 0.2 1\n" * 3
QUICK = Patience(connect=0.5, read=0.2, total=2, retries=2, backoff=0)
Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A server that gives its answers in order and repeats the last."""

    def __init__(self) -> None:
        site = self
        self.answers: list[Answer] = []
        self.asked = 0

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer = site.answers[min(site.asked, len(site.answers) - 1)]
                site.asked += 1
                answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = False
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01}
        )
        self.thread.start()

    def rule(self, content: bytes = CONTENT) -> DatasetRule:
        return DatasetRule(
            url=f"http://127.0.0.1:{self.server.server_port}/course/data.txt?x=1",
            sha256=hashlib.sha256(content).hexdigest(),
            inputs=2,
            classes=3,
            train=2,
            test=1,
        )

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    site = Site()
    yield site
    site.close()


def good(request: BaseHTTPRequestHandler) -> None:
    send(request, 200, CONTENT)


def send(request: BaseHTTPRequestHandler, status: int, body: bytes, length: int = -1) -> None:
    request.send_response(status)
    request.send_header("Content-Length", str(len(body) if length < 0 else length))
    request.end_headers()
    request.wfile.write(body)


def leftovers(cache: Path) -> list[Path]:
    return [path for path in cache.rglob("*") if path.is_file()]


def test_success_is_stored_under_its_name_and_not_fetched_twice(
    site: Site, own_cache: Path
) -> None:
    """The second call asks nobody; --force asks again."""
    site.answers = [good]
    path = download(site.rule(), QUICK)
    assert path.name == "data.txt"
    assert path.read_bytes() == CONTENT
    assert leftovers(own_cache) == [path]
    assert download(site.rule(), QUICK) == path
    assert site.asked == 1
    download(site.rule(), QUICK, force=True)
    assert site.asked == 2


def test_a_wrong_hash_is_refused_and_nothing_is_kept(site: Site, own_cache: Path) -> None:
    """Somebody else's file never reaches the cache, nor replaces a good one."""
    site.answers = [good]
    with pytest.raises(DownloadFailed, match="is not the expected file") as caught:
        download(site.rule(b"other"), QUICK)
    assert "--file" in (caught.value.hint or "")
    assert leftovers(own_cache) == []


def test_a_failing_server_is_asked_again(site: Site, own_cache: Path) -> None:
    """500, 503, then 200: the file arrives."""
    site.answers = [lambda r: send(r, 500, b""), lambda r: send(r, 503, b"x"), good]
    assert download(site.rule(), QUICK).read_bytes() == CONTENT
    assert site.asked == 3
    assert len(leftovers(own_cache)) == 1


@pytest.mark.parametrize(("status", "asked"), [(404, 1), (500, 3)])
def test_a_lasting_error_is_reported_with_its_status(
    site: Site, own_cache: Path, status: int, asked: int
) -> None:
    """What is gone is not asked for again; what fails, a limited number of times."""
    site.answers = [lambda r: send(r, status, b"no")]
    with pytest.raises(DownloadFailed, match=f"answered {status}"):
        download(site.rule(), QUICK)
    assert site.asked == asked
    assert leftovers(own_cache) == []


def test_a_silent_server_is_given_up(site: Site, own_cache: Path) -> None:
    """No answer within the patience: an error that says so and what to do."""
    release = threading.Event()
    site.answers = [lambda _: release.wait(5) and None]
    try:
        with pytest.raises(DownloadFailed, match="no answer in time") as caught:
            download(site.rule(), QUICK)
    finally:
        release.set()
    assert "stand-in" in (caught.value.hint or "")
    assert leftovers(own_cache) == []


def test_a_dripping_server_is_given_up(site: Site, own_cache: Path) -> None:
    """A server that always sends a little in time still meets the total deadline."""

    def drip(request: BaseHTTPRequestHandler) -> None:
        send(request, 200, b"", length=10_000_000)
        while True:
            try:
                request.wfile.write(b"x" * 1024)
            except OSError:
                return
            time.sleep(0.02)

    site.answers = [drip]
    with pytest.raises(DownloadFailed, match="too slow"):
        download(site.rule(), Patience(read=1, total=0.2, retries=0))
    assert leftovers(own_cache) == []


def test_a_broken_connection_leaves_no_partial_file(site: Site, own_cache: Path) -> None:
    """Half a file is no file."""
    site.answers = [lambda r: send(r, 200, CONTENT[:7], length=len(CONTENT))]
    with pytest.raises(DownloadFailed, match="cannot fetch"):
        download(site.rule(), QUICK)
    assert leftovers(own_cache) == []


def test_an_endless_answer_is_cut(
    site: Site, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cap on the size holds whatever the server promises."""
    monkeypatch.setattr("grader.dataset.download.MAX_BYTES", 5_000)
    site.answers = [lambda r: send(r, 200, b"x" * 50_000)]
    with pytest.raises(DownloadFailed, match="no dataset"):
        download(site.rule(), QUICK)
    assert leftovers(own_cache) == []


def test_without_network_the_way_out_is_told(own_cache: Path, site: Site) -> None:
    """A closed port: no traceback, and the hint names --file and the stand-in."""
    rule = site.rule()
    site.server.shutdown()
    site.server.server_close()
    with pytest.raises(DownloadFailed, match="no connection") as caught:
        download(rule, QUICK)
    assert "--file" in (caught.value.hint or "")
    assert "stand-in" in (caught.value.hint or "")
    assert cached(rule) is None
    assert not own_cache.exists()
