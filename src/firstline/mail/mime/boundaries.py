"""The lines between the parts of a mail, as they really stand in it (RFC 2046 5.1.1)."""

import re
from itertools import islice

_NAMED = re.compile(
    rb"\bboundary[ \t]*=[ \t]*(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE
)
_NAMES = 500
_WITH_WORDS = re.compile(rb"\n--([^\s]{1,200})[ \t]+[^\s][^\r\n]{0,997}(?=\r?\n|\Z)")
_BEFORE_FIELDS = re.compile(
    rb"^--([^\s]{1,200})[ \t]*\r?\n(?=Content-)", re.MULTILINE | re.IGNORECASE
)
_CLOSING = re.compile(rb"^--([^\s]{1,200})--[ \t]*\r?$", re.MULTILINE)


def without_words(fields: bytes, body: bytes) -> bytes:
    """A body whose boundaries have nothing behind them, as the parser of the standard library wants.

    RFC 2046 lets a reader compare the beginning of a line only. Bodies without such a line are
    returned as they are; linear time.
    """
    if not _WITH_WORDS.search(body):
        return body
    found = [*_NAMED.finditer(fields), *islice(_NAMED.finditer(body), _NAMES)]
    named = {match[1] or match[2] for match in found}

    def bare(line: re.Match[bytes]) -> bytes:
        is_known = line[1] in named or line[1].removesuffix(b"--") in named
        return b"\n--" + line[1] if is_known and line[0][3:].rstrip() not in named else line[0]

    return _WITH_WORDS.sub(bare, body)


def guessed(body: bytes) -> bytes:
    """The boundary of a multipart that names none, or one that does not stand in it; b"" for none."""
    if found := _BEFORE_FIELDS.search(body):
        return found[1]
    closing = _CLOSING.search(body)
    if closing and re.search(rb"^--" + re.escape(closing[1]) + rb"[ \t]*\r?$", body, re.MULTILINE):
        return closing[1]
    return b""
