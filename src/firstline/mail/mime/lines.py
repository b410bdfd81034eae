"""Lines that a mail server broke on the way, put together again."""

import itertools
import re

LIMIT = 998
"""Octets after which Postfix breaks a line by a line break and a blank (smtp_line_length_limit, the
default of 3.7), in the middle of a letter as well."""

_IN_A_LETTER = re.compile(
    rb"([\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\r?\n[ \t]?(?=[\x80-\xbf])"
)


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
    lines = text.split(b"\n")
    out = [lines[0]]
    for before, line in itertools.pairwise(lines):
        if line.startswith(b" ") and len(before.removesuffix(b"\r")) == LIMIT:
            out[-1] = out[-1].removesuffix(b"\r")
            out.append(line[1:])
        else:
            out += [b"\n", line]
    return b"".join(out) if len(out) < 2 * len(lines) - 1 else text


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
