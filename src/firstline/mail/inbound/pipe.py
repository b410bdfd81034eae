"""A mail from a pipe: for whom it is stands in the call, or in its headers."""

from collections.abc import Iterable
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses

from firstline.mail import addresses
from firstline.mail.inbound.take import take
from firstline.mail.models import RawMail

HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")


def deliver(raw: bytes, sender: str, recipients: Iterable[str]) -> list[RawMail]:
    """Store a mail for the recipients that are ours; none: [] and nothing is stored.

    Raises OSError or a database error if it could not be stored.
    """
    ours = [address for address in recipients or _named(raw) if addresses.is_ours(address)]
    return take(raw, sender=sender, recipients=ours, source="pipe") if ours else []


def _named(raw: bytes) -> list[str]:
    """The recipients in the headers; the first header that names one of ours decides."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(raw[:200_000])
    for name in HEADERS:
        values = [str(value) for value in headers.get_all(name, [])]
        ours = [address for _name, address in getaddresses(values) if addresses.is_ours(address)]
        if ours:
            return ours
    return []
