"""The text of a PDF, by pypdf."""

from __future__ import annotations

import codecs
import io

from grader.intake.reader.unreadable import UnreadableDocument

MAX_TEXT = 200_000
_MAX_PAGES = 60

_PAGE = b"""%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>
endobj
4 0 obj <</Length 21>> stream
BT /F 1 Tf (a) Tj ET
endstream endobj
5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj
trailer <</Root 1 0 R/Size 6>>
startxref
0
%%EOF
"""
# Those that a font's character map may name.
_ENCODINGS = (
    *("utf-8", "utf-16", "utf-16-be", "utf-16-le", "latin-1", "charmap", "cp1252", "mac_roman"),
    *("gbk", "gb2312", "gb18030", "big5", "cp950", "cp932", "shift_jis", "euc_jp", "euc_kr"),
    *("cp949", "iso2022_jp", "idna", "unicode_escape", "raw_unicode_escape"),
)


def warm_up() -> None:
    """Read a page, and so import what that takes: once confined, the process may not."""
    for encoding in _ENCODINGS:
        codecs.lookup(encoding)
    read_pdf(_PAGE)


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
