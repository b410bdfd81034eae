"""A letter of ours as bytes for the wire (RFC 5322).

The header is written here, line by line, from values made safe first; only the MIME body comes from
the standard library. Its own header folding decides by policy what a field may hold, and would let
a name or a subject through that the next release reads differently.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.charset import BASE64, QP, Charset
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import format_datetime

from firstline.base import emails

from . import limits, names
from .addresses import Address, valid
from .headers import clean
from .parse import Attachment

__all__ = ["Address", "Attachment", "Letter", "compose", "new_message_id"]

_REFERENCES = 20
_WIDTH = 76
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_TYPE = re.compile(
    r"(?!multipart/|message/)([a-z0-9][\w!#$&^.+-]{0,60})/([a-z0-9][\w!#$&^.+-]{0,100})"
)
_MIME = policy.compat32.clone(linesep="\r\n", mangle_from_=False)


@dataclass(frozen=True)
class Letter:
    """An outgoing mail. Message ids with their angle brackets; `reply_to` is an address or "".

    `automatic` marks what no person wrote; it is "auto-replied" when it answers a mail
    (`in_reply_to`), else "auto-generated" (RFC 3834 5). `html` "" sends plain text alone.
    """

    sender: Address
    recipients: tuple[Address, ...]
    subject: str
    text: str
    html: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    reply_to: str
    date: datetime
    automatic: bool
    attachments: tuple[Attachment, ...] = ()
    cc: tuple[Address, ...] = ()


def new_message_id(domain: str) -> str:
    """A Message-ID nobody can guess: 160 random bits at `domain` (C3).

    Raises ValueError for a domain that is none.
    """
    if not _DOMAIN.fullmatch(domain):
        raise ValueError(f"not a domain: {domain!r}")
    return f"<{secrets.token_hex(20)}@{domain}>"


def compose(letter: Letter, *, utf8: bool = False) -> bytes:
    """The letter with CRLF line ends, 7-bit, no line over 998 bytes.

    `utf8` writes addresses beyond ASCII as they are (RFC 6532); else only their names stand there, in
    an empty group (RFC 6857, 3.1.8). Nothing in any field can begin a new one: line breaks and
    controls become blanks (C18). Raises
    ValueError for a sender, recipient, reply address or Message-ID that is not valid, or when there
    is no recipient.
    """
    if not letter.recipients:
        raise ValueError("a letter needs a recipient")
    if not _ID.fullmatch(letter.message_id):
        raise ValueError(f"not a Message-ID: {letter.message_id!r}")
    lines = [f"{name}: {value}\r\n" for name, value in _fields(letter, utf8) if value]
    return "".join(lines).encode() + _body(letter).as_bytes(policy=_MIME)


def needs_utf8(letter: Letter) -> bool:
    """Whether an address in its header can't be written in ASCII."""
    named = (letter.sender, *letter.recipients, *letter.cc, Address("", letter.reply_to))
    return not all(emails.on_the_wire(one.email).isascii() for one in named)


def _fields(letter: Letter, utf8: bool) -> list[tuple[str, str]]:
    fields = [
        ("From", mailbox(letter.sender, utf8)),
        ("To", ",\r\n ".join(mailbox(recipient, utf8) for recipient in letter.recipients)),
        ("Cc", ",\r\n ".join(mailbox(recipient, utf8) for recipient in letter.cc)),
        ("Reply-To", mailbox(Address("", letter.reply_to), utf8) if letter.reply_to else ""),
        ("Subject", unstructured(letter.subject)),
        ("Date", format_datetime(letter.date)),
        ("Message-ID", letter.message_id),
        ("In-Reply-To", "\r\n ".join(_ids([letter.in_reply_to]))),
        ("References", "\r\n ".join(_chain(letter))),
    ]
    if letter.automatic:
        kind = "auto-replied" if letter.in_reply_to else "auto-generated"
        fields += [("Auto-Submitted", kind), ("X-Auto-Response-Suppress", "All")]
    return fields


