"""The first administrator and the first department of an empty desk."""

from django.conf import settings
from django.core.validators import validate_email

from firstline.base.db import atomic
from firstline.people.actions.people import create_staff
from firstline.people.roles import Level
from firstline.tickets.models import Department, Workflow


def set_up(email: str, name: str, password: str, address: str | None = None) -> Department:
    """Make both in one go. Raises ValidationError for an address that is none."""
    address = (address or f"support@{settings.MAIL_DOMAIN}").lower()
    validate_email(email)
    validate_email(address)
    with atomic():
        staff = create_staff(email, name, Level.ADMINISTRATOR, password=password)
        department, _is_new = Department.objects.get_or_create(
            address=address,
            defaults={
                "names": {"ru": "Поддержка", "bg": "Поддръжка", "en": "Support"},
                "workflow": Workflow.objects.get(key="service"),
            },
        )
        department.agents.add(staff)
    return department
