"""Write down a site that is served."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.base.lines import one_line
from firstline.people.access import Actor
from firstline.people.models import Company
from firstline.people.roles import Permission
from firstline.records import change
from firstline.records.models import ServiceObject


def create_object(
    actor: Actor, name: str, company: Company, *, via: str, address: str = ""
) -> ServiceObject:
    """Add a site of a company (product 2.4). Raises Forbidden, ValidationError."""
    actor.demand(Permission.RECORD_EDIT)
    name = one_line(name, 200)
    if not name:
        raise ValidationError({"name": _("This field is needed.")})
    with atomic():
        site = ServiceObject.objects.create(
            name=name, address=one_line(address, 300), company=company
        )
        change.record(actor, "object", site.pk, via, name=name, company=company.pk)
    return site
