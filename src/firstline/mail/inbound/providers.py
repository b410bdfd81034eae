"""What mail providers post to a web hook, down to the raw mail inside: bytes, never text.

Only forms that hold the whole mail are read. The other ones, where the provider has taken the mail
apart, can't be put together again as they were, so they are refused with a word that says so.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.utils.crypto import constant_time_compare

_NAME = re.compile(rb'\bname="([^"]*)"', re.IGNORECASE)
_AMAZON = re.compile(r"\Asns\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\Z")
MOST = 100  # mails in one request, and recipients of one mail


class Refused(Exception):
    """There is no mail to be taken from this request; `reason` says why in one word.

    `no-mail`, `not-raw`: the provider took the mail apart, `signature`, `too-large`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Post:
    """A request as it came: its headers by lower-case names, and its body."""

    content_type: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as the provider got it, with its envelope as far as it is told."""

    raw: bytes
    sender: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a request held. No letters and no confirmation: it was a trial of the provider's."""

    letters: list[Letter] = field(default_factory=list)
    confirmation: str = ""


def read(provider: str, post: Post) -> Found:
    """The mails in a request of this provider. Raises Refused; KeyError for an unknown provider."""
    reader = READERS[provider]
    try:
        found = reader(post)
    except Refused:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as problem:
        raise Refused("no-mail") from problem
    if any(not one.raw.strip() for one in found.letters) or len(found.letters) > MOST:
        raise Refused("no-mail")
    return found


def is_signed(provider: str, post: Post, key: str) -> bool:
    """Whether the provider signed this request with the key; True where it signs nothing."""
    if provider not in SIGNING:
        return True
    try:
        return SIGNING[provider](post, key)
    except (ValueError, TypeError, KeyError, AttributeError, binascii.Error):
        return False


def _mime(post: Post) -> Found:
    """The mail is the body, as a script or a mail server of one's own sends it."""
    if _kind(post) not in {"message/rfc822", "application/octet-stream", "text/plain"}:
        raise Refused("no-mail")
    sender, to = (post.headers.get(f"x-envelope-{name}", "") for name in ("from", "to"))
    return Found([Letter(post.body, sender, _several(to.split(",")))])


def _mailgun(post: Post) -> Found:
    fields = _form(post)
    raw = _needed(fields, "body-mime", "body-plain", "stripped-text")
    return Found([Letter(raw, _word(fields, "sender"), _several([_word(fields, "recipient")]))])


def _sendgrid(post: Post) -> Found:
    fields = _form(post)
    raw = _needed(fields, "email", "headers", "text")
    envelope = json.loads(fields.get("envelope") or b"{}")
    sender = str(envelope.get("from") or "")
    return Found([Letter(raw, sender, _several(envelope.get("to") or []))])


def _postmark(post: Post) -> Found:
    event = json.loads(post.body)
    raw = _needed(event, "RawEmail", "TextBody", "HtmlBody")
    to = _several([event.get("OriginalRecipient") or ""])
    # JSON holds characters: bytes that were none of UTF-8 are lost before we see them.
    return Found([Letter(raw.encode("utf-8", "surrogateescape"), "", to)])


def _ses(post: Post) -> Found:
    """Amazon SES by way of SNS; the receipt rule gives the content, best as Base64."""
    notice = json.loads(post.body)
    if notice["Type"] == "SubscriptionConfirmation":
        return Found(confirmation=_amazons(notice["SubscribeURL"]))
    if notice["Type"] != "Notification":
        return Found()
    event = json.loads(notice["Message"]) if notice["Message"][:1] == "{" else {}
    if event.get("notificationType") != "Received":
        return Found()
    raw = _bytes(_needed(event, "content", "receipt"))
    sender = str(event.get("mail", {}).get("source") or "")
    return Found([Letter(raw, sender, _several(event["receipt"].get("recipients") or []))])


