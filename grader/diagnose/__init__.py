"""Names the registered bugs behind wrong answers, or none."""

from grader.diagnose.evidence import Answer
from grader.diagnose.mistakes import diagnose, mistakes, one_explains_all

__all__ = ["Answer", "diagnose", "mistakes", "one_explains_all"]
