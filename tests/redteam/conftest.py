"""One fork server for each tier of the wall, and all attacks against it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator

import pytest

from fixtures.redteam.battlefield import Battlefield
from fixtures.redteam.table import Attack, Setting
from fixtures.redteam.trial import Trial
from grader.errors import GraderFailure
from grader.sandbox import ForkServer, Wall

Try = Callable[[Attack], list[str]]


@pytest.fixture(scope="module")
def try_(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Try]:
    """Try one attack behind the wall that the module calls SETTING, and list the complaints.

    A tier that cannot be had is skipped in so many words (tests/conftest.py repeats them at the
    end), and fails where GOLDGRAD_REQUIRE_TIERS lists it.
    """
    if sys.platform != "linux":
        pytest.skip("RED TEAM: no tier did run: secure tiers are Linux's")
    chosen: Setting | None = request.module.SETTING
    with Battlefield() as field, _server(chosen) as server:
        setting = _setting_of(server)
        yield Trial(server, setting, field, tmp_path_factory.mktemp(setting)).complaints


def _server(setting: Setting | None) -> ForkServer:
    try:
        if setting is None:
            return ForkServer.start()
        if setting == "bare":
            return ForkServer.start(tier="kernel", namespaces=False)
        return ForkServer.start(tier=setting)
    except GraderFailure as error:
        required = os.environ.get("GOLDGRAD_REQUIRE_TIERS", "").split(",")
        if setting is None or setting in required:
            raise
        pytest.skip(f"RED TEAM: tier {setting} did NOT run: {error}")


def _setting_of(server: ForkServer) -> Setting:
    match server.wall:
        case Wall(tier="full"):
            return "full"
        case Wall(tier="kernel") as wall if "pid" in wall.namespaces:
            return "kernel"
        case Wall(tier="kernel"):
            return "bare"
    pytest.skip("RED TEAM: no secure tier did run: this machine has only the basic one")
