"""A mailbox file in the mbox format, mail by mail, whatever its size (RFC 4155 and its four kinds).

A line “From …” parts two mails where it looks as programs write it: with a date, or with one word at
most after an empty line; and only where a header follows. So a sentence that begins with “From” is
text. Content-Length is believed only where the file goes on there with such a line, or ends.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import BinaryIO

LARGEST = 200 * 2**20  # of one mail; what is larger is told of and not taken
LINE = 2**16
BOM = b"\xef\xbb\xbf"
DAYS, MONTHS = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)", rb"[A-Z][a-z]{2}"
DATED = re.compile(
    rb"From .{0,500}?(\b" + DAYS + rb",?[ \t]+(?:" + MONTHS + rb"[ \t]+\d{1,2}|\d{1,2}[ \t]+"
    rb"" + MONTHS + rb")\b.{0,60}\b\d{4}\b.{0,40})$"
)
BARE = re.compile(rb"From[ \t]+[^ \t]*[ \t]*$")
HEADER = re.compile(rb"(?:[!-9;-~]{1,200}[ \t]*:|>?From )")
QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
PLAIN = re.compile(rb"^From ", re.MULTILINE)
LENGTH = re.compile(
    rb"^content-length[ \t]*:[ \t]*(\d{1,12})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Found:
    """One mail: its bytes (None: too large), where the next begins, the date of its “From” line."""

    raw: bytes | None
    end: int
    at: datetime | None = None
    is_deleted: bool = False


def is_mbox(beginning: bytes) -> bool:
    """Whether a file that begins so is a mailbox file."""
    return beginning.removeprefix(BOM).lstrip(b"\r\n").startswith(b"From ")


class Mbox:
    """Reads one file from `start`, the beginning of a mail; it holds one mail in memory."""

    def __init__(self, file: BinaryIO, start: int = 0, largest: int = LARGEST) -> None:
        self.file, self.at, self.largest = file, start, largest
        self.parts: list[bytes] = []
        self.size = 0

    def mails(self) -> Iterator[Found]:
        """Each mail, in the order of the file."""
        self.file.seek(self.at)
        while (line := self._opening()) is not None:
            self.parts, self.size = [], 0
            dated = DATED.match(line.rstrip())
            if not line.startswith(b"From "):
                self._add(line)
            self._scan()
            yield Found(self._whole(), self.at, _moment(dated[1]) if dated else None)

    def _opening(self) -> bytes | None:
        """The first line of a mail; None at the end."""
        while line := self._line():
            line = line.removeprefix(BOM)
            if line.strip():
                return line
        return None

    def _line(self) -> bytes:
        line = self.file.readline(LINE)
        self.at += len(line)
        return line

    def _scan(self) -> None:
        """Take the lines of one mail, and stand where the next one begins."""
        in_head, after_blank, was_whole = True, False, True
        while line := self._line():
            if was_whole and line.startswith(b"From ") and self._parts_mails(line, after_blank):
                self.at -= len(line)
                self.file.seek(self.at)
                return
            self._add(line)
            after_blank, was_whole = was_whole and not line.strip(b"\r\n"), line.endswith(b"\n")
            if in_head and after_blank:
                in_head = False
                if self._take_counted():
                    return

    def _add(self, line: bytes) -> None:
        self.size += len(line)
        if self.size <= self.largest:
            self.parts.append(line)
        else:
            self.parts.clear()

    def _whole(self) -> bytes | None:
        """The mail without the empty line that parts it from the next, its quoting undone."""
        if self.size > self.largest:
            return None
        if len(self.parts) > 1 and not self.parts[-1].strip(b"\r\n"):
            self.parts.pop()
        raw = b"".join(self.parts)
        if PLAIN.search(raw):  # its program quotes nothing, so there is nothing to undo
            return raw
        head, blank, body = _cut(raw)
        return head + blank + QUOTED.sub(rb"\1", body)

    def _parts_mails(self, line: bytes, after_blank: bool) -> bool:
        following = self.file.readline(300)
        self.file.seek(self.at)
        line = line.rstrip()
        if DATED.match(line):
            return bool(HEADER.match(following)) or (after_blank and not following.strip())
        return after_blank and bool(BARE.match(line)) and bool(HEADER.match(following))

    def _take_counted(self) -> bool:
        """Take the body by its Content-Length, if the file agrees."""
        counted = LENGTH.search(b"".join(self.parts))
        if counted is None or self.size + int(counted[1]) > self.largest:
            return False
        begin, length = self.at, int(counted[1])
        self.file.seek(begin + length)
        self.at = begin + length
        line = self._line()
        while line and not line.strip(b"\r\n") and self.at - begin - length < 5:
            line = self._line()
        if line:
            agrees = line.startswith(b"From ") and self._parts_mails(line, after_blank=True)
        else:
            self.file.seek(0, 2)
            agrees = self.file.tell() >= begin + length
        if not agrees:
            self.at = begin
            self.file.seek(begin)
            return False
        end = self.at - len(line)
        self.file.seek(begin)
        self._add(self.file.read(length))
        self.at = end
        self.file.seek(end)
        return True


def _cut(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """Head, the empty line, body."""
    end = re.search(rb"\r?\n\r?\n", raw)
    return (raw[: end.start()], end[0], raw[end.end() :]) if end else (raw, b"", b"")


def _moment(text: bytes) -> datetime | None:
    """The date of a “From” line; one without a zone counts as UTC."""
    try:
        date = parsedate_to_datetime(text.decode("ascii", "replace"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return date.replace(tzinfo=date.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        return None
