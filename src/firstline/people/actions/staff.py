"""Staff as administrators shape them: invited, changed, deactivated, brought back (cap 136-139).

Departments stand above people: `tickets/actions/staff.py` calls these and says who works where.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from firstline.base.db import atomic, hold
from firstline.base.ids import read_id
from firstline.events import log
from firstline.people import details, sessions
from firstline.people.access import Actor, NotFound
from firstline.people.actions import invitations, visits
from firstline.people.models import Partner, Person, Staff
from firstline.people.roles import OF_PARTNERS, Level, Permission
from firstline.people.visits import Why


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to invite. Who only wrote by mail so far, or is a customer, stays the same person."""

    email: str
    name: str
    language: str
    level: str
    partner_id: int | None = None


def invite(actor: Actor, wanted: Wanted, *, via: str) -> Staff:
    """Invite somebody to work here. Until they accept, they may nothing and are given nothing.

    Raises Forbidden, and ValidationError for what is wrong in `wanted`, or who works here already.
    """
    actor.demand(Permission.STAFF_EDIT)
    wanted = _checked(wanted)
    try:
        with atomic():
            person = _person(wanted)
            staff = Staff.objects.create(
                person=person, level=wanted.level, partner_id=wanted.partner_id, joined_at=None
            )
            invitations.issue(actor, person, via)
    except IntegrityError as problem:  # invited by somebody else at this moment
        raise ValidationError({"email": [_invited_already()]}) from problem
    return staff


def resend(actor: Actor, pk: int, *, via: str) -> bool:
    """Send a new link; the one before is dead at once. False if the person has accepted already.

    Raises Forbidden, NotFound, and ValidationError when that person got enough letters for now.
    """
    actor.demand(Permission.STAFF_EDIT)
    with atomic():
        staff = held(pk)
        if staff.joined_at is not None:
            return False
        invitations.check_pace(pk, "invitation")
        invitations.issue(actor, staff.person, via)
    return True


def withdraw(actor: Actor, pk: int, *, via: str) -> bool:
    """Take an invitation back: its link is dead, the person no colleague. False if they have accepted.

    Raises Forbidden, NotFound.
    """
    actor.demand(Permission.STAFF_EDIT)
    with atomic():
        staff = held(pk)
        if staff.joined_at is not None:
            return False
        invitations.take_back(actor, staff.person, via)
        staff.delete()
    return True


def change_level(
    actor: Actor, pk: int, level: str, partner_id: int | None = None, *, via: str
) -> Staff:
    """Give somebody another access level, and a partner where it is a partner's level.

    Nobody's own, and an administrator is left. Raises Forbidden, NotFound, ValidationError.
    """
    actor.demand(Permission.STAFF_EDIT)
    check_level(level, partner_id)
    with atomic():
        staff = held(pk)
        before = (staff.level, staff.partner_id)
        if before == (level, partner_id):
            return staff
        if pk == actor.id:
            text = _("Nobody changes their own level. Ask another administrator.")
            raise ValidationError({"level": [text]})
        if level != Level.ADMINISTRATOR:
            _check_one_is_left(staff, "level")
        staff.level, staff.partner_id = level, partner_id
        staff.save(update_fields=["level", "partner"])
        record(actor, "staff.changed", pk, via, level=[before[0], level], partner=partner_id)
    return staff


def deactivate(actor: Actor, pk: int, *, via: str) -> Staff:
    """Let somebody work here no more: sessions, tokens and live streams end at once (C37).

    Their history stays. Raises Forbidden, NotFound, ValidationError.
    """
    actor.demand(Permission.STAFF_EDIT)
    with atomic():
        staff = held(pk)
        person = staff.person
        if pk == actor.id:
            text = _("Nobody deactivates themselves. Ask another administrator.")
            raise ValidationError({"person": [text]})
        if staff.joined_at is None:
            raise ValidationError(
                {"person": [_("They are only invited: withdraw the invitation.")]}
            )
        _check_one_is_left(staff, "person")
        active = Person.objects.filter(pk=pk, is_active=True)
        if active.update(is_active=False, one_time_sha256="", one_time_until=None):
            staff.left_at = timezone.now()
            staff.save(update_fields=["left_at"])
            person.tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
            sessions.end_all_of(person)
            visits.end_all_of(person, why=Why.DEACTIVATED, via=via)
            record(actor, "staff.deactivated", pk, via)
    return staff


