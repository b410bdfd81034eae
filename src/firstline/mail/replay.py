"""What a mail that came long ago would become today: tried for real, then undone (product 11.10)."""

from dataclasses import dataclass, field
from typing import Any

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.files import store
from firstline.mail import trace
from firstline.mail.inbound import past
from firstline.mail.inbound.place import place
from firstline.mail.mime import quotes_html
from firstline.mail.mime.parse import Mail, Unreadable, parse
from firstline.mail.models import Outcome, RawMail
from firstline.people.access import Actor
from firstline.people.roles import Permission

log = structlog.get_logger(__name__)
SHOWN = 5_000  # characters of a text
NUMBERED = {"opened"}  # steps that name a ticket which is gone again


@dataclass(frozen=True, slots=True)
class Reading:
    """A mail as it was read: who wrote, what, and why it stands where it does."""

    sender: str = ""
    subject: str = ""
    text: str = ""
    files: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)


def then(mail: RawMail) -> Reading:
    """How it was read when it came."""
    files: list[str] = []
    text = ""
    message: Any = mail.message
    if message is not None:
        text = message.text[:SHOWN]
        found = message.attachments.order_by("pk")
        files = list(found.values_list("file__name", flat=True))
    return Reading(mail.sender, mail.subject, text, files, trace.sentences(mail))


def read(mail: RawMail) -> Reading:
    """What it says, decoded, whatever became of it; nothing where no reader understands it."""
    try:
        parsed = parse(store.read(mail.sha256))
    except Unreadable:
        return Reading(mail.sender or mail.envelope_sender, mail.subject)
    files = [one.name for one in parsed.attachments]
    sender = parsed.sender.email or mail.envelope_sender.strip("<> ")
    named = f"{parsed.sender.name} <{sender}>" if sender else ""
    return Reading(named, parsed.subject[:300], parsed.text[:SHOWN], files)


def now(actor: Actor, mail: RawMail) -> Reading:
    """How it would be read now, by today's reader and today's rules.

    Nothing is kept and nothing is sent: all that it would write is rolled back, jobs included.
    Raises Forbidden.
    """
    actor.demand(Permission.MAIL_RETRY)
    try:
        parsed = parse(store.read(mail.sha256))
    except Unreadable as problem:
        return Reading(steps=trace.told([["unreadable", str(problem)]]))
    files = [one.name for one in parsed.attachments]
    written, _quoted = quotes_html.split_both(parsed.text, parsed.html)
    return Reading(
        f"{parsed.sender.name} <{parsed.sender.email}>",
        parsed.subject[:300],
        (written if written.strip() else parsed.text)[:SHOWN],
        files,
        _tried(mail, parsed),
    )


def _tried(mail: RawMail, parsed: Mail) -> list[str]:
    """Where it would go, in sentences."""
    try:
        with atomic():
            is_past = mail.source == past.SOURCE
            placed = past.place(mail, parsed) if is_past else place(mail, parsed)
            transaction.set_rollback(True)
    except Exception as problem:  # the very thing that is looked for
        log.warning("replay of a mail failed", mail=mail.pk, problem=repr(problem))
        return [_("Today it fails: %(problem)s.") % {"problem": type(problem).__name__}]
    steps = [step for step in placed.trace if step[0] not in NUMBERED]
    told = trace.told(steps)
    if placed.outcome == Outcome.OPENED:
        told.append(_("It would open a ticket of its own."))
    return told
