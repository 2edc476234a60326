"""Names the registered bugs behind wrong answers, or none."""

from grader.diagnose.evidence import Answer
from grader.diagnose.mistakes import diagnose, few_explain_all, mistakes

__all__ = ["Answer", "diagnose", "few_explain_all", "mistakes"]
