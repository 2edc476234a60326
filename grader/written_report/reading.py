"""From a report's text to its claims."""

from __future__ import annotations

from functools import lru_cache

from grader.intake.workspace import ReportText
from grader.written_report.accuracy import read_accuracy
from grader.written_report.attribution import mentions
from grader.written_report.claims import Claims
from grader.written_report.learning_rate import read_learning_rate
from grader.written_report.loss import read_loss
from grader.written_report.plain_text import passages
from grader.written_report.sizes import read_batch_size, read_hidden_size


@lru_cache(maxsize=4)  # each of the five checks of the report asks
def read_claims(
    report: ReportText, *, inputs: int = 8, classes: int = 4, samples: int = 400
) -> Claims:
    """What a report states about loss, accuracy, network and training.

    Nothing is ever computed from the claims but their comparison with what was measured, so a
    misreading can cost at most the points of the written report; ambiguous statements keep all
    their readings (see Claim).

    Args:
        report: its text; front matter as written.
        inputs: of the network, to recognise "8-16-4".
        classes: of the network.
        samples: for training: what "full batch" means.

    Returns:
        The claims; all None for a report without text.
    """
    found = list(passages(report.text))
    numbers = mentions(found)
    return Claims(
        loss=read_loss(found),
        accuracy=read_accuracy(numbers, samples),
        hidden_size=read_hidden_size(found, numbers, inputs, classes),
        batch_size=read_batch_size(found, numbers, samples),
        learning_rate=read_learning_rate(found, numbers),
    )
