"""Set, try and remove a department's own mail server; make the key of its domain (product 7.6)."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from firstline.base import secrets
from firstline.base.db import atomic
from firstline.base.ids import read_number
from firstline.mail import reasons
from firstline.mail.inbound.imap import trouble
from firstline.mail.mime.compose import Address, Letter, compose, needs_utf8, new_message_id
from firstline.mail.models import DkimKey, MailServer
from firstline.mail.outbound import carriers, signing
from firstline.mail.servers import domain_of
from firstline.people.access import Actor, NotFound
from firstline.people.roles import Permission
from firstline.tickets.actions.departments import record
from firstline.tickets.models import Department
from firstline.tickets.recipients import check_address

HOST_LIMIT, USER_LIMIT, SECRET_LIMIT = 253, 254, 500
PATIENCE = 20.0  # seconds that somebody waits before the page for what a server answers


@dataclass(frozen=True, slots=True)
class Wishes:
    """A server as it was typed; an empty `secret` keeps the one that is there."""

    host: str
    port: str
    security: str
    user: str
    secret: str


def set_server(actor: Actor, department: Department, wishes: Wishes, *, via: str) -> MailServer:
    """Let this server carry the department's mail away. Raises Forbidden, ValidationError."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    with atomic():
        row = _meant(department, wishes)
        MailServer.objects.update_or_create(
            department=department,
            defaults={
                name: getattr(row, name) for name in ("host", "port", "security", "user", "secret")
            },
        )
        seen = {"host": row.host, "port": row.port, "security": row.security, "user": row.user}
        record(actor, department, "department.server_set", via, **seen)
    return row


def remove_server(actor: Actor, department: Department, *, via: str) -> None:
    """Let the installation's server carry its mail again. Raises Forbidden."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    with atomic():
        gone, _each = MailServer.objects.filter(department=department).delete()
        if gone:
            record(actor, department, "department.server_removed", via)


def try_server(actor: Actor, department: Department, wishes: Wishes, to: str) -> str:
    """Send a letter through the server that was typed, and tell what the server answered.

    Nothing is kept. Raises Forbidden, ValidationError with the server's own words: those of a server
    that may not be asked, or is not there, are one and the same (C48).
    """
    actor.demand(Permission.DEPARTMENT_EDIT)
    check_address("to", to)
    row = _meant(department, wishes)
    letter = Letter(
        sender=Address(department.label, department.address),
        recipients=(Address("", to),),
        subject=_("A letter to try the mail server of “%(name)s”") % {"name": department.label},
        text=_("If you read this, the server takes our mail and it arrives.") + "\n",
        html="",
        message_id=new_message_id(domain_of(department)),
        in_reply_to="",
        references=(),
        reply_to="",
        date=timezone.now(),
        automatic=True,
    )
    try:
        carrier = carriers.hurried(carriers.of_server(row), PATIENCE)
        raw = signing.signed(compose(letter), department.address)
        utf8 = compose(letter, utf8=True) if needs_utf8(letter) else None
        return carriers.hand_over(carrier, department.address, to, raw, utf8=utf8)
    except (carriers.Refused, carriers.Unreachable) as problem:
        raise ValidationError({"host": _not_taken(str(problem))}) from problem


def _not_taken(problem: str) -> str:
    """Where no server was asked at all, the same sentence as for a mailbox."""
    if problem == reasons.UNKNOWN_HOST:
        return trouble.sentence("unknown")
    if problem == reasons.LOST_PASSWORD:
        return _("The password was kept with another secret key. Enter the password again.")
    why = {"answer": reasons.plain(problem)}
    return _("The server did not take the letter: %(answer)s") % why


def make_key(actor: Actor, department: Department, *, via: str) -> DkimKey:
    """A key for the domain of the department's letters; the one that is there stays. Raises Forbidden."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    with atomic():
        found = DkimKey.objects.filter(domain=domain_of(department)).first()
        if found is not None:
            return found
        key = signing.new_key(domain_of(department))
        key.save()
        record(actor, department, "department.key_made", via, domain=key.domain)
    return key


def look_up(
    actor: Actor, department: Department, *, via: str, lookup: signing.Lookup | None = None
) -> bool:
    """Ask the DNS for the key; from when it is found it signs, and no longer once it is not.

    Raises Forbidden, NotFound, ValidationError where the DNS gives no answer.
    """
    actor.demand(Permission.DEPARTMENT_EDIT)
    key = DkimKey.objects.filter(domain=domain_of(department)).first()
    if key is None:
        raise NotFound(domain_of(department))
    try:
        found = signing.is_published(key, lookup)
    except (OSError, secrets.Unreadable) as problem:
        text = _("The DNS gave no answer, so nothing is changed. Try again in a minute.")
        raise ValidationError({"record": text}) from problem
    if found != (key.found_at is not None):
        with atomic():
            DkimKey.objects.filter(pk=key.pk).update(found_at=timezone.now() if found else None)
            kind = "department.key_found" if found else "department.key_lost"
            record(actor, department, kind, via, domain=key.domain)
    return found


def _meant(department: Department, wishes: Wishes) -> MailServer:
    """The server that the words mean, with its secret closed, not stored. Raises ValidationError."""
    problems: dict[str, str] = {}
    host, user = wishes.host.strip().lower(), wishes.user.strip()
    if not host or len(host) > HOST_LIMIT or not host.isprintable() or set(host) & set(" /@\\"):
        problems["host"] = _("Write the name of the server, such as smtp.example.com.")
    port = read_number(wishes.port, most=65535) or 0
    if not port:
        problems["port"] = _("The port is a number from 1 to 65535.")
    if wishes.security not in MailServer.Security.values:
        problems["security"] = _("Choose how the connection is protected.")
    if not user.isprintable() or len(user) > USER_LIMIT:
        problems["user"] = _("This can't be a user name.")
    if len(wishes.secret) > SECRET_LIMIT:
        problems["secret"] = _("The password is too long.")
    if problems:
        raise ValidationError(problems)
    row = MailServer.objects.filter(department=department).first()
    kept = row.secret if row else ""
    if wishes.secret:
        kept = secrets.close(wishes.secret)
    elif row and kept and (row.host, row.port) != (host, port):
        text = _("Enter the password again: it is never given to another server.")
        raise ValidationError({"secret": text})
    return MailServer(
        department=department,
        host=host,
        port=port,
        security=wishes.security,
        user=user,
        secret=kept if user else "",
    )
