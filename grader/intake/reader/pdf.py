"""The text of a PDF, by pypdf."""

from __future__ import annotations

import io

from grader.intake.reader.unreadable import UnreadableDocument

MAX_TEXT = 200_000
_MAX_PAGES = 60


def read_pdf(data: bytes) -> str:
    """The text of the first pages, one page after the other.

    Raises:
        UnreadableDocument: needs a password, is damaged, or has no text in it.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    if b"%PDF-" not in data[:1024]:
        raise UnreadableDocument("it is not a PDF, only named like one")
    try:
        pdf = PdfReader(io.BytesIO(data), strict=False)
        if pdf.is_encrypted and not pdf.decrypt(""):
            raise UnreadableDocument("the PDF needs a password; hand in one without")
        text = ""
        for number, page in enumerate(pdf.pages):
            if number == _MAX_PAGES or len(text) > MAX_TEXT:
                break
            text += page.extract_text() + "\n"
    except DependencyError as error:
        raise UnreadableDocument("the PDF is encrypted; hand in one that is not") from error
    except PyPdfError as error:
        raise UnreadableDocument("the PDF is damaged; export it again") from error
    if not text.strip():
        raise UnreadableDocument("the PDF holds no text, perhaps it is a scan; hand in text")
    return text[:MAX_TEXT]
