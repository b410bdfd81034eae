"""Invitations of customers by staff (cap 1) and of staff (people/actions/staff.py): a link by mail
that lets a person choose a password.

The key in the link is made when the letter is written, and only its hash is kept; until then, and
after it was sent anew or withdrawn, the row holds a hash that no key has.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from firstline.base.db import atomic, hold
from firstline.events import log
from firstline.events.models import Event
from firstline.people import customers, details
from firstline.people.access import Actor, NotFound, actor_of
from firstline.people.actions import strangers
from firstline.people.actions.passwords import choose_password
from firstline.people.actions.people import meet
from firstline.people.models import Company, Customer, Invitation, Person, Staff
from firstline.people.roles import Permission

LIFE = timedelta(days=7)
LONGEST_KEY = 100
LETTERS_AN_HOUR = 5


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom to invite. `company` None: the one of the address's domain, if any."""

    email: str
    name: str
    language: str
    company: Company | None = None
    sees_company: bool = False


def invite(actor: Actor, wanted: Invited, *, via: str) -> Invitation:
    """Invite somebody to the portal; one who only wrote by mail so far stays the same person.

    Raises Forbidden, and ValidationError for what is wrong in `wanted`, or who can sign in already.
    """
    actor.demand(Permission.CUSTOMER_INVITE)
    wanted = _checked(actor, wanted)
    with atomic():
        known = Person.objects.at(wanted.email)
        fresh = strangers.is_stranger(actor, known)
        if known is not None and fresh and not strangers.was_invited(actor, known):
            return _conceal(actor, wanted)
        if known is not None:
            check_pace(known.pk, "email")
            if not fresh:
                _check_known(actor, known, wanted)
        person = _prepare(known or meet(wanted.email, wanted.name, wanted.language), wanted)
        return issue(actor, person, via, company=wanted.company if fresh else None)


def _conceal(actor: Actor, wanted: Invited) -> Invitation:
    """An invitation of somebody known elsewhere: it looks like one that was sent, and nothing goes."""
    if strangers.count(wanted.email) >= LETTERS_AN_HOUR:
        raise ValidationError({"email": [_too_many()]})
    typed = {name: getattr(wanted, name) for name in strangers.TYPED}
    return strangers.invite(actor, wanted.company, typed, sha256=_nobodys_hash(), life=LIFE)


def issue(actor: Actor, person: Person, via: str, *, company: Company | None = None) -> Invitation:
    """Let a link go to this person; those before it are dead at once. The caller checks the right.

    `company`: where a partner invites somebody whom it does not know yet.
    """
    _open().filter(person=person).update(withdrawn_at=timezone.now())
    invitation = Invitation.objects.create(
        person=person,
        company=company,
        invited_by=actor.person,
        sha256=_nobodys_hash(),
        expires_at=timezone.now() + LIFE,
    )
    _record(actor, "person.invited", invitation, via)
    return invitation


def take_back(actor: Actor, person: Person, via: str) -> None:
    """Let no link to this person work any more. The caller checks the right."""
    for invitation in _open().filter(person=person):
        Invitation.objects.filter(pk=invitation.pk).update(withdrawn_at=timezone.now())
        _record(actor, "person.invitation_withdrawn", invitation, via)


def resend(actor: Actor, pk: int, *, via: str) -> bool:
    """Send a new link; the one before is dead at once. False if the invitation is over.

    Raises Forbidden, NotFound, and ValidationError when that person got enough letters for now.
    """
    invitation = customers.invitation_for(actor, pk, Permission.CUSTOMER_INVITE)
    now = timezone.now()
    fresh = {"sha256": _nobodys_hash(), "sent_at": now, "expires_at": now + LIFE}
    if invitation.person_id is not None:
        check_pace(invitation.person_id, "invitation")
    elif strangers.count(invitation.typed["email"]) >= LETTERS_AN_HOUR:
        raise ValidationError({"invitation": [_too_many()]})
    else:
        fresh["typed"] = strangers.send_again(invitation)
    with atomic():
        if not _open().filter(pk=pk).update(**fresh):
            return False
        _record(actor, "person.invited", invitation, via, again=True)
    return True


def withdraw(actor: Actor, pk: int, *, via: str) -> bool:
    """Take an invitation back: its link is dead at once. False if it is over already.

    Raises Forbidden, NotFound.
    """
    invitation = customers.invitation_for(actor, pk, Permission.CUSTOMER_INVITE)
    with atomic():
        if not _open().filter(pk=pk).update(withdrawn_at=timezone.now()):
            return False
        _record(actor, "person.invitation_withdrawn", invitation, via)
    return True


def new_key(pk: int) -> str | None:
    """A key for the link in the letter, the only time it is known; None if there is none to send."""
    key = secrets.token_urlsafe(32)
    return key if _alive().filter(pk=pk).update(sha256=_hash(key)) else None


def with_key(key: str) -> Invitation | None:
    """The invitation that this key opens. None for any other key, whatever the reason."""
    found = (
        _alive()
        .filter(sha256=_hash(key[:LONGEST_KEY]))
        .select_related("invited_by", "person__staff")
    )
    invitation = found.first()
    person = invitation.person if invitation is not None else None
    return invitation if person is not None and _waits(person) else None


