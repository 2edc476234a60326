"""The wall: fork server, limits, and what each platform can promise."""

from grader.sandbox.channel import Channel
from grader.sandbox.ending import BrokenProtocol, Ended
from grader.sandbox.forkserver import ForkServer
from grader.sandbox.limits import Deadline, ProcessLimits

__all__ = ["BrokenProtocol", "Channel", "Deadline", "Ended", "ForkServer", "ProcessLimits"]
