"""Which function carries out which kind of check."""

from __future__ import annotations

from grader import assignment as rules
from grader.checks.accuracy import check_accuracy
from grader.checks.context import Context
from grader.checks.loss_history import check_history, check_initial_loss
from grader.checks.overfit import check_overfit
from grader.checks.own_gradients import check_own_gradients
from grader.checks.report_claims import check_report
from grader.checks.values import check_values
from grader.checks.verdict import Verdict


def carry_out(check: rules.Check, context: Context) -> Verdict:
    """Run one check of the assignment."""
    match check:
        case rules.ValuesCheck():
            return check_values(check, context)
        case rules.OwnGradientsCheck():
            return check_own_gradients(check, context)
        case rules.AccuracyCheck():
            return check_accuracy(check, context)
        case rules.OverfitCheck():
            return check_overfit(check, context)
        case rules.InitialLossCheck():
            return check_initial_loss(check, context)
        case rules.HistoryCheck():
            return check_history(check, context)
        case rules.ReportCheck():
            return check_report(check, context)
