"""Which contracts, objects and equipment an actor may see: the only way in."""

from typing import TypeVar

from django.db import models
from django.db.models import QuerySet

from firstline.base.ids import read_id
from firstline.base.lines import one_line
from firstline.people.access import Actor
from firstline.people.models import Company
from firstline.people.roles import Permission
from firstline.records.models import Contract, Equipment, ServiceObject

Record = TypeVar("Record", bound=models.Model)
# Letters that look the same: whoever copies a number from paper types the ones of their keyboard.
LOOK_ALIKES = str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")


def demand(actor: Actor) -> None:
    """Let in who may see any records at all: customers, and staff with the right. Raises Forbidden."""
    actor.demand(Permission.RECORD_VIEW_ALL if actor.is_staff else Permission.TICKET_VIEW)


def contracts_for(actor: Actor) -> QuerySet[Contract]:
    """Staff see all, a partner's staff those of their companies, customers their company's."""
    return _of_companies(actor, Contract.objects.all())


def objects_for(actor: Actor) -> QuerySet[ServiceObject]:
    """The sites, by the same rule."""
    return _of_companies(actor, ServiceObject.objects.all())


def equipment_for(actor: Actor) -> QuerySet[Equipment]:
    """The machines, by the same rule."""
    return _of_companies(actor, Equipment.objects.select_related("site", "contract"))


def one_of(rows: QuerySet[Record], key: str) -> Record | None:
    """The one of `rows` with this id, which may come from a form; None if there is none."""
    return rows.filter(pk=pk).first() if (pk := read_id(key)) is not None else None


def contract_of(company: Company | None, number: str) -> Contract | None:
    """The company's contract with this number, however it is typed: letter case, spaces, “№” and
    look-alike letters do not matter. None for a number that is not theirs, whether or not it is
    somebody else's.
    """
    wanted = _bare(number)
    if company is None or not wanted:
        return None
    exact = Contract.objects.filter(company=company, number=one_line(number)).first()
    if exact is not None:
        return exact
    for contract in Contract.objects.filter(company=company):
        if _bare(contract.number) == wanted:
            return contract
    return None


def object_named(actor: Actor, company: Company | None, name: str | int) -> ServiceObject | None:
    """The company's object with this name or id, if the actor may see it."""
    return _named(objects_for(actor), company, "name", name)


def equipment_named(actor: Actor, company: Company | None, name: str | int) -> Equipment | None:
    """The company's machine with this serial number or id, if the actor may see it."""
    return _named(equipment_for(actor), company, "serial", name)


def page(rows: QuerySet[Record], *, after: int, size: int) -> tuple[list[Record], int | None]:
    """The rows behind the id `after` in the order they came, and where the next page begins."""
    found = list(rows.filter(pk__gt=after).order_by("pk")[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None


def _bare(number: str) -> str:
    return "".join(one_line(number).split()).lstrip("№#").upper().translate(LOOK_ALIKES)


def _named(
    rows: QuerySet[Record], company: Company | None, column: str, name: str | int
) -> Record | None:
    rows = rows.filter(company=company) if company else rows.none()
    if isinstance(name, int):
        return rows.filter(pk=name).first()
    name = one_line(name)
    found = list(rows.filter(**{column: name})[:2]) if name else []
    if found:
        return found[0] if len(found) == 1 else None
    return one_of(rows, name)


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
