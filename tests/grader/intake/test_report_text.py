"""The written report: which file it is, and its text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.intake import ReportText, Workspace
from grader.intake.listing import Unreadable
from grader.intake.reading import read_document
from grader.intake.report_text import decode_text
from grader.written_report import read_claims

CODE = "x = 1\n"
Open = Callable[..., Workspace]


def pdf(*lines: str) -> bytes:
    """A real PDF of one page, written by hand."""
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    stream = f"BT /F1 11 Tf 14 TL 50 750 Td {shown} ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    data = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(data)
    size = len(objects) + 1
    data += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return data + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)


def docx(build: Callable[[Any], None]) -> bytes:
    """A real Word file."""
    from docx import Document

    document = Document()
    build(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def report_of(workspace: Workspace) -> ReportText:
    assert workspace.report is not None
    return workspace.report


def test_a_pdf_is_read(opened: Open) -> None:
    """From the bytes of a PDF to the claims in it."""
    data = pdf(
        "The final test accuracy of our network with 16 hidden neurons is",
        "93 %. We use mini-batches of 32 and the cross-entropy loss.",
        "The learning rate is 0.1 with cosine decay.",
    )
    report = report_of(opened([("layers.py", CODE), ("report.pdf", data)]))
    assert report.problem is None
    claims = read_claims(report)
    assert claims.accuracy is not None
    assert claims.hidden_size is not None
    assert claims.batch_size is not None
    assert claims.learning_rate is not None
    assert claims.accuracy.value == 0.93
    assert claims.hidden_size.value == 16
    assert claims.batch_size.value == 32
    assert claims.learning_rate.value.rate == 0.1


def test_a_word_file_is_read_with_its_tables_and_formulas(opened: Open) -> None:
    """Paragraphs, tables and formulas in their order."""

    def build(document: Any) -> None:
        from docx.oxml import parse_xml

        document.add_heading("Loss function", 1)
        paragraph = document.add_paragraph("It is ")
        math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
        paragraph._p.append(
            parse_xml(f'<m:oMath xmlns:m="{math}"><m:r><m:t>L=-log p</m:t></m:r></m:oMath>')
        )
        table = document.add_table(rows=2, cols=2)
        for row, (name, value) in zip(
            table.rows, [("Test accuracy", "93 %"), ("Hidden neurons", "16")], strict=True
        ):
            row.cells[0].text, row.cells[1].text = name, value
        document.add_paragraph("Batch size 32, learning rate 0.1.")

    report = report_of(opened([("layers.py", CODE), ("report.docx", docx(build))]))
    assert report.text.splitlines() == [
        "Loss function",
        "It is L=-log p",
        "| Test accuracy | 93 % |",
        "| Hidden neurons | 16 |",
        "Batch size 32, learning rate 0.1.",
    ]
    claims = read_claims(report)
    assert claims.loss is not None
    assert claims.loss.value == "cross_entropy"
    assert claims.accuracy is not None
    assert claims.hidden_size is not None


def test_a_merged_cell_is_read_once(opened: Open) -> None:
    """Word lists it once for each column it spans."""

    def build(document: Any) -> None:
        table = document.add_table(rows=1, cols=3)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "Batch size"
        table.cell(0, 2).text = "32"

    report = report_of(opened([("layers.py", CODE), ("report.docx", docx(build))]))
    assert report.text == "| Batch size | 32 |"


def encrypted_pdf() -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("secret"))))
    writer.encrypt("password", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_an_encrypted_pdf_is_told(opened: Open) -> None:
    """The problem says what to do; nothing raises."""
    report = report_of(opened([("layers.py", CODE), ("report.pdf", encrypted_pdf())]))
    assert report.text == ""
    assert report.problem == "the PDF needs a password; hand in one without"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("report.pdf", pdf(), "holds no text, perhaps it is a scan"),
        ("report.pdf", b"%PDF-1.4\nnothing of the kind", "the PDF is damaged"),
        ("report.pdf", b"I am no PDF", "not a PDF, only named like one"),
        ("report.pdf", b"", "not a PDF, only named like one"),
        ("report.docx", b"I am no Word file", "the Word file is damaged"),
        ("report.docx", b"\xd0\xcf\x11\xe0 old", "old or password-protected Word file"),
        ("report.docx", docx(lambda _: None), "holds no text"),
        ("report.doc", b"\xd0\xcf\x11\xe0 old", "a .doc file cannot be read"),
        ("report.pages", b"x", "a .pages file cannot be read"),
    ],
)
def test_a_report_that_cannot_be_read_says_why(
    opened: Open, name: str, data: bytes, said: str
) -> None:
    """The submission is marked all the same; the report's line says what to hand in."""
    workspace = opened([("layers.py", CODE), (name, data)])
    report = report_of(workspace)
    assert report.file == name
    assert report.problem is not None
    assert said in report.problem
    assert any(said in note for note in workspace.notes)


