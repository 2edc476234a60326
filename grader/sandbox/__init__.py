"""The wall: fork server, limits, and what each platform can promise."""

from grader.sandbox.channel import Channel
from grader.sandbox.ending import BrokenProtocol, Ended
from grader.sandbox.forkserver import ForkServer
from grader.sandbox.limits import Deadline, ProcessLimits
from grader.sandbox.tiers import TIERS, Obstacle, Tier, Wall

__all__ = [
    "TIERS",
    "BrokenProtocol",
    "Channel",
    "Deadline",
    "Ended",
    "ForkServer",
    "Obstacle",
    "ProcessLimits",
    "Tier",
    "Wall",
]
