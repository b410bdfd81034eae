"""Questions about people that screens and the command line ask."""

from firstline.people.models import Person, Staff


def is_empty() -> bool:
    """Whether nobody works here yet: a new installation."""
    return not Staff.objects.exists()


def by_email(email: str) -> Person | None:
    """The person with this address."""
    return Person.objects.filter(email=email.strip().lower()).first()
