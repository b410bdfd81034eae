"""The tree of a mail, read by the standard library's parser (decision 006).

`Part` bends that parser by overriding public methods it calls for each part: mails inside a mail
stay bytes, bounds hold while it reads, and fields about the content are decoded as they are stored.
"""

import re
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from email import errors
from email.message import Message
from email.parser import BytesFeedParser
from email.policy import Policy, compat32
from functools import partial
from typing import Any

from . import boundaries, limits, section
from .charsets import decode, likely
from .headers import unfold, words

_CHUNK = 64 * 1024
_HTML = re.compile(
    rb"<(?:!doctype html|html|head|body|div|p|br|table|span)\b[^<>]{0,500}>", re.IGNORECASE
)
_LOOKED_AT = 8 * 1024
_OPAQUE = "application/octet-stream"
_FLAWS = {
    errors.NoBoundaryInMultipartDefect: "no-boundary",
    errors.StartBoundaryNotFoundDefect: "multipart-without-parts",
    errors.CloseBoundaryNotFoundDefect: "no-closing-boundary",
    errors.MissingHeaderBodySeparatorDefect: "no-blank-line-after-header",
}
_UNBOUNDED = {errors.NoBoundaryInMultipartDefect, errors.StartBoundaryNotFoundDefect}
_AGAIN = _UNBOUNDED | {errors.MissingHeaderBodySeparatorDefect}


@dataclass(slots=True)
class Tally:
    """What is counted over a whole mail, or holds for all of it. `again`: bytes that may still be read
    a second time; `charset`: the likely one of what names none."""

    again: int = 0
    charset: str = ""
    parts: int = 1
    flaws: list[str] = field(default_factory=list)

    def flaw(self, name: str) -> None:
        """Note once what is wrong with the mail."""
        if name not in self.flaws:
            self.flaws.append(name)


class TooManyParts(Exception):
    """Ends the parser; what it has read so far hangs on `root`."""

    def __init__(self, root: "Part") -> None:
        super().__init__()
        self.root = root


def _is_bounded(value: str) -> bool:
    """Whether a Content-Type is that of a multipart with its boundary."""
    return value.strip().lower().startswith("multipart/") and "boundary" in value.lower()