def restore(actor: Actor, pk: int, *, via: str) -> bool:
    """Let somebody work here again, with the password they had; False if they do. Raises Forbidden, NotFound."""
    actor.demand(Permission.STAFF_EDIT)
    with atomic():
        staff = held(pk)
        if not Person.objects.filter(pk=pk, is_active=False).update(is_active=True):
            return False
        staff.left_at = None
        staff.save(update_fields=["left_at"])
        record(actor, "staff.restored", pk, via)
    return True


def check_level(level: str, partner_id: int | None) -> None:
    """Raises ValidationError unless there is such a level, and a partner where it needs one."""
    if level not in set(Level):
        raise ValidationError({"level": [_("Choose an access level.")]})
    if level not in OF_PARTNERS:
        if partner_id is not None:
            text = _("Only the levels of a partner's staff have a partner.")
            raise ValidationError({"partner": [text]})
    elif partner_id is None or not Partner.objects.filter(pk=partner_id).exists():
        raise ValidationError({"partner": [_("Choose the partner whom they work for.")]})


def held(pk: int) -> Staff:
    """The member of staff with this key, whom nobody else changes meanwhile, nor any administrator.

    Call it inside a transaction. Raises NotFound.
    """
    if read_id(str(pk)) is None:
        raise NotFound(str(pk))
    hold(Staff.objects.filter(Q(pk=pk) | Q(level=Level.ADMINISTRATOR)))
    staff = Staff.objects.select_related("person", "partner").filter(pk=pk).first()
    if staff is None:
        raise NotFound(str(pk))
    return staff


def record(actor: Actor, kind: str, pk: int, via: str, **data: Any) -> None:
    """Write what happened to a member of staff."""
    log.record(
        kind, subject_kind="person", subject_id=pk, **actor.signature, via=via, data=dict(data)
    )


def _check_one_is_left(staff: Staff, field: str) -> None:
    """Raises ValidationError if without this one nobody could shape the desk any more."""
    if staff.level != Level.ADMINISTRATOR or not staff.person.is_active or not staff.joined_at:
        return
    others = Staff.objects.filter(
        level=Level.ADMINISTRATOR, person__is_active=True, joined_at__isnull=False
    )
    if not others.exclude(pk=staff.pk).exists():
        text = _("This is the last administrator. Make somebody else one first.")
        raise ValidationError({field: [text]})


def _checked(wanted: Wanted) -> Wanted:
    good: dict[str, str] = {}
    wrong: dict[str, list[str]] = {}
    for field, check in CHECKS.items():
        try:
            good[field] = check(getattr(wanted, field))
        except ValidationError as problem:
            wrong[field] = problem.messages
    try:
        check_level(wanted.level, wanted.partner_id)
    except ValidationError as problem:
        wrong |= problem.message_dict
    if wrong:
        raise ValidationError(wrong)
    return Wanted(level=wanted.level, partner_id=wanted.partner_id, **good)


def _person(wanted: Wanted) -> Person:
    """Whoever has this address, or somebody new. Raises ValidationError for one who can't be invited."""
    known = Person.objects.at(wanted.email)
    if known is None:
        person = Person(email=wanted.email, name=wanted.name, language=wanted.language)
        person.set_unusable_password()
        person.save()
        return person
    invitations.check_pace(known.pk, "email")
    staff, message = getattr(known, "staff", None), ""
    if staff is not None and staff.joined_at is None:
        message = _invited_already()
    elif staff is not None and known.is_active:
        message = _("Somebody with this address works here already.")
    elif staff is not None:
        message = _("Somebody with this address worked here and is deactivated. Bring them back.")
    elif not known.is_active:
        message = _("The account with this address is switched off.")
    if message:
        raise ValidationError({"email": [message]})
    said = {"name": wanted.name, "language": known.language or wanted.language}
    Person.objects.filter(pk=known.pk).update(**said)
    return Person.objects.get(pk=known.pk)


def _invited_already() -> str:
    return _("Somebody with this address is invited already. You can send the invitation again.")


CHECKS = {"email": details.address, "name": details.name, "language": details.language}
