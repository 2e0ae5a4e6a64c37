"""The file itself: a frame of landmarks, inert data, one style, and one script.

Nothing in it runs or loads but that script and that style, which the policy names by their hashes; the data
is inert, and the script puts text into elements as text alone.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import Any

from mlwa_lint import __version__
from mlwa_lint.reporters.escaping import REPLACEMENT, visible
from mlwa_lint.startup.patterns import lazy

_ASSETS = Path(__file__).parent / "assets"
_FRAME = Path(__file__).parent / "frame.html"
# What could end the element, begin a comment in it, or end a line in older engines.
_IN_ELEMENT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}

_ESCAPED = lazy(r"\\(?:u[0-9a-f]{4}|.)")


def page_of(data: Mapping[str, Any]) -> str:
    """The page that shows some data; the keys `kind` and `title` identify the page."""
    return _FRAME.read_text(encoding="utf-8").format(
        policy=_policy(),
        version=__version__,
        title=_text(str(data["title"])),
        style=asset("page.css"),
        data=embedded({**data, "version": __version__}),
        script=asset("page.js"),
    )


@cache
def _policy() -> str:
    """What the page allows: its own script and style."""
    script, style = _digest(asset("page.js")), _digest(asset("page.css"))
    return (
        f"default-src 'none'; script-src '{script}'; style-src '{style}'; base-uri 'none'; form-action 'none'"
    )


@cache
def asset(name: str) -> str:
    """One of the files that `page/` is built into."""
    return (_ASSETS / name).read_text(encoding="utf-8")


def embedded(data: Any) -> str:
    """Data as JSON that stays in its element, in which nothing is hidden."""
    text = dumps(data, ensure_ascii=False, separators=(",", ":"), default=dict)
    text = visible(_ESCAPED.sub(_shown, text))
    for character, escape in _IN_ELEMENT.items():
        text = text.replace(character, escape)
    return text


def _shown(escape: re.Match[str]) -> str:
    """The replacement of a character that JSON escapes: a space for line ends and tabs, else nothing."""
    return escape[0] if escape[0][1] in '"\\' else " " if escape[0][1] in "nt" else REPLACEMENT


def _digest(text: str) -> str:
    """What the policy calls an inline script or style."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _text(text: str) -> str:
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