class Part(Message):
    """One part of a mail, or the mail itself. `boundary` is that of a multipart which names none, or
    another one than stands in it."""

    def __init__(
        self,
        policy: Policy = compat32,
        tally: Tally | None = None,
        depth: int = 0,
        boundary: str = "",
    ) -> None:
        super().__init__(policy)
        self.tally = tally or Tally()
        self.depth = depth
        self.boundary = boundary
        self.root = self

    @property
    def kind(self) -> str:
        """The type it names, in lower case; text where a multipart turned out to have no parts."""
        kind = super().get_content_type().partition(" ")[0]
        empty = kind.startswith("multipart/") and not self.is_multipart() and not self.cut
        return "text/plain" if empty else kind

    @property
    def cut(self) -> bool:
        """Whether it is a multipart that lies too deep to be opened."""
        return self.depth >= limits.DEPTH and super().get_content_type().startswith("multipart/")

    @property
    def parts(self) -> list["Part"]:
        """The parts inside, none for a leaf."""
        inside: Any = self.get_payload() if self.is_multipart() else []
        found: list[Part] = inside
        return found

    def get_content_type(self) -> str:
        """What the parser goes by. A mail inside is a file: parsed, its bytes could not be had back."""
        kind = super().get_content_type()
        if self.cut:
            self.tally.flaw("nested-too-deep")
        return _OPAQUE if self.cut or kind.startswith("message/") else kind

    def get_boundary(self, failobj: Any = None) -> Any:
        """What separates the parts; `failobj` where nothing is named or known."""
        if self.boundary:
            return self.boundary
        try:
            named = super().get_boundary()
        except (TypeError, ValueError):  # `boundary*` beside `boundary*0`, a charset without text
            named = None
        if named:  # as the parser has the lines it compares it with
            return _as_bytes(named).decode("ascii", "surrogateescape")
        return failobj

    def attach(self, payload: Any) -> None:
        """Add a part, which the parser does before it reads it."""
        payload.root, payload.depth, payload.boundary = self.root, self.depth + 1, ""
        if self.tally.parts >= limits.PARTS:
            self.tally.flaw("too-many-parts")
            raise TooManyParts(self.root)
        self.tally.parts += 1
        super().attach(payload)

    def set_raw(self, name: str, value: str) -> None:
        """Store a field, cut to what is read of it; those about the content as clean text."""
        if len(self) >= (limits.PART_SECTION if self.depth else limits.SECTION[1]):
            self.tally.flaw("header-too-long")
            return
        if len(value) > limits.HEADER_VALUE:
            self.tally.flaw("header-too-long")
            value = value[: limits.HEADER_VALUE]
        if name[:8].lower() == "content-":
            size, count = limits.PARAMETERS
            value = ";".join(
                unfold(_as_bytes(value), self.tally.charset)[:size].split(";", count)[:count]
            )
            if name.lower() == "content-transfer-encoding":
                value = value.strip("\"' ;")
        super().set_raw(name, value)
        if name.lower() == "content-type" and _is_bounded(value):
            self._prefer(lambda given: given == value)

    def _prefer(self, is_better: Callable[[str], bool]) -> None:
        """Of several Content-Type fields, put the first that is `is_better` where it counts."""
        given = [value for name, value in self.raw_items() if name.lower() == "content-type"]
        chosen = next(filter(is_better, given), None)
        if chosen is not None and chosen != given[0] and not _is_bounded(given[0]):
            del self["content-type"]
            for value in [chosen, *(value for value in given if value != chosen)]:
                super().set_raw("Content-Type", value)

    def choose_type(self) -> None:
        """Of several Content-Type fields of a text, go by the one that agrees with it: a gateway on
        the way puts one of its own before or behind the writer's."""
        given = [value for name, value in self.raw_items() if name.lower() == "content-type"]
        if len(given) > 1:
            is_html = bool(_HTML.search(self.decoded()[:_LOOKED_AT]))
            kind = "text/html" if is_html else "text/plain"
            fitting = [value for value in given if value.strip().lower().startswith(kind)]
            with_charset = [value for value in fitting if "charset" in value.lower()]
            self._prefer(lambda value: value in (with_charset or fitting))

    def parameters(self, header: str = "content-type") -> dict[str, str]:
        """The parameters of a field, names in lower case, values decoded (RFC 2231, and RFC 2047 in
        quotes, which is forbidden and usual). The RFC 2231 form of a name wins."""
        try:
            given = self.get_params([], header)
        except (TypeError, ValueError):  # as above
            given = []
        return {name.lower(): _decoded(value) for name, value in given}

    def fields(self) -> list[tuple[str, bytes]]:
        """All fields in order, names in lower case, values as bytes."""
        return [(name.lower(), _as_bytes(value)) for name, value in self.raw_items()]

    def raw(self, name: str) -> bytes:
        """The first field of that name as it came, b"" when there is none."""
        for have, value in self.raw_items():
            if have.lower() == name:
                return _as_bytes(value)
        return b""

    def value(self, name: str) -> str:
        """The first field of that name as one line."""
        return unfold(self.raw(name), self.tally.charset)

    def body(self) -> bytes:
        """The bytes of a leaf as they came, still encoded for transport."""
        bare = copy(self)
        del bare["content-transfer-encoding"]
        return bare.decoded()

    def decoded(self) -> bytes:
        """The bytes of a leaf as the standard library decodes them."""
        content: Any = self.get_payload(decode=True)
        return bytes(content or b"")


