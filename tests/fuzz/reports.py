"""Reports: any text is read, in a time that grows with its length."""

from __future__ import annotations

from collections.abc import Iterator

from fixtures.samples import load_samples
from grader.intake.workspace import ReportText
from grader.written_report.reading import read_claims
from grader.written_report.vocabulary import LABELS, UNITS

MAX_BYTES = 512
WORDS = [
    *(b"---\n", b"accuracy: ", b"learning rate ", b"hidden units", b"batch size ", b"loss = -"),
    *(b"log(", b"1/20 ", b"93 %", b"1e-3", b"8-16-4", b"| a | 1 |\n", b"respectively", b"<!--"),
    *(b"\\frac{1}{2}", b" of the last 100", b"every 10 epochs"),
    *(" 10⁻³".encode(), "准确率".encode(), "\ufdfa".encode()),
]
_REPEAT = 5


def target(data: bytes) -> None:
    """As it is, and with its second half repeated: what is quadratic shows only when long."""
    text = data.decode("utf-8", "replace")
    half = text[len(text) // 2 :]
    for version in (text, text + half * _REPEAT):
        claims = read_claims(ReportText("report.md", version))
        for claim in vars(claims).values():
            if claim is not None:
                claim.quote.encode("utf-8")
                assert claim.line >= 1


def seeds() -> Iterator[bytes]:
    """The sample reports, and every word of the vocabulary beside a number."""
    for sample in load_samples().values():
        yield from (data[:MAX_BYTES] for path, data in sample.files.items() if "report" in path)
    for _, pattern in (*LABELS, *UNITS):
        yield pattern.pattern.replace("|", " 3, ").encode()[:MAX_BYTES]