def _sparkpost(post: Post) -> Found:
    letters = []
    for one in json.loads(post.body):
        event = one["msys"].get("relay_message")
        if event is None:
            continue
        content = event["content"]
        raw = content["email_rfc822"]
        is_coded = content.get("email_rfc822_is_base64") is True
        whole = base64.b64decode(raw) if is_coded else raw.encode("utf-8", "surrogateescape")
        letters.append(Letter(whole, event.get("msg_from") or "", _several([event["rcpt_to"]])))
    return Found(letters)


def _postal(post: Post) -> Found:
    event = json.loads(post.body)
    raw = _needed(event, "message", "plain_body", "html_body")
    whole = base64.b64decode(raw) if event.get("base64") is True else raw.encode()
    return Found([Letter(whole, event.get("mail_from") or "", _several([event.get("rcpt_to")]))])


READERS: dict[str, Callable[[Post], Found]] = {
    "mime": _mime,
    "mailgun": _mailgun,
    "postal": _postal,
    "postmark": _postmark,
    "sendgrid": _sendgrid,
    "ses": _ses,
    "sparkpost": _sparkpost,
}


def _mailgun_signed(post: Post, key: str) -> bool:
    fields = _form(post)
    said = f"{_word(fields, 'timestamp')}{_word(fields, 'token')}".encode()
    wanted = hmac.new(key.encode(), said, hashlib.sha256).hexdigest()
    return constant_time_compare(_word(fields, "signature"), wanted)


def _postal_signed(post: Post, key: str) -> bool:
    begin, end = "-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"
    whole = key if begin in key else f"{begin}\n{key.strip()}\n{end}\n"
    public = load_pem_public_key(whole.encode())
    if not isinstance(public, rsa.RSAPublicKey):
        return False
    signature = base64.b64decode(post.headers.get("x-postal-signature", ""))
    try:
        public.verify(signature, post.body, padding.PKCS1v15(), SHA1())  # noqa: S303  # Postal's own
    except InvalidSignature:
        return False
    return True


SIGNING: dict[str, Callable[[Post, str], bool]] = {
    "mailgun": _mailgun_signed,
    "postal": _postal_signed,
}


def _form(post: Post) -> dict[str, bytes]:
    """The fields of a form as bytes. Django would make text of them, and lose what is not UTF-8."""
    if _kind(post) == "application/x-www-form-urlencoded":
        pairs = parse_qsl(post.body.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
        return {name: value.encode("latin-1") for name, value in pairs}
    boundary = _header(post.content_type).get_param("boundary")
    if _kind(post) != "multipart/form-data" or not boundary:
        raise Refused("no-mail")
    fields = {}
    delimiter = b"\r\n--" + str(boundary).encode("latin-1")
    for piece in (b"\r\n" + post.body).split(delimiter)[1:-1]:
        head, _empty, content = piece.partition(b"\r\n\r\n")
        if name := _NAME.search(head):
            fields[name[1].decode("latin-1")] = content
    return fields


def _needed(fields: Mapping[str, Any], name: str, *apart: str) -> Any:
    """A field that holds the mail. Raises Refused, saying whether the mail was taken apart."""
    if fields.get(name):
        return fields[name]
    raise Refused("not-raw" if any(one in fields for one in apart) else "no-mail")


def _word(fields: Mapping[str, bytes], name: str) -> str:
    return fields.get(name, b"").decode("utf-8", "replace")


def _several(found: Any) -> tuple[str, ...]:
    return tuple(one.strip()[:320] for one in list(found)[:MOST] if one and one.strip())


def _bytes(content: str) -> bytes:
    """What SNS calls content: the mail itself, or its Base64, which no mail looks like."""
    if ":" in content[:1000]:
        return content.encode("utf-8", "surrogateescape")
    return base64.b64decode(content, validate=True)


def _amazons(address: str) -> str:
    """The address of a confirmation, if it is Amazon's. Raises Refused."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not _AMAZON.match(parts.hostname or "") or len(address) > 2000:
        raise Refused("no-mail")
    return address


def _kind(post: Post) -> str:
    return _header(post.content_type).get_content_type()


def _header(value: str) -> Message:
    header = Message()
    header["Content-Type"] = value.replace("\r", "").replace("\n", "")
    return header
