"""How the bytes of a Python file become text."""

from __future__ import annotations

import pytest

from grader.intake.listing import Unreadable
from grader.intake.source_text import decode_source


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"x = 1\n", "x = 1\n"),
        ("x = 'é'\n".encode(), "x = 'é'\n"),
        (b"\xef\xbb\xbfx = 1\n", "x = 1\n"),
        (b"x = 1\r\ny = 2\r\n", "x = 1\ny = 2\n"),
        (b"x = 1\ry = 2", "x = 1\ny = 2"),
        (b"", ""),
        ("# -*- coding: gbk -*-\n# 卷积\n".encode("gbk"), "# -*- coding: gbk -*-\n# 卷积\n"),
        (
            "#!/usr/bin/python\n# coding: latin-1\n# é\n".encode("latin-1"),
            "#!/usr/bin/python\n# coding: latin-1\n# é\n",
        ),
        ("# coding=Shift_JIS\n# 層\n".encode("shift_jis"), "# coding=Shift_JIS\n# 層\n"),
        (
            "# vim: set fileencoding=cp1252 :\n# €\n".encode("cp1252"),
            "# vim: set fileencoding=cp1252 :\n# €\n",
        ),
        (b"x = 1\n# coding: utf-7\n", "x = 1\n# coding: utf-7\n"),
    ],
)
def test_sources_are_decoded_as_python_would(data: bytes, text: str) -> None:
    """UTF-8 with or without a mark, PEP 263 declarations, any line ends."""
    assert decode_source(data) == text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"# coding: utf-7\nx = 1\n", "declares the encoding utf-7"),
        (b"# coding: rot13\nk = 1\n", "declares the encoding rot13"),
        (b"# coding: unicode_escape\nx\n", "declares the encoding unicode_escape"),
        (b"# coding: nonsense-\x31\nx\n", "nonsense-1"),
        (b"\n# coding: utf_16\nx\n", "declares the encoding utf_16"),
        ("x = 'ü'".encode("utf-16"), "UTF-16"),
        (b"x = 1\ny = \x00\n", "NUL byte in line 2"),
        (b"x = 1\n" + "# 卷积神经网络的训练".encode("gbk"), "not UTF-8 in line 2 (perhaps GBK)"),
        (b"x = 1\n# caf\xe9\n", "not UTF-8 in line 2 (perhaps Windows-1252)"),
        ("# 機械学習の課題です".encode("cp932"), "(perhaps Shift-JIS)"),
        (b"# coding: ascii\n# \xc3\xa9\n", "declares the encoding ascii, but line 2"),
        (b"\xef\xbb\xbf# coding: gbk\nx\n", "UTF-8 mark but declares"),
    ],
)
def test_what_cannot_be_decoded_is_explained(data: bytes, said: str) -> None:
    """The student learns which line, and what the encoding looks like."""
    with pytest.raises(Unreadable) as caught:
        decode_source(data)
    assert said in str(caught.value)
