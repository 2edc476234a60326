"""grader/batch/cluster/admission.py: addresses at which no scheduler is, workers that hang."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grader.batch.cluster import admission as room
from grader.batch.cluster.admission import Admission, reached
from grader.batch.cluster.messages import Delivery
from grader.batch.cluster.seal import KEY_BYTES
from grader.cli.group import grade
from grader.errors import UnusableInput
from grader.marking import Marking

NOT_INSTALLED = "CLUSTER NOT TESTED: the extra `cluster` is not installed"


def refusal(address: str) -> UnusableInput:
    """What is said of an address."""
    with pytest.raises(UnusableInput) as caught, reached(address):
        pass
    return caught.value


@pytest.mark.parametrize("address", ["", "tcp://", "a:b:c", "bogus://x:1", "tls://127.0.0.1:1"])
def test_an_address_that_is_none_is_told(address: str) -> None:
    """With what one looks like; TLS without certificates is one, too."""
    pytest.importorskip("distributed", reason=NOT_INSTALLED)
    error = refusal(address)
    assert "cannot be used as a scheduler" in str(error)
    assert "tcp://10.0.0.5:8786" in (error.hint or "")


@pytest.mark.slow
def test_a_port_where_something_else_listens_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes the connection and never says a word is not waited for without end."""
    pytest.importorskip("distributed", reason=NOT_INSTALLED)
    monkeypatch.setattr(room, "_REACH_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = refusal(f"tcp://127.0.0.1:{silent.getsockname()[1]}")
    assert "no Dask scheduler answers at tcp://127.0.0.1:" in str(error)
    assert "dask scheduler" in (error.hint or "")


def test_a_port_where_nobody_listens_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time that a busy scheduler may need."""
    pytest.importorskip("distributed", reason=NOT_INSTALLED)
    monkeypatch.setattr(room, "_REACH_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert "no Dask scheduler answers" in str(refusal(f"tcp://127.0.0.1:{port}"))


def test_without_dask_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is not there by default."""
    monkeypatch.setitem(sys.modules, "dask", None)
    error = refusal("tcp://127.0.0.1:8786")
    assert "not installed" in str(error)
    assert error.hint == "pip install 'goldgrad[cluster]'"


@pytest.mark.slow
def test_a_worker_that_hangs_holds_up_nobody(
    cluster: Any, marking: Marking, wait_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told, and let in when it answers again."""
    told: list[str] = []
    stopped = cluster.worker("--no-nanny")
    cluster.worker("--no-nanny")
    with reached(cluster.address) as client:
        wait_for(lambda: len(client.nthreads()) == 2, "both workers join")
        delivery = Delivery(marking, False, None, 60.0, bytes(KEY_BYTES))
        admission = Admission(client, "token", delivery, told.append, insecure=True)
        admission.admit(list(admission.threads()))
        both = dict(admission.walls)
        assert (len(both), told) == (2, [])
        admission.walls.clear()
        monkeypatch.setattr(room, "_KNOCK_SECONDS", 2.0)
        stopped.suspend()
        admission.admit(list(both))
        (silent,) = both.keys() - admission.walls.keys()
        (words,) = told
        assert f"the worker {silent} does not answer" in words
        stopped.resume()
        monkeypatch.undo()
        admission.admit(list(both))
        assert admission.walls == both


def test_jobs_and_a_scheduler_exclude_each_other(tmp_path: Path) -> None:
    """Nobody should believe that -j limits a cluster."""
    arguments = ["batch", str(tmp_path), "-j", "2", "--scheduler", "tcp://127.0.0.1:1"]
    result = CliRunner().invoke(grade, arguments)
    assert result.exit_code == 2
    assert "-j is for this machine" in result.output
