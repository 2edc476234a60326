"""What of a generated part may differ from run to run, or from machine to machine."""

from __future__ import annotations

import re


def comparable(text: str) -> str:
    """A part without what may differ from run to run or from machine to machine."""
    if text.startswith("<!-- generated: doctor -->"):
        text = _without_findings(text)
    text = re.sub(r"\d+(\.\d+)? (s|min)\b", "# s", text)
    text = re.sub(r"\d:\d\d:\d\d", "#", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d  \w+ ", "(when, who) ", text)
    text = re.sub(r"^Proven in \S+( s)?\.$", "Proven in #.", text, flags=re.MULTILINE)
    text = re.sub(r"[\d.]+ MB\)", "# MB)", text)
    text = re.sub(r"(accuracy|fresh task) [\d.]+( +\[[\d.]+, [\d.]+\])?", r"\1 #", text)
    text = re.sub(r"wall: (full|kernel|basic \([a-z, -]+\))", "wall: #", text)
    text = re.sub(r"SHA-256 [0-9a-f]{64}", "SHA-256 #", text)
    text = re.sub(r"NumPy [\d.]+ and \d+ other", "NumPy # and # other", text)
    text = re.sub(r"(got|want|error) -?[\d.e+-]+", r"\1 #", text)
    return re.sub(r"[ \t]+", " ", text)


def _without_findings(text: str) -> str:
    """A page of `grade doctor` without what it found: its headings, and the names of its lines."""
    text = re.sub(r"\n(In the way of|To mend)[^\n]*(\n  [^\n]*)*\n", "", text)
    text = re.sub(r"^ {3,}.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^  (?!\w+(?: \w+)?  ).*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^(  \w+(?: \w+)?)  .*$", r"\1", text, flags=re.MULTILINE)
    text = re.sub(r"^goldgrad .*$", "goldgrad #", text, flags=re.MULTILINE)
    return re.sub(r"^(`grade|Mend|Nothing|\(exit).*\n", "", text, flags=re.MULTILINE)
