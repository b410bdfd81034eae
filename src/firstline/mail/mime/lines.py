"""Lines that a mail server broke on the way, put together again."""

import re

LIMIT = 998
"""Octets after which Postfix breaks a line by a line break and a blank (smtp_line_length_limit, the
default of 3.7), in the middle of a letter as well."""

_IN_A_LETTER = re.compile(
    rb"([\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\r?\n[ \t]?(?=[\x80-\xbf])"
)

# A line of that length, with the break after it; a blank begins the next one, which may be as long.
_AT_THE_LIMIT = re.compile(rb"(?:\A|(?<=\n))[^\n]{%d}[^\r\n](\r?\n)(?= )" % (LIMIT - 1))


def joined(text: bytes) -> bytes:
    """A text without the breaks of a server: those at the limit, and those inside a letter of UTF-8
    where the text is UTF-8 without them. Linear time."""
    if len(text) > LIMIT:
        text = _at_the_limit(text)
    if text.isascii() or _is_utf8(text):
        return text
    mended = _IN_A_LETTER.sub(rb"\1", text)
    return mended if mended != text and _is_utf8(mended) else text


def _at_the_limit(text: bytes) -> bytes:
    pieces, begin = [], 0
    for found in _AT_THE_LIMIT.finditer(text):
        pieces.append(text[begin : found.start(1)])
        begin = found.end(1) + 1  # without the blank
    return b"".join([*pieces, text[begin:]]) if pieces else text


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
