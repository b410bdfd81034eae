"""Write down a contract with a company."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.base.lines import one_line
from firstline.people.access import Actor
from firstline.people.models import Company
from firstline.people.roles import Permission
from firstline.records import change
from firstline.records.models import Contract


def create_contract(
    actor: Actor,
    number: str,
    company: Company,
    *,
    via: str,
    title: str = "",
    covers: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Contract:
    """Add a contract; its number is the only one of its kind (product 2.4).

    Raises Forbidden, ValidationError.
    """
    actor.demand(Permission.RECORD_EDIT)
    number = one_line(number, 60)
    if not number:
        raise ValidationError({"number": _("This field is needed.")})
    if starts_on and ends_on and ends_on < starts_on:
        raise ValidationError({"ends_on": _("The last day lies before the first.")})
    contract = Contract(
        number=number,
        company=company,
        title=one_line(title, 200),
        covers=covers.replace("\x00", ""),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    with atomic():
        try:
            with atomic():
                contract.save()
        except IntegrityError as problem:
            taken = _("There is a contract with this number already.")
            raise ValidationError({"number": taken}) from problem
        change.record(actor, "contract", contract.pk, via, number=number, company=company.pk)
    return contract
