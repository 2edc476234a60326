"""Who may see what. Every renderer shows a Result that went through here, and no other rule exists.

Staff see everything. A student sees, of a *hidden* check, the category, the place in their own
file, the named bug and the help: not the numbers, which quote secret inputs and expected values,
and not the text their code printed or raised, through which it could hand secret inputs out.
Flags are for a person who looks into them, not for the student they are about.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from grader.result import CheckResult, Finding, PartResult, Result

Audience: TypeAlias = Literal["student", "staff"]


def for_audience(result: Result, audience: Audience) -> Result:
    """The result with what ``audience`` may see; points and places are the same for both."""
    if audience == "staff":
        return result
    parts = [_part_for_student(part) for part in result.parts]
    return result.model_copy(update={"parts": parts, "flags": []})


def _part_for_student(part: PartResult) -> PartResult:
    checks = [_check_for_student(check) if check.hidden else check for check in part.checks]
    return part.model_copy(update={"checks": checks})


def _check_for_student(check: CheckResult) -> CheckResult:
    findings = [_finding_for_student(finding) for finding in check.findings]
    return check.model_copy(update={"findings": findings})


def _finding_for_student(finding: Finding) -> Finding:
    return finding.model_copy(update={"numbers": None, "student_text": None})
