"""The header section of a mail, put in order before the standard library reads it.

That one ends the section at the first line that is no field: a subject folded by hand, a blank
before a colon or a line of a gateway and the rest of the header would be the mail's text. It also
takes a lone carriage return for a line break, and any number of fields of any length.
"""

import re

from . import limits

_SOUND = re.compile(rb"(?:[\x21-\x39\x3b-\x7e]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)*(?=\r?\n|\Z)")
_NAME = re.compile(rb"([\x21-\x39\x3b-\x7e]{1,200})[ \t]*:")
_BLANK = re.compile(rb"^\r?\n", re.MULTILINE)
_MBOX = (b"From ", b">From ", b"----")
# Only well-known fields excuse a line of dirt before them: "Note: ..." may be the body already.
_KNOWN = re.compile(
    rb"^(?:from|to|cc|subject|date|sender|received|reply-to|return-path|references|in-reply-to"
    rb"|message-id|mime-version|content-[a-z-]{1,40}|x-[a-z0-9-]{1,60}|dkim-signature|list-[a-z-]{1,40}"
    rb"|user-agent|auto-submitted|precedence|importance|delivered-to)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)


def split(raw: bytes, most: int = limits.SECTION[1]) -> tuple[bytes, bytes, list[str]]:
    """A mail as (fields, body with the blank line before it, defects).

    The fields are sound and within `limits.SECTION`; of a section that had to be mended at most
    `most` are kept. A mail that is in order is cut, never changed.
    """
    raw = _with_line_feeds(raw)
    sound = _SOUND.match(raw, 0, limits.SECTION[0])
    if sound and sound.end() < min(len(raw), limits.SECTION[0]):
        return sound[0], raw[sound.end() :], []
    return _mended(raw, most)


def _mended(raw: bytes, most: int) -> tuple[bytes, bytes, list[str]]:
    lines: list[bytes] = []
    count = 0
    defects: list[str] = []
    position, bound = 0, min(len(raw), limits.SECTION[0])
    blank = _BLANK.search(raw, 0, bound)
    stop = blank.start() if blank else bound
    while position < bound and count < most:
        end = raw.find(b"\n", position) + 1 or len(raw)
        line = raw[position : min(end, position + limits.HEADER_VALUE)]
        if not line.strip(b"\r\n"):
            break
        if end - position > limits.HEADER_VALUE:
            defects.append("header-too-long")
        if name := _NAME.match(line):
            lines.append(name[1] + b":" + _line(line[name.end() :]))
            count += 1
        elif line[:1] in (b" ", b"\t") and lines:
            lines.append(_line(line))
        elif lines or not line.startswith(_MBOX):
            # where fields go on after a line that is none, if not the body begins
            known = _KNOWN.search(raw, end, min(position + 8 * 1024, stop))
            defects.append("dirt-in-header" if known else "no-blank-line-after-header")
            if not known:
                return b"".join(lines), b"\n" + raw[position:], defects
            end = known.start()
        position = end
    else:
        if position < len(raw):
            defects.append("header-too-long")
            blank = _BLANK.search(raw, position)
            position = blank.start() if blank else len(raw)
    return b"".join(lines), raw[position:], list(dict.fromkeys(defects))


def _line(line: bytes) -> bytes:
    return line.rstrip(b"\r\n").replace(b"\r", b" ") + b"\n"


def _with_line_feeds(raw: bytes) -> bytes:
    """Line ends of old Macintosh mails as line feeds; others stay as they came, byte for byte."""
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    head = raw[: 64 * 1024]
    if b"\n" not in head and b"\r" in head:
        return raw.replace(b"\r", b"\n")
    if b"\r\r\n" in head:
        return raw.replace(b"\r\r\n", b"\r\n")
    return raw
