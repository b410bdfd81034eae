"""What clients name in a department: its staff, another department; and how complaints name fields."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.api.v1.problems import invalid
from firstline.base import emails
from firstline.base.languages import CODES
from firstline.people.access import Actor, NotFound
from firstline.tickets import departments

if TYPE_CHECKING:
    from firstline.tickets import models as tickets

# What the API calls the fields that the actions complain of.
FIELDS = {"address": "system_address", "department": "is_active", "target": "tickets_to"}
FIELDS |= {f"name_{code}": f"names.{code}" for code in CODES}
FIELDS |= {f"signature_{code}": f"signatures.{code}" for code in CODES}


@contextmanager
def named() -> Iterator[None]:
    """Let complaints name the fields as the API does."""
    try:
        yield
    except ValidationError as problem:
        told = problem.message_dict.items()
        raise ValidationError({FIELDS.get(name, name): texts for name, texts in told}) from problem


def staff_named(actor: Actor, addresses: Sequence[str]) -> list[int]:
    """The ids of these members of staff. Raises Refusal."""
    known = {emails.normal(one.person.email): one.pk for one in departments.staff_for(actor)}
    wanted = [emails.normal(one) for one in addresses]
    if any(email not in known for email in wanted):
        raise invalid("agents", _("One of them does not work here."))
    return [known[email] for email in wanted]


def target_of(actor: Actor, department_id: int) -> "tickets.Department":
    """The department with this id. Raises Refusal."""
    try:
        return departments.get_for(actor, department_id)
    except (NotFound, OverflowError) as problem:
        raise invalid("tickets_to", _("There is no such department.")) from problem
