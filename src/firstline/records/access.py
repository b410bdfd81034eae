"""Which contracts, objects and equipment an actor may see: the only way in."""

from typing import TypeVar

from django.db import models
from django.db.models import QuerySet

from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.records.models import Contract, Equipment, ServiceObject

Record = TypeVar("Record", bound=models.Model)


def contracts_for(actor: Actor) -> QuerySet[Contract]:
    """Staff see all, a partner's staff those of their companies, customers their company's."""
    return _of_companies(actor, Contract.objects.all())


def objects_for(actor: Actor) -> QuerySet[ServiceObject]:
    """The sites, by the same rule."""
    return _of_companies(actor, ServiceObject.objects.all())


def equipment_for(actor: Actor) -> QuerySet[Equipment]:
    """The machines, by the same rule."""
    return _of_companies(actor, Equipment.objects.select_related("site", "contract"))


def _of_companies(actor: Actor, rows: QuerySet[Record]) -> QuerySet[Record]:
    rows = rows.select_related("company")
    if actor.is_system:
        return rows
    if actor.is_staff:
        if not actor.may(Permission.RECORD_VIEW_ALL):
            return rows.none()
        staff = actor.person.staff if actor.person else None
        return (
            rows.filter(company__partner=staff.partner_id) if staff and staff.partner_id else rows
        )
    company = actor.person.company if actor.person else None
    if company is None or not actor.may(Permission.TICKET_VIEW):
        return rows.none()
    return rows.filter(company=company)
