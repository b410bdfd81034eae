"""Questions about people that screens and the command line ask."""

from firstline.people.models import Person, Project, Staff


def is_empty() -> bool:
    """Whether nobody works here yet: a new installation."""
    return not Staff.objects.exists()


def by_email(email: str) -> Person | None:
    """The person with this address."""
    return Person.objects.at(email)


def projects_of(person: Person) -> list[Project]:
    """The projects that the person takes part in, by name (product 2.2)."""
    return list(Project.objects.filter(pk__in=person.project_ids).order_by("name", "pk"))
