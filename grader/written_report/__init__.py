"""What a written report claims."""

from __future__ import annotations

from grader.written_report.claims import Claim, Claims, LearningRate, LossName
from grader.written_report.reading import read_claims

__all__ = ["Claim", "Claims", "LearningRate", "LossName", "read_claims"]
