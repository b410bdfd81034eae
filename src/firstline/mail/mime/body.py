"""Which parts of a mail are its text, which its HTML and which its files."""

import mimetypes
import re
from dataclasses import dataclass, field
from typing import Any

from firstline.base import html as sanitiser
from firstline.base.plain import INVISIBLE, stripped

from . import calendars, limits, names, smime, tnef
from .charsets import decode
from .headers import clean, words
from .lines import joined
from .transfer import content_of, uuencoded
from .tree import Part, read

_BODY_TYPES = {"text/plain", "text/html", "text/markdown"}
_CALENDARS = {"text/calendar", "application/ics"}
_SPARE_TYPES = _BODY_TYPES | {"text/enriched", "text/richtext", "text/x-markdown"}
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_CID = re.compile(r"\bsrc=\"cid:([^\"]{1,400})\"", re.IGNORECASE)
_SUBJECT = re.compile(rb"^Subject:[ \t]*([^\r\n]{1,400})", re.IGNORECASE | re.MULTILINE)
_FRAME = re.compile(rb"--|content-[a-z-]+:", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a mail: bytes exactly as sent, a name that is safe to show and to store.

    `inline` says that the mail's HTML shows it, by `content_id` (without angle brackets).
    """

    name: str
    content_type: str
    content: bytes
    inline: bool
    content_id: str


@dataclass(slots=True)
class Body:
    """What was found: pieces of text in order, each plain, HTML or both, and the files."""

    hint: str
    pieces: list[tuple[str, str]] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    html_size: int = 0
    spare: tuple[Part, bytes] | None = None
    invitation: dict[str, Any] | None = None
    opened: list[Part] = field(default_factory=list)

    def finish(self, whole: bytes) -> None:
        """Give a mail without any body the next best one: a text that calls itself a file, or, when
        the mail was too much to open, its raw text. Such a `whole` mail is also a file of it."""
        if not self.pieces and self.spare:
            self._text(*self.spare)
        if not self.pieces and whole:
            self.pieces.append((as_text(whole, "", self.hint), ""))
        if whole:
            kind = "message/rfc822"
            self.files.append(Attachment(names.safe("", kind), kind, whole, False, ""))

    def rescue(self, rest: bytes) -> None:
        """Show what stands between broken boundaries where the mail would have said nothing."""
        if not self.pieces and not self.files:
            lines = rest.splitlines(keepends=True)
            rest = b"".join(line for line in lines if not _FRAME.match(line))
            if rest.strip():
                self.pieces.append((as_text(rest, "", self.hint), ""))

    def text(self) -> str:
        """All pieces as plain text; those that are only HTML by way of the sanitised HTML."""
        texts = (plain if plain.strip() else sanitiser.to_text(html) for plain, html in self.pieces)
        shown = (INVISIBLE.sub("", text) for text in texts)
        return "\n\n".join(text.strip("\n") for text in shown if text.strip())

    def html(self) -> str:
        """All pieces as sanitised HTML; "" when none of them has any."""
        if not any(html for _, html in self.pieces):
            return ""
        parts = (html or f"<div>{sanitiser.link(plain)}</div>" for plain, html in self.pieces)
        return "\n".join(parts)

    def take(self, part: Part) -> None:
        """Add a part and everything below it."""
        if part.kind == "multipart/alternative" and part.parts:
            self._alternative(part)
        elif part.parts:
            for child in part.parts:
                self.take(child)
        elif (content := content_of(part)) and self._is_text(part):
            self._text(part, content)
        elif part.kind == "application/ms-tnef" and (inside := tnef.opened(content)):
            self._tnef(inside)
        elif part.cut or content.strip() or _name(part):
            self.files.append(_file(part, content))
            self._look_inside(part, content)
            if len(self.opened) < limits.SIGNED and (signed := smime.message(part, content)):
                self.opened.append(read(signed))
                self.take(self.opened[-1])
            if self.spare is None and part.kind in _SPARE_TYPES and not _is_attached(part):
                self.spare = part, content

    def _tnef(self, inside: tnef.Opened) -> None:
        """What Outlook packed into winmail.dat: its files, and its text where the mail has none."""
        self.files += [_named(file.name, file.content, file.content_id) for file in inside.files]
        if not self.pieces and len(inside.html) <= limits.HTML - self.html_size:
            self.html_size += len(inside.html)
            html = sanitiser.clean(inside.html) if inside.html else ""
            plain = _CONTROLS.sub("", inside.text.replace("\r\n", "\n").replace("\r", "\n"))
            if plain.strip() or html.strip():
                self.pieces.append((plain, html))

    def _look_inside(self, part: Part, content: bytes) -> None:
        """What a page says of a file that is an invitation, above its name."""
        if part.kind in _CALENDARS and self.invitation is None:
            given = part.parameters()
            found = calendars.invitation(content, given.get("charset", ""), given.get("method", ""))
            self.invitation = found.kept() if found else None

    def _alternative(self, part: Part) -> None:
        """The forms of one content: plain text and HTML become one piece, other forms are files."""
        before = self.pieces
        self.pieces = []
        for child in part.parts:
            self.take(child)
        forms, self.pieces = self.pieces, before
        plain = "\n\n".join(plain for plain, _ in forms if plain.strip())
        html = "\n".join(html for _, html in forms if html)
        if plain or html:
            self.pieces.append((plain, html))

    def _is_text(self, part: Part) -> bool:
        if part.kind not in _BODY_TYPES or len(self.pieces) >= limits.TEXTS:
            return False
        return not _is_attached(part) and not _name(part)

    def _text(self, part: Part, content: bytes) -> None:
        if part.kind == "text/html":
            self._html(part, content)
            return
        files = uuencoded(content)
        self.files += [_named(decode(name), inside) for name, inside, _, _ in files]
        ends = [0, *(end for _, _, _, end in files)]
        starts = [*(start for _, _, start, _ in files), len(content)]
        content = b"".join(content[end:start] for end, start in zip(ends, starts, strict=True))
        plain = as_text(content, part.parameters().get("charset", ""), self.hint)
        if plain.strip():
            self.pieces.append((plain, ""))

    def _html(self, part: Part, content: bytes) -> None:
        """One HTML body; beyond what may be parsed of one mail it is text and a file."""
        charset = part.parameters().get("charset", "")
        meta = _META.search(content[:4096])
        within = meta[1].decode("ascii", "ignore") if meta else ""
        html = as_text(content, charset or within, within or self.hint)
        self.html_size += len(html)
        if self.html_size > limits.HTML:
            self.files.append(_file(part, content))
            piece = (stripped(html), "")
        else:
            piece = ("", sanitiser.clean(html))
        if piece[0].strip() or piece[1].strip():
            self.pieces.append(piece)


def as_text(data: bytes, charset: str, hint: str) -> str:
    """Bytes of a body as text with line feeds and without NUL or other controls."""
    text = decode(joined(data), charset, hint)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", text) if _CONTROLS.search(text) else text


def with_inline(files: list[Attachment], html: str) -> tuple[Attachment, ...]:
    """The files, those marked that the HTML shows by their content id."""
    shown = {sanitiser.content_id(match) for match in _CID.findall(html)}
    return tuple(
        Attachment(
            f.name,
            f.content_type,
            f.content,
            bool(f.content_id) and sanitiser.content_id(f.content_id) in shown,
            f.content_id,
        )
        for f in files
    )


def _is_attached(part: Part) -> bool:
    return part.value("content-disposition").lower().lstrip().startswith("attachment")


def _name(part: Part) -> str:
    """The file name a part gives itself, undefused; "" when none."""
    given = part.parameters("content-disposition").get("filename", "")
    return (given or part.parameters().get("name", "")).strip()


def _file(part: Part, content: bytes) -> Attachment:
    content_id = clean(part.value("content-id")).strip("<> ")[:400]
    name = names.safe(_name(part) or _subject(part, content), part.kind)
    return Attachment(name, part.kind, content, False, content_id)


def _named(name: str, content: bytes, content_id: str = "") -> Attachment:
    """A file found inside a text or a winmail.dat, which tells a name and no type."""
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    name = names.safe(name, content_type)
    return Attachment(name, content_type, content, False, clean(content_id)[:400])


def _subject(part: Part, content: bytes) -> str:
    """A name for a nameless file: the subject of a forwarded mail, or its description."""
    if part.kind == "message/rfc822":
        match = _SUBJECT.search(content, 0, 16 * 1024)
        if match and (subject := clean(words(decode(match[1])))):
            return subject[:120] + ".eml"
    description = clean(words(part.value("content-description")))
    return description if "." in description[-6:] else ""
