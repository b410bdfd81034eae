"""Mails signed as the servers of a domain sign them, with a key that the tests publish."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import dkim
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests import names

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
PUBLIC = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@contextmanager
def published(*domains: str) -> Iterator[None]:
    """As long as this lasts, these domains say that the key is theirs."""
    told = {
        f"t._domainkey.{one}": f"v=DKIM1; k=rsa; p={base64.b64encode(PUBLIC).decode()}"
        for one in domains
    }
    names.PUBLISHED.update({name: [text] for name, text in told.items()})
    try:
        yield
    finally:
        for name in told:
            del names.PUBLISHED[name]


def signed(mail: EmailMessage, domain: str, *, length: bool = False) -> bytes:
    """The mail as it leaves the server of `domain`; with `length` more may be written below it."""
    if "Message-ID" not in mail:
        mail["Message-ID"] = f"<{id(mail)}-{mail['Subject']}@{domain}>".replace(" ", "")
    raw = mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return bytes(dkim.sign(raw, b"t", domain.encode(), PEM, length=length)) + raw