def accept(key: str, password: str, *, zone: str = "", via: str) -> Person:
    """Choose the password, which the validators have seen, and so confirm the address.

    Staff begin to work here with it. Works once. `zone`: see `choose_password`. Raises NotFound for
    a key that opens nothing.
    """
    with atomic():
        invitation = with_key(key)
        person = invitation.person if invitation is not None else None
        if invitation is None or person is None:
            raise NotFound("no such invitation")
        hold(Staff.objects.filter(pk=person.pk))
        if not _alive().filter(pk=invitation.pk).update(accepted_at=timezone.now()):
            raise NotFound("no such invitation")
        if getattr(person, "staff", None) is not None:
            _join(person, invitation, via)
        choose_password(actor_of(person), password, zone=zone, via=via)
    return Person.objects.get(pk=person.pk)


def check_pace(person_id: int, field: str) -> None:
    """Raises ValidationError if the person was written to five times within the last hour (C13)."""
    hour = timezone.now() - timedelta(hours=1)
    letters = Event.objects.filter(subject_kind="person", subject_id=person_id, at__gte=hour)
    if letters.filter(kind="person.invited").count() >= LETTERS_AN_HOUR:
        raise ValidationError({field: [_too_many()]})


def _too_many() -> str:
    return _("Five invitations went to this address within an hour. Wait a little.")


def _waits(person: Person) -> bool:
    """Whether a password is still to be chosen: a customer's first, or one to begin to work with."""
    staff = getattr(person, "staff", None)
    return staff.joined_at is None if staff else not person.has_usable_password()


def _join(person: Person, invitation: Invitation, via: str) -> None:
    """Let the invited person work here; what a customer had of keys gets no wider rights by that.

    Raises NotFound where the invitation was taken back at this very moment.
    """
    if not Staff.objects.filter(pk=person.pk, joined_at=None).update(joined_at=timezone.now()):
        raise NotFound("invited no more")
    person.tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
    log.record(
        "staff.joined",
        subject_kind="person",
        subject_id=person.pk,
        actor_id=person.pk,
        via=via,
        data={"invitation": invitation.pk},
    )


def _checked(actor: Actor, wanted: Invited) -> Invited:
    good, wrong = {}, {}
    for field, check in CHECKS.items():
        try:
            good[field] = check(getattr(wanted, field))
        except ValidationError as problem:
            wrong[field] = problem.messages
    companies = customers.companies_for(actor)
    company = wanted.company
    if company is None and customers.partner_of(actor) is not None:
        wrong["company"] = [_("Choose one of the companies that you serve.")]
    elif company is not None and not companies.filter(pk=company.pk).exists():
        wrong["company"] = [_("There is no such company here, or it is not one that you serve.")]
    if wrong:
        raise ValidationError(wrong)
    return Invited(company=company, sees_company=wanted.sees_company, **good)


def _check_known(actor: Actor, person: Person, wanted: Invited) -> None:
    """Raises ValidationError if this person can't be invited, or not by this actor."""
    message = ""
    belongs, chosen = person.company, wanted.company
    if not person.is_active:
        message = _("The account with this address is switched off.")
    elif getattr(person, "staff", None) is not None:
        message = _("This is the address of somebody who works here.")
    elif person.has_usable_password():
        message = _(
            "This person has an account already and can sign in. Whoever forgot the password asks "
            "for a new one on the sign-in page."
        )
    elif belongs is not None and chosen is not None and belongs != chosen:
        message = _("This person belongs to the company “%(company)s”. Choose that one.")
    if message:
        raise ValidationError({"email": [message % {"company": belongs}]})


def _prepare(person: Person, wanted: Invited) -> Person:
    """The person with what the invitation says, as far as nothing else is known."""
    said = {"name": wanted.name, "language": wanted.language}
    missing = {field: text for field, text in said.items() if not getattr(person, field)}
    if missing:
        Person.objects.filter(pk=person.pk).update(**missing)
    customer, _new = Customer.objects.get_or_create(person=person)
    customer.company = wanted.company or customer.company
    customer.sees_company = wanted.sees_company
    customer.save()
    return Person.objects.get(pk=person.pk)


def _open() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None)


def _alive() -> QuerySet[Invitation]:
    """Those whose link may still be used: a deactivated person has none (C37)."""
    return _open().filter(expires_at__gt=timezone.now(), person__is_active=True)


def _record(actor: Actor, kind: str, invitation: Invitation, via: str, **data: object) -> None:
    if invitation.person_id is None:
        return  # nothing happened to anybody
    log.record(
        kind,
        subject_kind="person",
        subject_id=invitation.person_id,
        actor_id=actor.id,
        via=via,
        data={"invitation": invitation.pk, **data},
    )


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _nobodys_hash() -> str:
    return _hash(secrets.token_urlsafe(32))


CHECKS = {"email": details.address, "name": details.name, "language": details.language}
