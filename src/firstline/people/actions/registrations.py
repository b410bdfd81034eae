"""People who come by themselves: they register, are let in at once or by staff, and get a company."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone

from firstline.base.db import atomic
from firstline.events import log
from firstline.people import details
from firstline.people.access import SYSTEM, Actor, Forbidden
from firstline.people.actions.people import company_of, meet
from firstline.people.models import Company, Customer, Person, Portal, Registration
from firstline.people.roles import Permission

if TYPE_CHECKING:
    from firstline.events.models import Event

State = Registration.State
APPROVED, REFUSED, KNOWN = State.APPROVED.value, State.REFUSED.value, "known"


@dataclass(frozen=True, slots=True)
class Told:
    """What a stranger says of themselves; none of it is proven."""

    name: str
    email: str
    phone: str = ""
    company_name: str = ""
    contract_number: str = ""
    language: str = "en"
    time_zone: str = ""


CHECKS: dict[str, Callable[[str], str]] = {
    "name": details.name,
    "email": details.address,
    "phone": details.phone,
    "company_name": lambda typed: details.line(typed, 200),
    "contract_number": lambda typed: details.line(typed, 60),
    "language": details.language,
    "time_zone": details.time_zone,
}


def checked(typed: dict[str, str]) -> Told:
    """What was typed, made clean. Raises ValidationError with all fields that are wrong."""
    good: dict[str, str] = {}
    wrong: dict[str, ValidationError] = {}
    for field in fields(Told):
        try:
            good[field.name] = CHECKS[field.name](typed.get(field.name, ""))
        except ValidationError as problem:
            wrong[field.name] = problem
    if wrong:
        raise ValidationError(wrong)
    return Told(**good)


def register(portal: Portal, told: Told, *, via: str = "web") -> Registration:
    """Write down that somebody wants to come in (product 1.3, cap 2). Raises Forbidden.

    Nobody is looked up here: known and unknown addresses take the same time (C33). What becomes of
    it is decided by `admit`, after the answer.
    """
    if portal.registration == Portal.Registration.INVITATION:
        raise Forbidden("customers of this portal are invited")
    with atomic():
        values = {field.name: getattr(told, field.name) for field in fields(Told)}
        row = Registration.objects.create(portal_id=portal.pk, **values)
        log.record(
            "person.registered",
            subject_kind="registration",
            subject_id=row.pk,
            actor_id=None,
            via=via,
            data={"mode": portal.registration, "consent": portal.privacy_url or True},
        )
    return row


def admit(event: "Event") -> None:
    """Reaction to `person.registered`: let the person in, or leave it to staff.

    Who can sign in already is only told so: a stranger must not change their data.
    """
    row = Registration.objects.filter(pk=event.subject_id, state=State.WAITING).first()
    if row is None:
        return
    person = Person.objects.at(row.email)
    if person is not None and (
        person.has_usable_password() or hasattr(person, "staff") or not person.is_active
    ):
        _decide(SYSTEM, row, KNOWN, person)
    elif event.data["mode"] == Portal.Registration.OPEN:
        _let_in(SYSTEM, row, company_of(row.email))


def approve(actor: Actor, pk: int, company: Company | None, *, via: str = "web") -> bool:
    """Let in somebody who waits, as a contact of `company`; False if it is decided already.

    Raises Forbidden.
    """
    actor.demand(Permission.REGISTRATION_DECIDE)
    with atomic():
        row = _take(pk)
        if row is None:
            return False
        _let_in(actor, row, company or company_of(row.email), via=via)
    return True


def refuse(actor: Actor, pk: int, *, via: str = "web") -> bool:
    """Let somebody who waits not in; no mail is sent. False if it is decided already.

    Raises Forbidden.
    """
    actor.demand(Permission.REGISTRATION_DECIDE)
    with atomic():
        row = _take(pk)
        if row is None:
            return False
        _decide(actor, row, REFUSED, None, via=via)
    return True


def confirm_company(actor: Actor, pk: int, company: Company | None, *, via: str = "web") -> bool:
    """Say whose contact a person is who came in without a company; None: of nobody.

    False if somebody has said it already. Raises Forbidden.
    """
    actor.demand(Permission.REGISTRATION_DECIDE)
    with atomic():
        unsaid = Registration.objects.filter(pk=pk, needs_company=True, state=State.APPROVED)
        if not unsaid.update(needs_company=False, company=company):
            return False
        person_id = Registration.objects.values_list("person_id", flat=True).get(pk=pk)
        if company is not None:
            Customer.objects.filter(person=person_id, company=None).update(company=company)
        name = company.name if company else ""
        _tell(actor, pk, person_id, via, {"state": "company", "company": name})
    return True


def _take(pk: int) -> Registration | None:
    """The row, if it waits and nobody else has decided it at the same moment."""
    waiting = Registration.objects.filter(pk=pk, state=State.WAITING)
    if not waiting.update(decided_at=timezone.now(), state=State.REFUSED):
        return None
    return Registration.objects.get(pk=pk)


def _let_in(
    actor: Actor, row: Registration, company: Company | None, *, via: str = "system"
) -> None:
    person = meet(row.email, row.name, row.language)
    told = {name: getattr(row, name) for name in ("name", "phone", "language", "time_zone")}
    missing = {name: text for name, text in told.items() if text and not getattr(person, name)}
    if missing:
        Person.objects.filter(pk=person.pk).update(**missing)
    customer, _new = Customer.objects.get_or_create(person=person)
    if customer.company_id is None and company is not None:
        customer.company = company
        customer.save(update_fields=["company"])
    row.company = customer.company
    row.needs_company = customer.company_id is None
    _decide(actor, row, APPROVED, person, via=via)


def _decide(
    actor: Actor, row: Registration, state: str, person: Person | None, *, via: str = "system"
) -> None:
    row.state = State.APPROVED if state == APPROVED else State.REFUSED
    row.person, row.decided_at, row.decided_by = person, timezone.now(), actor.person
    row.save()
    _tell(actor, row.pk, person.pk if person else None, via, {"state": state})


def _tell(actor: Actor, pk: int, person_id: int | None, via: str, data: dict[str, str]) -> None:
    """The decision in the history of the person, or of the registration where there is none."""
    log.record(
        "person.registration_decided",
        subject_kind="person" if person_id else "registration",
        subject_id=person_id or pk,
        actor_id=actor.id,
        via=via,
        data={"registration": pk, **data},
    )
