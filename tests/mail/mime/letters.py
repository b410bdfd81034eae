"""The mails of this folder by name."""

from pathlib import Path

from firstline.mail.mime.parse import Mail, parse

MAILS = Path(__file__).parent / "mails"


def raw(name: str) -> bytes:
    return (MAILS / f"{name}.eml").read_bytes()


def mail(name: str) -> Mail:
    return parse(raw(name))
