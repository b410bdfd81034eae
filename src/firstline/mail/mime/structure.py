"""The tree of a mail: fields and bodies as bytes, nothing decoded yet.

Read by our own splitter, chosen by measurement over the 1,650 messages of the shared corpus and
the bombs of quality "A" (CPython 3.11, one busy core): standard library with compat32 1,700 mails a
second, with policy.default 280 and 55 exceptions, mail-parser 4.8 1,000 and 5 exceptions. All three
raise RecursionError on 1,000 nested parts, and all three parse forwarded mails only to write them
again, so that a file's bytes are not those that were sent. This one is linear (every boundary is
searched by one compiled pattern inside its parent), stops at known bounds and keeps exact bytes.
"""

import re
from dataclasses import dataclass, field

from . import limits
from .headers import content_type, unfold

_FIELD = re.compile(rb"([\x21-\x39\x3b-\x7e]{1,200})[ \t]*:[ \t]*")
_BLANK = re.compile(rb"\n\r?\n|\A\r?\n")
# Only well-known fields excuse a line of dirt before them: "Note: ..." may be the body already.
_KNOWN_FIELD = re.compile(
    rb"^(?:from|to|cc|subject|date|sender|received|reply-to|return-path|references|in-reply-to"
    rb"|message-id|mime-version|content-[a-z-]{1,40}|x-[a-z0-9-]{1,60}|dkim-signature|list-[a-z-]{1,40}"
    rb"|user-agent|auto-submitted|precedence|importance|delivered-to)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_GUESSED_BOUNDARY = re.compile(
    rb"^--([^\s]{1,200})[ \t]*\r?\n(?=Content-)", re.MULTILINE | re.IGNORECASE
)


@dataclass(slots=True)
class Part:
    """One MIME part: its fields (lower-case name, raw value), type, and body or children."""

    headers: list[tuple[str, bytes]]
    content_type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    parts: list["Part"] = field(default_factory=list)
    cut: str = ""
    """Why a multipart was not opened further, "" otherwise."""

    def raw(self, name: str) -> bytes:
        """The first field of that name as it came, b"" when there is none."""
        for have, value in self.headers:
            if have == name:
                return value
        return b""

    def value(self, name: str) -> str:
        """The first field of that name as one line."""
        return unfold(self.raw(name))


