"""What a stranger sends by a public form, and how it becomes a ticket (cap 151).

Nobody is signed in, so no actor comes first. Nothing is shown to agents and nothing of the text is
mailed to anybody before the owner of the address says that it is theirs (C13).
"""

import re
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from firstline.base import emails
from firstline.base.db import atomic, hold
from firstline.base.languages import known
from firstline.base.lines import one_line
from firstline.events import log
from firstline.people.access import as_customer
from firstline.people.actions.people import meet
from firstline.tickets import change
from firstline.tickets.actions.open import Fields, open_ticket
from firstline.tickets.forms import CONFIRMED_WITHIN, digest_of, key_of, request_with
from firstline.tickets.messages import Draft
from firstline.tickets.models import Request, Ticket, WebForm

AN_HOUR = 5  # letters that one source may cause, and that one address may get
MOST_LINKS = 5
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
LIMITS = {"name": 200, "email": 254, "phone": 40, "subject": 300, "text": 20_000}


class TooMany(Exception):
    """This source or address has had its letters for this hour."""


class Repeated(Exception):
    """The page was sent before, with other words: what is new in them must not be lost."""


@dataclass(frozen=True, slots=True)
class Words:
    """What was typed into the form, and the language it was shown in."""

    name: str
    email: str
    phone: str
    subject: str
    text: str
    language: str


def send_request(form: WebForm, words: Words, *, nonce: str, source: str) -> Request:
    """Keep what was typed until the address is confirmed; a letter with the link follows.

    `nonce` marks the page that was sent, which counts once; `source` is where it came from. Known
    and unknown addresses take the same way (C33). Raises ValidationError, TooMany, Repeated.
    """
    words = checked(words)
    digest = digest_of(key_of(nonce))
    with atomic():
        hold(WebForm.objects.all())  # so that parallel requests are counted, too
        twin = Request.objects.filter(sha256=digest).first()
        if twin is not None:
            if any(getattr(twin, name) != value for name, value in asdict(words).items()):
                raise Repeated
            return twin
        lately = Request.objects.filter(created_at__gt=timezone.now() - timedelta(hours=1))
        if _is_full(lately.filter(source=source)) or _is_full(lately.filter(email=words.email)):
            raise TooMany
        request = Request.objects.create(form=form, sha256=digest, source=source, **asdict(words))
        log.record(
            "form.sent",
            subject_kind="form",
            subject_id=form.pk,
            actor_id=None,
            via="portal",
            data={"request": request.pk, "nonce": nonce},
        )
    return request


def confirm(key: str) -> Ticket | None:
    """Make the ticket, once, however often it is asked for; None if it is deleted since.

    Raises NotFound for a key that is unknown or too old.
    """
    with atomic():
        request = request_with(key)
        now = timezone.now()
        waiting = Request.objects.filter(
            pk=request.pk, confirmed_at=None, created_at__gt=now - CONFIRMED_WITHIN
        )
        if not waiting.update(confirmed_at=now):
            return request_with(key).ticket
        ticket = _open(request)
        Request.objects.filter(pk=request.pk).update(ticket=ticket)
    return ticket


def _open(request: Request) -> Ticket:
    """The ticket of whoever owns the address; as by mail, staff and deactivated people are customers."""
    actor = as_customer(meet(request.email, request.name, request.language))
    fields = Fields(
        subject=request.subject,
        department=request.form.department,
        requester=actor.person,
        callback_name=request.name,
        callback_phone=request.phone,
    )
    ticket = open_ticket(actor, fields, Draft(text=request.text), via="portal")
    change.record(actor, ticket, "ticket.sent_by_form", "portal", form=request.form.names)
    return ticket


def _is_full(requests: "QuerySet[Request]") -> bool:
    return requests.count() >= AN_HOUR


def checked(words: Words) -> Words:
    """The words as they are kept. Raises ValidationError with a message for each wrong field."""
    problems: dict[str, str] = {}
    kept = {name: one_line(getattr(words, name), most + 1) for name, most in LIMITS.items()}
    kept["email"] = emails.normal(kept["email"])
    kept["text"] = words.text.replace("\r\n", "\n").replace("\x00", "").strip()
    for name, most in LIMITS.items():
        if len(kept[name]) > most:
            problems[name] = _("At most %(number)s characters.") % {"number": most}
    if sum(len(LINK.findall(kept[name])) for name in ("name", "subject", "text")) > MOST_LINKS:
        problems["text"] = _(
            "More than %(number)s links look like advertising. Leave some of them out."
        ) % {"number": MOST_LINKS}
    try:
        emails.check(kept["email"])
    except ValidationError:
        problems["email"] = _("Write your whole e-mail address, such as name@example.com.")
    missing = {
        "name": _("Write your name."),
        "email": _("Write your e-mail address: the answer goes there."),
        "subject": _("Write in a few words what it is about."),
        "text": _("Write a text."),
    }
    problems |= {name: text for name, text in missing.items() if not kept[name]}
    if problems:
        raise ValidationError({name: problems[name] for name in LIMITS if name in problems})
    return Words(**kept, language=known(words.language))
