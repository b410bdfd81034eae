"""The tables of mail."""

from firstline.mail.models.boxes import (
    Box,
    BoxCheck,
    DkimKey,
    Folder,
    Mailbox,
    MailImport,
    MailServer,
    Suppression,
)
from firstline.mail.models.outgoing import OutgoingMail
from firstline.mail.models.raw import Outcome, RawMail

__all__ = [
    "Box",
    "BoxCheck",
    "DkimKey",
    "Folder",
    "MailImport",
    "MailServer",
    "Mailbox",
    "Outcome",
    "OutgoingMail",
    "RawMail",
    "Suppression",
]