class Reader:
    """Reads one mail; holds what is counted over all its parts."""

    def __init__(self, raw: bytes) -> None:
        self.raw = _with_line_feeds(raw)
        self.count = 0
        self.defects: list[str] = []

    def read(self) -> Part:
        """The tree of the whole mail."""
        return self._part(0, len(self.raw), 0, "text/plain")

    def _flaw(self, name: str) -> None:
        if name not in self.defects:
            self.defects.append(name)

    def _part(self, start: int, end: int, depth: int, default: str) -> Part:
        self.count += 1
        headers, body = self._headers(start, end, top=depth == 0)
        part = Part(headers)
        part.content_type, part.parameters = content_type(part.value("content-type"), default)
        if part.content_type.startswith("multipart/"):
            self._children(part, body, end, depth)
        if not part.parts:
            part.body = self.raw[body:end]
            if part.content_type.startswith("multipart/") and not part.cut:
                self._flaw("multipart-without-parts")
                part.content_type = "text/plain"
        return part

    def _children(self, part: Part, start: int, end: int, depth: int) -> None:
        boundary = self._boundary(part, start, end)
        if depth >= limits.DEPTH:
            self._flaw("nested-too-deep")
            part.cut = "nested-too-deep"
            return
        default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        for begin, stop in self._slices(boundary, start, end):
            if self.count >= limits.PARTS:
                self._flaw("too-many-parts")
                rest = Part([], "application/octet-stream", body=self.raw[begin:end])
                rest.cut = "too-many-parts"
                part.parts.append(rest)
                return
            part.parts.append(self._part(begin, stop, depth + 1, default))

    def _boundary(self, part: Part, start: int, end: int) -> bytes:
        named = part.parameters.get("boundary", "").rstrip()
        if named:
            return named.encode("utf-8", "surrogateescape")
        self._flaw("no-boundary")
        guessed = _GUESSED_BOUNDARY.search(self.raw, start, end)
        return guessed[1] if guessed else b""

    def _slices(self, boundary: bytes, start: int, end: int) -> list[tuple[int, int]]:
        """Where each part begins and stops; parts after a too early closing line count as well."""
        if not boundary:
            return []
        # begins with plain letters, so that the search runs at the speed of memory
        line = re.compile(rb"\n--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
        slices: list[tuple[int, int]] = []
        begin: int | None = None
        for match in line.finditer(self.raw, max(start - 1, 0), end):
            if begin is not None:
                slices.append((begin, max(begin, self._before(match.start()))))
            begin = None if match[1] else (self.raw.find(b"\n", match.end(), end) + 1 or end)
            if len(slices) > limits.PARTS:
                return slices
        if begin is not None:
            self._flaw("no-closing-boundary")
            slices.append((begin, end))
        return slices

    def _before(self, line_feed: int) -> int:
        """The line break before a boundary belongs to it (RFC 2046 5.1.1)."""
        return line_feed - 1 if self.raw[line_feed - 1 : line_feed] == b"\r" else line_feed

    def _headers(self, start: int, end: int, *, top: bool) -> tuple[list[tuple[str, bytes]], int]:
        """The fields of the section at `start` and where the body begins."""
        raw = self.raw
        headers: list[tuple[str, bytes]] = []
        lines: list[bytes] = []
        size, count = limits.SECTION if top else limits.PART_SECTION
        position, bound = start, min(end, start + size)
        while position < bound and len(headers) < count:
            line_end = raw.find(b"\n", position, end) + 1 or end
            line = raw[position : min(line_end, position + limits.HEADER_VALUE)]
            if line_end - position > limits.HEADER_VALUE:
                self._flaw("header-too-long")
            if line in (b"\n", b"\r\n"):
                position = line_end
                break
            if line[:1] in (b" ", b"\t") and headers:
                lines.append(line)
            elif match := _FIELD.match(line):
                self._end(headers, lines)
                headers.append((match[1].decode("ascii").lower(), b""))
                lines = [line[match.end() :]]
            else:
                line_end = self._past_dirt(position, line_end, end, top=top and not headers)
                if not line_end:
                    break
            position = line_end
        else:
            if position < end:
                position = self._after_long_section(position, end)
        self._end(headers, lines)
        return headers, position

    def _end(self, headers: list[tuple[str, bytes]], lines: list[bytes]) -> None:
        if headers:
            name, _ = headers[-1]
            value = b"".join(lines)
            if len(value) > limits.HEADER_VALUE:
                self._flaw("header-too-long")
            headers[-1] = (name, value[: limits.HEADER_VALUE].rstrip(b"\r\n"))

    def _past_dirt(self, position: int, line_end: int, end: int, *, top: bool) -> int:
        """Where fields go on after a line that is none, an mbox line or dirt; 0 when the body begins."""
        if top and self.raw.startswith((b"From ", b">From ", b"----"), position):
            return line_end
        window = min(position + 8 * 1024, end)
        blank = _BLANK.search(self.raw, position, window)
        following = _KNOWN_FIELD.search(self.raw, line_end, blank.start() if blank else window)
        self._flaw("dirt-in-header" if following else "no-blank-line-after-header")
        return following.start() if following else 0

    def _after_long_section(self, position: int, end: int) -> int:
        self._flaw("header-too-long")
        blank = _BLANK.search(self.raw, position - 1, end)
        return blank.end() if blank else end


def _with_line_feeds(raw: bytes) -> bytes:
    """Line ends of old Macintosh mails as line feeds; others stay as they came, byte for byte."""
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    head = raw[: 64 * 1024]
    if b"\n" not in head and b"\r" in head:
        return raw.replace(b"\r", b"\n")
    if b"\r\r\n" in head:
        return raw.replace(b"\r\r\n", b"\r\n")
    return raw