def test_a_word_file_that_is_a_bomb_is_told() -> None:
    """Two hundred megabytes of XML are not unpacked."""
    stream = io.BytesIO(docx(lambda document: document.add_paragraph("x")))
    with (
        zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("word/media/x.bin", "w") as part,
    ):
        for _ in range(201):
            part.write(bytes(1_000_000))
    with pytest.raises(Unreadable, match="too large"):
        read_document("docx", stream.getvalue())


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["report.pdf", "report.md"], "report.md"),
        (["notes.md", "hw3_report.txt"], "hw3_report.txt"),
        (["README.md", "summary.md"], "summary.md"),
        (["README.md"], "README.md"),
        (["README.md", "张伟.pdf"], "张伟.pdf"),
        (["实验报告.md", "notes.pdf"], "实验报告.md"),
        (["docs/report.md", "report.txt"], "report.txt"),
        (["Bericht.txt", "notes.md"], "Bericht.txt"),
        (["report.doc", "notes.md"], "notes.md"),
        (["writeup.tex", "notes.md"], "writeup.tex"),
    ],
)
def test_the_likeliest_file_is_the_report(opened: Open, names: list[str], chosen: str) -> None:
    """A file named like a report, then other documents, a README last."""
    files = [(name, pdf("text") if name.endswith(".pdf") else b"text") for name in names]
    assert report_of(opened([("layers.py", CODE), *files])).file == chosen


@pytest.mark.parametrize(
    "name", ["requirements.txt", "dataset.txt", "train_data.txt", "LICENSE.txt"]
)
def test_data_and_requirements_are_no_report(opened: Open, name: str) -> None:
    """They are set aside, and a submission without a report has none."""
    workspace = opened([("layers.py", CODE), (name, b"text")])
    assert workspace.report is None
    assert any(line.startswith(name) for line in workspace.info.ignored)


def test_which_of_two_reports_was_read_is_noted(opened: Open) -> None:
    """The student sees which file counted."""
    workspace = opened([("layers.py", CODE), ("report.md", "a"), ("report.pdf", pdf("b"))])
    assert workspace.notes == ("report.md was read as the report; also found: report.pdf",)


def test_a_damaged_report_gives_way_to_a_readable_one(opened: Open) -> None:
    """And a note says so."""
    workspace = opened([("layers.py", CODE), ("report.docx", b"x"), ("report.tex", "93 %")])
    assert report_of(workspace).file == "report.tex"
    assert any(note.startswith("report.docx: the Word file is damaged") for note in workspace.notes)


def test_an_unchanged_template_gives_way_to_the_real_report(opened: Open) -> None:
    """Students who write a PDF often leave the template's report.md in the folder."""
    template = Path(__file__).parents[3] / "student_template" / "report.md"
    files = [("layers.py", CODE), ("report.md", template.read_bytes())]
    workspace = opened([*files, ("hw3.pdf", pdf("Test accuracy 93 %"))])
    assert report_of(workspace).file == "hw3.pdf"
    alone = opened(files)
    assert report_of(alone).file == "report.md"
    assert "report.md is the unchanged template" in alone.notes


def test_the_template_claims_nothing() -> None:
    """An unfilled report states none of the five things."""
    template = Path(__file__).parents[3] / "student_template" / "report.md"
    claims = read_claims(ReportText("report.md", template.read_text()))
    assert not any(vars(claims).values())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
def test_a_chinese_report_is_read_in_any_encoding(encoding: str) -> None:
    """A report is never run, so its encoding may be guessed."""
    text = "最终准确率为93%。隐藏层有16个神经元。我们使用小批量训练。\n"
    assert decode_text(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Die Genauigkeit beträgt 93 %, größer als erwartet – schön.\n"),
        ("cp932", "テストの正解率は93%です。学習率は0.1です。\n"),
        ("latin-1", "Précision : 93 %\n"),
    ],
)
def test_reports_in_other_code_pages_are_read(encoding: str, text: str) -> None:
    """German and French from Windows, Japanese in Shift-JIS."""
    assert decode_text(text.encode(encoding)) == text


def test_a_long_report_is_cut(opened: Open) -> None:
    """Nobody reads more than two hundred thousand characters."""
    report = report_of(opened([("layers.py", CODE), ("report.md", "word " * 100_000)]))
    assert len(report.text) == 200_000


def test_an_endless_text_file_is_no_report(opened: Open) -> None:
    """Beyond two megabytes it is data."""
    report = report_of(opened([("layers.py", CODE), ("report.md", "word " * 500_000)]))
    assert report.problem == "it has 2.5 MB, more than 2.0 MB"
