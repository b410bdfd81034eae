"""Write down a machine."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.base.lines import one_line
from firstline.people.access import Actor
from firstline.people.models import Company
from firstline.people.roles import Permission
from firstline.records import change
from firstline.records.models import Contract, Equipment, ServiceObject


def create_equipment(
    actor: Actor,
    model: str,
    company: Company,
    *,
    via: str,
    serial: str = "",
    site: ServiceObject | None = None,
    contract: Contract | None = None,
) -> Equipment:
    """Add a machine of a company, at one of its sites, under one of its contracts (product 2.4).

    Raises Forbidden, ValidationError.
    """
    actor.demand(Permission.RECORD_EDIT)
    model = one_line(model, 200)
    problems = {} if model else {"model": _("This field is needed.")}
    if site is not None and site.company_id != company.pk:
        problems["object"] = _("The company has no such object.")
    if contract is not None and contract.company_id != company.pk:
        problems["contract"] = _("The company has no such contract.")
    if problems:
        raise ValidationError(problems)
    with atomic():
        machine = Equipment.objects.create(
            model=model,
            serial=one_line(serial, 100),
            company=company,
            site=site,
            contract=contract,
        )
        change.record(actor, "equipment", machine.pk, via, model=model, company=company.pk)
    return machine
