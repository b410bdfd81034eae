"""Whom a partner's staff invite without knowing them (decision 022).

Perhaps nobody knows the address, perhaps it is known elsewhere on the platform: the partner sees the
same in both cases, and somebody else's customer is left alone.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from firstline.people import customers
from firstline.people.access import Actor
from firstline.people.models import Company, Invitation, Person

TYPED = ("email", "name", "language", "sees_company")
HOUR = timedelta(hours=1)


def is_stranger(actor: Actor, known: Person | None) -> bool:
    """Whether a partner's staff invite somebody who is, as far as they may know, new to the desk."""
    partner = customers.partner_of(actor)
    if partner is None:
        return False
    return known is None or not customers.of_partner(partner).filter(pk=known.pk).exists()


def was_invited(actor: Actor, known: Person) -> bool:
    """Whether the partner's staff have invited that person, who has not accepted yet."""
    owner = known.company.partner_id if known.company else None
    waits = known.is_active and not known.has_usable_password()
    is_staff = getattr(known, "staff", None) is not None
    return waits and not is_staff and owner is not None and owner == customers.partner_of(actor)


def count(email: str) -> int:
    """How many such invitations of this address there were within an hour."""
    rows = Invitation.objects.filter(person=None, typed__email=email)
    return rows.filter(created_at__gte=timezone.now() - HOUR).count()


def invite(
    actor: Actor,
    company: Company | None,
    typed: dict[str, Any],
    *,
    sha256: str,
    life: timedelta,
) -> Invitation:
    """The row of an invitation that leads nowhere; those before it are withdrawn, as with any other."""
    before = Invitation.objects.filter(
        person=None,
        typed__email=typed["email"],
        company__partner=customers.partner_of(actor),
        accepted_at=None,
        withdrawn_at=None,
    )
    before.update(withdrawn_at=timezone.now())
    return Invitation.objects.create(
        person=None,
        company=company,
        typed=typed,
        invited_by=actor.person,
        sha256=sha256,
        expires_at=timezone.now() + life,
    )
