"""Signatures of a domain (DKIM, RFC 6376): a key made here, published by the domain, then used."""

import base64
from collections.abc import Callable

import dkim
import dns.exception
import dns.resolver
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.utils import timezone

from firstline.base import secrets
from firstline.mail.models import DkimKey

BITS = 2048
SECONDS = 5.0  # for the DNS to answer
PIECE = 255  # letters in one string of a TXT record (RFC 1035, 3.3.14)
SIGNED = """From To Cc Reply-To Subject Date Message-ID In-Reply-To References MIME-Version
Content-Type Auto-Submitted"""
HEADERS = tuple(name.encode() for name in SIGNED.lower().split())
# The texts at a name of the DNS; raises OSError where it gives no answer.
Lookup = Callable[[str], list[str]]


def new_key(domain: str) -> DkimKey:
    """A key for a domain, not stored yet; its secret half is closed."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    selector = f"firstline-{timezone.now():%Y%m%d}"
    return DkimKey(domain=domain, selector=selector, secret=secrets.close(pem.decode()))


def record_name(key: DkimKey) -> str:
    """Where in the DNS the domain publishes the key."""
    return f"{key.selector}._domainkey.{key.domain}"


def record(key: DkimKey) -> str:
    """What it publishes there. Raises secrets.Unreadable."""
    private = load_pem_private_key(secrets.open_(key.secret).encode(), password=None)
    public = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def is_published(key: DkimKey, lookup: Lookup | None = None) -> bool:
    """Whether the DNS says what it should, whatever blanks and pieces it is in. Raises OSError."""
    wanted = _tags(record(key))["p"]
    return any(_tags(text).get("p") == wanted for text in (lookup or ask)(record_name(key)))


def signed(raw: bytes, sender: str) -> bytes:
    """The mail with the signature of its sender's domain; as it is where there is no found key."""
    domain = sender.rpartition("@")[2].lower()
    key = DkimKey.objects.filter(domain=domain, found_at__isnull=False).first()
    if key is None:
        return raw
    present = [name for name in HEADERS if b"\r\n" + name + b":" in b"\r\n" + _head(raw)]
    line = dkim.sign(
        raw,
        key.selector.encode(),
        key.domain.encode(),
        secrets.open_(key.secret).encode(),
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=present,
    )
    return bytes(line) + raw


def ask(name: str) -> list[str]:
    """The texts at a name, asked of the DNS. Raises OSError where it does not answer."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.DNSException as problem:
        raise OSError(str(problem)) from problem
    return [b"".join(row.strings).decode("ascii", "replace") for row in answer]


def _head(raw: bytes) -> bytes:
    return raw.partition(b"\r\n\r\n")[0].lower()


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip(): "".join(value.split()) for name, _sign, value in pairs}