def read(raw: bytes) -> Part:
    """The tree of a mail. Never raises; what was wrong with the mail stands in `tally.flaws`."""
    fields, body, flaws = section.split(raw)
    body = boundaries.without_words(fields, body)
    make = partial(Part, tally=Tally(2 * len(raw), likely("", raw), flaws=flaws))
    lines = body.count(b"\n") + body.count(b"\r") - body.count(b"\r\n")
    if lines > limits.LINES:
        root = _parsed(make, fields, b"")
        root.set_payload(body.removeprefix(b"\r").removeprefix(b"\n"))
        if root.get_content_maintype() == "multipart":
            root.tally.flaw("too-many-lines")
        return root
    root = _parsed(make, fields, body)
    if any(isinstance(defect, errors.StartBoundaryNotFoundDefect) for defect in root.defects):
        root.set_payload(body)  # the parser drops what follows a closing line that comes first
    return _mended(root)


def read_fields(raw: bytes) -> Part:
    """The header section at the beginning of `raw` alone."""
    return _parsed(Part, section.split(raw)[0], b"")


def _parsed(make: Callable[..., Part], fields: bytes, body: bytes) -> Part:
    parser: BytesFeedParser[Any] = BytesFeedParser(make, policy=compat32)
    try:
        parser.feed(fields)
        for start in range(0, len(body), _CHUNK):
            parser.feed(body[start : start + _CHUNK])
        root: Part = parser.close()
    except TooManyParts as stop:
        root = stop.root
    return root


def _mended(part: Part) -> Part:
    """`part` with all that the standard library leaves unread: fields after a line of dirt, parts
    without a named boundary, parts after a too early closing line (Outlook Express writes those)."""
    defects = [type(defect) for defect in part.defects]
    for defect in defects:
        if name := _FLAWS.get(defect):
            part.tally.flaw(name)
    if not part.is_multipart() and _AGAIN.intersection(defects):
        part = _again(part, defects)
    elif part.epilogue:
        _open_epilogue(part)
    part.parts[:] = [_mended(child) for child in part.parts]
    if not part.parts:
        part.choose_type()
    return part


def _again(part: Part, defects: list[type]) -> Part:
    """A part read once more, its header put in order first and its boundary guessed."""
    blank = errors.MissingHeaderBodySeparatorDefect not in defects
    head = b"".join(b"%s: %s\n" % (name.encode(), value) for name, value in part.fields())
    whole = head + b"\n" * blank + part.body()
    fields, body, flaws = section.split(whole, limits.PART_SECTION)
    part.tally.again -= len(body)
    if part.tally.again < 0:
        return part
    for flaw in flaws:
        part.tally.flaw(flaw)
    guessed = boundaries.guessed(body) if _UNBOUNDED.intersection(defects) else b""
    boundary = guessed.decode("ascii", "surrogateescape")
    if errors.StartBoundaryNotFoundDefect in defects and boundary in ("", part.get_boundary()):
        return part
    make = partial(Part, tally=part.tally, depth=part.depth, boundary=boundary)
    return _parsed(make, fields, body)


def _open_epilogue(part: Part) -> None:
    """Add the parts that stand behind the closing line, and behind further ones."""
    text = (part.epilogue or "").encode("ascii", "surrogateescape")
    boundary = _as_bytes(part.get_boundary(""))
    begin = re.search(rb"^--" + re.escape(boundary) + rb"[ \t]*\r?$", text, re.MULTILINE)
    part.tally.again -= len(text)
    if begin is None or part.tally.again < 0:
        return
    closing = re.compile(rb"^(--" + re.escape(boundary) + rb")--(?=[ \t]*\r?$)", re.MULTILINE)
    text = b"\n" + closing.sub(rb"\1", text[begin.start() :])
    make = partial(Part, tally=part.tally, depth=part.depth, boundary=part.get_boundary())
    part.parts.extend(_parsed(make, b"Content-Type: multipart/mixed\n", text).parts)


def _as_bytes(text: str) -> bytes:
    """The bytes behind text of the parser, which escapes those beyond ASCII."""
    return text.encode("utf-8", "surrogateescape")


def _decoded(value: str | tuple[str | None, str | None, str]) -> str:
    if isinstance(value, tuple):
        return decode(value[2].encode("latin-1", "ignore"), value[0] or "")
    return words(value)
