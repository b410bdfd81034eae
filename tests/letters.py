"""Letters about accounts as they left the desk: the rows of the outbox forget what these said."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from django.conf import settings

from firstline.mail.models import OutgoingMail

LINK = re.compile(r"https?://\S+")
ONE_TIME = re.compile(r"\b[a-z0-9]{4}(?:-[a-z0-9]{4}){3}\b")


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, as a mail program reads it."""

    mail: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.mail["Subject"])

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def link(self) -> str:
        """The first link in the text, with its host."""
        found = LINK.search(self.text)
        assert found, self.text
        return found[0]

    @property
    def path(self) -> str:
        """The first link in the text, without its host."""
        return "/" + self.link.split("/", 3)[3]

    @property
    def password(self) -> str:
        """The one-time password in the text."""
        found = ONE_TIME.search(self.text)
        assert found, self.text
        return found[0]

    def _part(self, kind: str) -> str:
        part: Any = self.mail.get_body((kind,))
        return str(part.get_content())


def letters_to(address: str) -> list[Letter]:
    """All letters about their account that went to this address, oldest first."""
    sent = OutgoingMail.objects.filter(kind="account", recipient=address, sent_at__isnull=False)
    return [_kept(pk) for pk in sent.order_by("pk").values_list("pk", flat=True)]


def _kept(pk: int) -> Letter:
    path = Path(settings.DATA) / "outbox" / f"{pk:08d}.eml"
    parsed: Any = message_from_bytes(path.read_bytes(), policy=default)
    return Letter(parsed)
