"""Which scheduler and workers a batch may use: reached, of our versions, with a wall that holds."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import ValidationError

from grader.batch.cluster.bench import dismiss, equipment, prepare
from grader.batch.cluster.messages import Delivery, Equipment, Readiness
from grader.errors import GraderFailure, UnusableInput
from grader.sandbox.tiers import TIERS
from grader.untrusted import shown

if TYPE_CHECKING:
    from distributed import Client

_Said = TypeVar("_Said", Equipment, Readiness)
_REACH_SECONDS: Final = 10.0
_FAREWELL_SECONDS: Final = 10.0
_LOOK_SECONDS: Final = 0.5
_KNOCK_SECONDS: Final = 20.0
"""For a worker to say what is installed there. One that hangs would hold all up until Dask gives it
up, which takes five minutes."""
_KNOCKS: Final = 32
"""Workers that are asked one by one, at the same time."""
_HOW_TO_INSTALL: Final = "pip install 'goldgrad[cluster]'"
# What Dask raises for an address or a certificate that is none.
_BAD_ADDRESS: Final = (ValueError, TypeError, RuntimeError, ImportError)


@contextmanager
def reached(address: str) -> Iterator[Client]:
    """A connection to a scheduler.

    Args:
        address: as Dask writes it: ``tcp://10.0.0.5:8786``, ``tls://...``.

    Raises:
        UnusableInput: nobody answers there, Dask is not installed, or the address is none.
    """
    try:
        import cryptography  # noqa: F401 - grader/batch/cluster/seal.py needs it
        import dask
        import distributed  # noqa: F401 - its defaults must be there before we set one
    except ModuleNotFoundError as error:
        raise UnusableInput(
            "marking on a cluster needs Dask, which is not installed here", hint=_HOW_TO_INSTALL
        ) from error
    # They would write tracebacks between our lines; what matters is raised, too.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # A submission of some megabytes is no mistake of ours.
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"}):
        client = _connected(address)
        try:
            yield client
        finally:
            client.close(timeout=_FAREWELL_SECONDS)


def _connected(address: str) -> Client:
    from distributed import Client
    from distributed.comm import connect
    from distributed.security import Security

    async def knock() -> None:
        options = Security().get_connection_args("client")
        opening = connect(address, timeout=_REACH_SECONDS, **options)
        # Its own limit does not count the wait for a greeting, which a web server never sends.
        comm = await asyncio.wait_for(opening, _REACH_SECONDS + 1)
        await comm.close()

    where = shown(address, 120)
    try:
        # A Client that cannot connect takes half a minute to be gone; a bare connection does not.
        asyncio.run(knock())
        client = Client(address, timeout=_REACH_SECONDS, set_as_default=False, name="goldgrad")
    except OSError as error:  # TimeoutError is one
        raise UnusableInput(
            f"no Dask scheduler answers at {where}",
            hint="start one with `dask scheduler`, which prints its address; a firewall may be in"
            " between; a scheduler with TLS has an address that begins with tls://",
        ) from error
    except _BAD_ADDRESS as error:
        raise UnusableInput(
            f"{where} cannot be used as a scheduler: {shown(error)}",
            hint="it looks like tcp://10.0.0.5:8786; for tls:// Dask's configuration names the"
            " certificates (docs/batch.md)",
        ) from error
    return client


class Admission:
    """Lets workers in, each once; those that come later, too.

    Args:
        client: connected.
        token: names the batch on the workers.
        delivery: what they mark with.
        tell: hears of a worker that is passed over.
        insecure: whether a wall will do that does not hold hostile code.
    """

    def __init__(
        self,
        client: Client,
        token: str,
        delivery: Delivery,
        tell: Callable[[str], None],
        *,
        insecure: bool,
    ) -> None:
        self.walls: dict[str, str] = {}
        """The tier of each worker's wall, by the worker's address."""
        self._client = client
        self._token = token
        self._content = delivery.to_bytes()
        self._tell = tell
        self._silent: set[str] = set()
        self._insecure = insecure
        self._frameworks = list(delivery.marking.assignment.imports.frameworks)
        self._own = Equipment.model_validate_json(equipment())

    @property
    def weakest(self) -> str:
        """The tier of the weakest wall."""
        walls = set(self.walls.values())
        return next((tier for tier in reversed(TIERS) if tier in walls), TIERS[-1])

    def check_scheduler(self) -> None:
        """See to it that the scheduler can read our tasks.

        Raises:
            UnusableInput: goldgrad is not installed where it runs.
        """
        try:
            self._client.run_on_scheduler(equipment)
        except Exception as error:
            raise UnusableInput(
                f"the scheduler cannot read goldgrad's tasks: {type(error).__name__}:"
                f" {shown(error)}",
                hint="install goldgrad where the scheduler runs, too: " + _HOW_TO_INSTALL,
            ) from error

    def await_workers(self) -> None:
        """Wait until there is a worker, and let all in that are there.

        Raises:
            UnusableInput: a worker is not fit for the work.
        """
        self.admit(list(self.threads()))
        if self.walls:
            return
        self._tell(waiting_for_workers(self._client.scheduler.address))
        # A cluster that adapts to the work starts no worker before there is a task.
        demand = self._client.submit(equipment, key=f"grade-{self._token}-first", pure=False)
        while not self.walls:
            time.sleep(_LOOK_SECONDS)
            self.admit(list(self.threads()))
        demand.cancel()

    def threads(self) -> dict[str, int]:
        """How many submissions each worker can mark at a time, by its address.

        Raises:
            GraderFailure: the scheduler is gone.
        """
        try:
            return dict(self._client.nthreads())
        except Exception as error:
            raise GraderFailure(
                f"the scheduler does not answer any more: {shown(error) or type(error).__name__}",
                hint="what is marked is kept; the same command goes on from here",
            ) from error

    def admit(self, workers: list[str]) -> None:
        """Give workers what they need; those that are gone, or hang, are passed over.

        When one of those gets a submission later, it says that it has nothing to mark it with.

        Raises:
            UnusableInput: one has other versions, or no wall that is good enough.
            GraderFailure: one cannot run student code at all.
        """
        if not workers:
            return
        found = self._said(self._knock(workers))
        for worker, said in found.items():
            self._compare(worker, said)
        prepared = self._client.run(
            prepare, self._token, self._content, workers=list(found), on_error="return"
        )
        for worker, said in self._said(prepared).items():
            readiness = _read(Readiness, worker, said)
            if readiness.failure is not None:
                raise GraderFailure(f"the worker {worker} cannot mark: {shown(readiness.failure)}")
            if readiness.refused is not None and not self._insecure:
                raise UnusableInput(
                    f"the worker {worker} cannot be used: {shown(readiness.refused, 600)}",
                    hint="`grade doctor` says there what to install; --insecure marks anyway, with"
                    " code that can read the worker's files and command the cluster: read"
                    " docs/security.md first",
                )
            self.walls[worker] = readiness.wall

    def dismiss(self) -> None:
        """Have all workers forget the batch. Those that cannot be reached do so in the end."""
        self._client.run(
            dismiss, self._token, on_error="ignore", callback_timeout=_FAREWELL_SECONDS
        )

    def _knock(self, workers: list[str]) -> dict[str, Any]:
        """What each worker says of what it has, without those that say nothing."""
        with contextlib.suppress(TimeoutError):
            return self._equipment(workers)
        with ThreadPoolExecutor(min(len(workers), _KNOCKS)) as threads:
            answers = dict(zip(workers, threads.map(self._alone, workers), strict=True))
        for worker in workers:
            if answers[worker] is None and worker not in self._silent:
                self._silent.add(worker)
                self._tell(
                    f"the worker {shown(worker, 120)} does not answer: going on without it, until "
                    "it does or Dask gives it up"
                )
        return {worker: answer for worker, answer in answers.items() if answer is not None}

    def _alone(self, worker: str) -> Any:
        with contextlib.suppress(TimeoutError):
            return self._equipment([worker]).get(worker)
        return None

    def _equipment(self, workers: list[str]) -> dict[str, Any]:
        answers: dict[str, Any] = self._client.run(
            *(equipment, self._frameworks),
            workers=workers,
            on_error="return",
            callback_timeout=_KNOCK_SECONDS,
        )
        return answers

    def _said(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """What each worker says, without those that are gone.

        Raises:
            UnusableInput: one cannot do what it is asked.
        """
        said = {}
        for address, answer in answers.items():
            worker = shown(address, 120)
            if isinstance(answer, OSError):
                continue
            if isinstance(answer, Exception):
                raise UnusableInput(
                    f"the worker {worker} cannot do goldgrad's tasks: {type(answer).__name__}:"
                    f" {shown(answer)}",
                    hint=f"install the same version of goldgrad there: {_HOW_TO_INSTALL}",
                ) from answer
            said[worker] = answer
        return said

    def _compare(self, worker: str, said: Any) -> None:
        theirs, own = _read(Equipment, worker, said), self._own
        pairs = (
            ("goldgrad", theirs.goldgrad, own.goldgrad),
            ("NumPy", theirs.numpy, own.numpy),
            ("Python", theirs.python, own.python),
            ("the solution of revision", theirs.solution[:12], own.solution[:12]),
        )
        differences = [
            f"{name} {shown(value, 40) or 'none'} (here: {expected or 'none'})"
            for name, value, expected in pairs
            if value != expected
        ]
        if differences:
            raise UnusableInput(
                f"the worker {worker} would mark with other versions: {', '.join(differences)}",
                hint="install the same versions on all workers, and start them again",
            )
        if theirs.lacking:
            names = ", ".join(shown(name, 40) for name in theirs.lacking)
            raise UnusableInput(
                f"the worker {worker} lacks what the assignment allows: {names}",
                hint="install it on all workers, and start them again",
            )


def waiting_for_workers(address: str) -> str:
    """What to tell while nobody is there to do the work."""
    return f"no worker has joined {address}: waiting (start one: dask worker {address})"


def _read(kind: type[_Said], worker: str, said: Any) -> _Said:
    try:
        return kind.model_validate_json(said)
    except ValidationError as error:
        raise UnusableInput(f"the worker {worker} does not answer as goldgrad does") from error
