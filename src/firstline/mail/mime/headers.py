"""Header fields: bytes as they came, to text as it was meant."""

import re
from email.errors import HeaderParseError
from email.header import decode_header

from firstline.base.plain import INVISIBLE

from . import limits
from .charsets import codec, decode
from .lines import joined

_WORD = r"=\?([\w.:+*-]{1,80})\?[bBqQ]\?[^?]*\?="
_ENCODED = re.compile(rf"{_WORD}(?:[ \t]*{_WORD})*")
_FOLD = re.compile(rb"\r*\n(?=[ \t])")
# C0 and C1 controls, and the marks that turn the reading direction or hide (bidi, zero width joins
# are left alone: scripts need them)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_BLANKS = re.compile(r"\s{3,}|[^\S\u3000]+")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def unfold(raw: bytes, hint: str = "") -> str:
    """One field's bytes as one line of text, encoded words untouched.

    Raw 8-bit bytes, which no RFC allows and many mailers send, are read as UTF-8, as `hint` (the
    charset the mail's body names) or by a guess.
    """
    value = raw[: limits.HEADER_VALUE]
    if b"\n" in value:
        value = _FOLD.sub(b"", joined(value))
    text = decode(value, "", hint)
    return _CONTROL.sub(" ", text).strip()


def words(text: str) -> str:
    """`text` with its encoded words (RFC 2047) decoded; what is broken stays as it is.

    Words in a row go to the standard library together: mailers cut letters in two. Line breaks and
    controls that hid inside the words become blanks (C18).
    """
    return _CONTROL.sub(" ", _ENCODED.sub(_run, text)) if "=?" in text else text


def _run(match: re.Match[str]) -> str:
    run = match[0]
    if not run.isascii():  # forbidden: letters inside, as the charset of the first word has them
        run = run.encode(codec(match[1]) or "utf-8", "ignore").decode("latin-1")
    try:
        return "".join(
            decode(word, (charset or "").partition("*")[0]) for word, charset in decode_header(run)
        )
    except HeaderParseError:
        return match[0]


def clean(text: str) -> str:
    """One line for people: no controls, no marks that turn the reading direction, blanks single.

    An ideographic space (U+3000) is a sign of its own writing and stays, but for rows of them.
    """
    text = INVISIBLE.sub("", _TURNING.sub("", _CONTROL.sub(" ", text)))
    return _BLANKS.sub(" ", text).strip()
