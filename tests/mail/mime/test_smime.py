"""S/MIME mail whose text lies inside its signature: shown, kept as a file, and never called encrypted."""

import time
from base64 import encodebytes
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from firstline.mail.mime.parse import Mail, parse
from firstline.mail.mime.smime import kind, signed_content

TEXT = "Добрый день! Не открывается кабинет, договор Д-118."
ENTITY = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{TEXT}\r\n".encode()
LABELS = (
    "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
    "application/x-pkcs7-mime; name=smime.p7m",
    "application/octet-stream; name=smime.p7m",
)


@cache
def identity() -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Test")])
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    return certificate, key


def signed(content: bytes = ENTITY) -> bytes:
    certificate, key = identity()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def encrypted(content: bytes = ENTITY) -> bytes:
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(content).add_recipient(identity()[0])
    return builder.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def mail(label: str, content: bytes) -> Mail:
    return parse(
        b"From: Irina <i@example.com>\r\nSubject: S\r\nMIME-Version: 1.0\r\n"
        b"Content-Disposition: attachment; filename=smime.p7m\r\n"
        b"Content-Transfer-Encoding: base64\r\nContent-Type: "
        + label.encode()
        + b"\r\n\r\n"
        + encodebytes(content)
    )


def in_pieces(content: bytes, size: int) -> bytes:
    """The structure with lengths told at the end, as Outlook and `openssl -stream` write it (BER)."""

    def tagged(tag: bytes, *inside: bytes) -> bytes:
        return tag + b"\x80" + b"".join(inside) + b"\0\0"

    def short(tag: bytes, inside: bytes) -> bytes:
        return tag + bytes([len(inside)]) + inside

    data = bytes.fromhex("2a864886f70d0107")
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    octets = tagged(b"\x24", *(short(b"\x04", piece) for piece in pieces))
    inner = tagged(b"\x30", short(b"\x06", data + b"\x01"), tagged(b"\xa0", octets))
    algorithms = tagged(b"\x31", short(b"\x30", short(b"\x06", b"\x60\x86\x48\x01\x65")))
    body = tagged(b"\x30", short(b"\x02", b"\x01"), algorithms, inner, tagged(b"\x31"))
    return tagged(b"\x30", short(b"\x06", data + b"\x02"), tagged(b"\xa0", body))


@pytest.mark.parametrize("label", LABELS)
def test_the_text_inside_a_signature_is_shown(label: str) -> None:
    found = mail(label, signed())
    assert found.text == TEXT
    assert found.seal == "smime-signed"
    assert [(file.name, file.content) for file in found.attachments] == [("smime.p7m", signed())]


@pytest.mark.parametrize("size", [1, 7, 100])
def test_lengths_told_at_the_end(size: int) -> None:
    assert signed_content(in_pieces(ENTITY, size)) == ENTITY
    assert mail(LABELS[0], in_pieces(ENTITY, size)).text == TEXT


def test_files_and_html_inside_a_signature() -> None:
    entity = (
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n'
        b"<p>See <b>this</b></p>\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n%PDF\r\n--b--\r\n"
    )
    found = mail(LABELS[1], signed(entity))
    assert found.text == "See this"
    assert "<b>this</b>" in found.html
    assert [file.name for file in found.attachments] == ["smime.p7m", "a.pdf"]


def test_signed_twice_and_behind_a_footer() -> None:
    inner = b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    found = mail(LABELS[0], signed(inner + encodebytes(signed())))
    assert found.text == TEXT
    part = b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    listed = parse(
        b'From: a@b.example\r\nContent-Type: multipart/mixed; boundary="l"\r\n\r\n--l\r\n'
        + part
        + encodebytes(signed())
        + b"\r\n--l\r\n\r\nThe list\r\n--l--\r\n"
    )
    assert listed.text == f"{TEXT}\n\nThe list"
    assert listed.seal == "smime-signed"


def test_what_is_encrypted_is_said_to_be() -> None:
    for label in (LABELS[1], LABELS[0].replace("signed", "enveloped"), LABELS[2]):
        found = mail(label, encrypted())
        assert found.seal == "smime-encrypted"
        assert found.text == ""
    # signed around what is encrypted: there is no text to read
    wrapped = b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n"
    wrapped += b"Content-Transfer-Encoding: base64\r\n\r\n" + encodebytes(encrypted())
    assert mail(LABELS[0], signed(wrapped)).seal == "smime-encrypted"


def test_certificates_alone_and_signed_documents_are_files() -> None:
    bundle = pkcs7.serialize_certificates([identity()[0]], serialization.Encoding.DER)
    for content in (bundle, signed(b"%PDF-1.7 \x00\x01"), signed(b"<?xml version='1.0'?><a/>")):
        found = mail("application/pkcs7-mime; name=contract.pdf.p7m", content)
        assert found.text == ""
        assert found.seal == ""
        assert len(found.attachments) == 1
    assert mail(LABELS[1], signed(b"Plain words")).text == "Plain words"
    assert mail(LABELS[2], signed(b"Plain words")).text == ""


def test_broken_structures_are_files_and_take_no_time() -> None:
    whole = signed()
    for end in range(0, len(whole), 7):
        found = mail(LABELS[1], whole[:end])
        assert found.seal in ("", "smime-signed")
    began = time.monotonic()
    hostile = [
        b"\x30\x80" * 200_000,
        b"\x30\x84\xff\xff\xff\xff" * 50_000,
        in_pieces(ENTITY, 5)[:-40] + b"\x24\x80" * 100_000,
        b"\x30\x80\x06\x01\x00" + b"\xa0\x80\x00\x00" * 200_000,
    ]
    for content in hostile:
        assert ENTITY.startswith(signed_content(content)[:40])
        assert kind(content) in ("", "signed")
    assert time.monotonic() - began < 4
