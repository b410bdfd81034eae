"""The tables of mail."""

from firstline.mail.models.agents import AgentAddress
from firstline.mail.models.boxes import (
    Box,
    BoxCheck,
    DkimKey,
    Folder,
    Mailbox,
    MailServer,
    Suppression,
)
from firstline.mail.models.form_senders import FormSender
from firstline.mail.models.hooks import Hook
from firstline.mail.models.imports import ImportedMail, MailImport
from firstline.mail.models.outgoing import OutgoingMail
from firstline.mail.models.raw import UNSORTED, Outcome, RawMail

__all__ = [
    "UNSORTED",
    "AgentAddress",
    "Box",
    "BoxCheck",
    "DkimKey",
    "Folder",
    "FormSender",
    "Hook",
    "ImportedMail",
    "MailImport",
    "MailServer",
    "Mailbox",
    "Outcome",
    "OutgoingMail",
    "RawMail",
    "Suppression",
]
