"""Templates, and the rules by which everything in them is escaped.

Autoescaping is on for all of them, an unknown name is an error, and every text of a Result, a
roster or a person passes ``line``, which leaves no control character in it. A page takes nothing
from anywhere: its styles and scripts are inside, and its policy forbids all others, also those
that a hole in the escaping would let in.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader.render.wording import count, fraction, points, seconds
from grader.untrusted import shown

_LONGEST = 2000


@cache
def environment() -> Environment:
    """Jinja with this project's filters; made once."""
    made = Environment(
        loader=PackageLoader("grader.render.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "line": lambda text: shown(text, _LONGEST),
        "points": points,
        "seconds": seconds,
        "percent": percent,
    }
    made.globals |= {"fraction": fraction, "count": count, "source": source}
    return made


def percent(share: float) -> str:
    """``37 %``; never 0 % or 100 % where that is not exactly so."""
    whole = round(100 * share)
    if whole == 0 and share > 0:
        return "<1 %"
    if whole == 100 and share < 1:
        return ">99 %"
    return f"{whole} %"


def file_link(folder: str, name: str) -> str:
    """A relative address of ``folder/name.html``, whatever characters the name has."""
    return f"{quote(folder)}/{quote(name, safe='')}.html"


@cache
def source(name: str) -> Markup:
    """A style sheet or script of ours, to stand in a page as it is."""
    text = (files("grader.render.html") / "templates" / name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704  a file of this package


def policy(script: str | None = None) -> str:
    """The page's Content-Security-Policy: no network, and of scripts only this one.

    Args:
        script: the name of the page's script, if it has one. Its hash is allowed, no other code.
    """
    rules = ["default-src 'none'", "style-src 'unsafe-inline'", "base-uri 'none'"]
    if script is not None:
        digest = hashlib.sha256(str(source(script)).encode("utf-8")).digest()
        rules.append(f"script-src 'sha256-{base64.b64encode(digest).decode('ascii')}'")
    return "; ".join([*rules, "form-action 'none'"])
