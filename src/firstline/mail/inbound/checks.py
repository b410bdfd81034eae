"""The letter of a forwarding check comes back: it completes the check and becomes no ticket.

Only who got the letter knows its code, and the first one that comes back decides (product 7.2).
"""

import re

from django.conf import settings

from firstline.files import store
from firstline.mail import addresses, checks
from firstline.mail.inbound.comparison import Sent, compare
from firstline.mail.inbound.placed import Placed
from firstline.mail.inbound.public import written_to
from firstline.mail.mime.loops import Nature
from firstline.mail.mime.parse import Mail
from firstline.mail.models import BoxCheck, Outcome, OutgoingMail, RawMail

OWN_ID = re.compile(r"\A<([0-9a-f]{20})@")
READ = 20_000
MOST = 10


def complete(row: RawMail, mail: Mail, nature: Nature, placed: Placed) -> Placed | None:
    """Complete the check that this mail is the letter of; None if it is none, or a person's answer."""
    codes = _codes(mail)
    found = BoxCheck.objects.select_related("box__department", "department").filter(code__in=codes)
    check = found.first() if codes else None
    if check is None:
        return _unknown(mail, placed) if codes else None
    answered = checks.header_id(check.code) in {*mail.in_reply_to, *mail.references}
    if answered and nature != Nature.AUTO_REPLY:
        return None
    placed.outcome = Outcome.CHECK
    placed.note("check-answered" if answered else "check", check.address)
    if not answered:
        _came(check, row, mail)
    return placed


def _codes(mail: Mail) -> list[str]:
    """What may be a code, in subject, text and Message-ID: one of them survives any way."""
    found = [*checks.CODE.findall(mail.subject), *checks.CODE.findall(mail.text[:READ])[:MOST]]
    own = OWN_ID.match(mail.message_id)
    return [own[1], *found] if own else found


def _unknown(mail: Mail, placed: Placed) -> Placed | None:
    """A letter of a check that was forgotten, or a forged one: nobody is to be answered for it."""
    if mail.sender.email.lower() != settings.DEFAULT_FROM_EMAIL.lower():
        return None
    placed.note("check-unknown")
    return placed


def _came(check: BoxCheck, row: RawMail, mail: Mail) -> None:
    """Write down what was found out; a second time only that it came again."""
    letter = OutgoingMail.objects.filter(header_id=checks.header_id(check.code)).first()
    first = BoxCheck.objects.filter(pk=check.pk, arrived_at=None)
    if letter is not None and first.update(
        arrived_at=row.received_at,
        sent_at=letter.sent_at or letter.created_at,
        findings=_findings(check, letter, row, mail),
    ):
        return
    again = BoxCheck.objects.get(pk=check.pk)
    known = [one for one in again.findings if one[0] != "again"]
    times = next((int(detail) for step, detail in again.findings if step == "again"), 1)
    findings = [*known, ["again", str(times + 1)]]
    BoxCheck.objects.filter(pk=check.pk).update(findings=findings)


def _findings(check: BoxCheck, letter: OutgoingMail, row: RawMail, mail: Mail) -> list[list[str]]:
    address = check.address if check.box else letter.recipient
    here = addresses.resolve(row.recipient)
    sent = Sent(
        box=address,
        sender=letter.sender.lower(),
        reply_to=letter.reply_to.lower(),
        message_id=letter.header_id,
        subject=letter.subject,
        text=letter.text,
        link=checks.link_of(check.code),
        words=tuple(checks.WORDS.values()),
        file_name=checks.ENCLOSURE,
        file=checks.enclosure_of(check.code),
    )
    found = [["arrived-at", row.recipient]]
    if here is None or here.department != check.target:
        found.append(["elsewhere", here.department.address if here else row.recipient])
    public = address if here and here.public == address else ""
    public = public or written_to(mail, {address})
    compared = compare(sent, mail, store.read(row.sha256), public, row.proof or {})
    # A system address is no public one: it is nobody's to be named by servers on the way.
    return [*found, *(one for one in compared if check.box or not one[0].startswith("public-"))]