def mailbox(address: Address, utf8: bool = False) -> str:
    """One mailbox for a header, its name quoted or encoded. Raises ValueError for a bad address."""
    email = emails.on_the_wire(address.email)
    is_coded = address.email.rpartition("@")[0].isascii()
    is_sound = bool(address.email) and valid(address.email) == address.email
    if not is_sound or (is_coded and not email.isascii()):
        raise ValueError(f"not an address: {address.email!r}")
    name = clean(address.name)[: limits.NAME]
    if not (utf8 or email.isascii()):
        return f"{_encoded(name or address.email)}:;"
    if not name:
        return email
    if not name.isascii() or "=?" in name:
        return f"{_encoded(name)} <{email}>"
    if not _PLAIN_NAME.fullmatch(name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name} <{email}>"


def unstructured(text: str) -> str:
    """A subject or the like for a header: one line, encoded where it must be, folded."""
    text = clean(text)[: limits.SUBJECT]
    words = text.split(" ")
    if not text.isascii() or "=?" in text or any(len(word) > _WIDTH for word in words):
        return _encoded(text)
    lines = [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) >= _WIDTH - 9:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return "\r\n ".join(lines)


def _encoded(text: str) -> str:
    text = text.encode("utf-8", "ignore").decode()
    return Header(text, "utf-8", maxlinelen=_WIDTH - 2, header_name="Subject").encode(
        linesep="\r\n"
    )


def _ids(ids: Iterable[str]) -> list[str]:
    return [one for one in dict.fromkeys(ids) if _ID.fullmatch(one)]


def _chain(letter: Letter) -> list[str]:
    """References with the mail that is answered at the end; the first and the last ones of many."""
    chain = _ids(
        [*(one for one in letter.references if one != letter.in_reply_to), letter.in_reply_to]
    )
    return chain if len(chain) <= _REFERENCES else [chain[0], *chain[1 - _REFERENCES :]]


def _body(letter: Letter) -> MIMEBase:
    """Text, or text and HTML (with the pictures it shows), or these and files."""
    shown = [file for file in letter.attachments if file.inline and letter.html]
    files = [file for file in letter.attachments if file not in shown]
    body: MIMEBase = _text(letter.text, "plain")
    if letter.html:
        html: MIMEBase = _text(letter.html, "html")
        if shown:
            html = _multipart("related", [html, *(_file(file) for file in shown)])
        body = _multipart("alternative", [body, html])
    if files:
        body = _multipart("mixed", [body, *(_file(file) for file in files)])
    return body


def _multipart(subtype: str, parts: list[MIMEBase]) -> MIMEMultipart:
    # a boundary of our own: the library searches the finished text for a free one
    return MIMEMultipart(subtype, f"=_{secrets.token_hex(16)}", parts)


def _text(text: str, subtype: str) -> MIMENonMultipart:
    data = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    data = data.encode("utf-8", "replace").decode()
    charset = Charset("utf-8")
    odd = sum(not letter.isascii() for letter in data)
    charset.body_encoding = BASE64 if odd * 6 > len(data) else QP
    if charset.body_encoding == BASE64:
        data = data.replace("\n", "\r\n")  # the library does so for the other encodings only
    if not odd and all(len(line) <= 900 for line in data.split("\n")):
        charset = Charset("us-ascii")
    part = MIMENonMultipart("text", subtype, charset=charset.output_charset)
    part.set_payload(data, charset)
    return part


def _file(file: Attachment) -> MIMEBase:
    """A file in base64; mails as files go as bytes, because a mail system may rewrite message/*."""
    match = _TYPE.fullmatch(file.content_type.lower())
    part = MIMEBase(match[1], match[2]) if match else MIMEBase("application", "octet-stream")
    part.set_payload(file.content)
    encode_base64(part)
    name = names.safe(file.name, file.content_type)
    disposition = "inline" if file.inline else "attachment"
    if name.isascii():
        part.add_header("Content-Disposition", disposition, filename=name)
    else:
        part.add_header("Content-Disposition", disposition, filename=("utf-8", "", name))
    content_id = "".join(clean(file.content_id).split())
    if content_id and _ID.fullmatch(f"<{content_id}>"):
        part.add_header("Content-ID", f"<{content_id}>")
    return part
