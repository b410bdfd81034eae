"""A person, and the two things a person can be here: staff and customer."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from firstline.base import emails
from firstline.base.languages import LANGUAGES, Named
from firstline.people.models.company import Company, Partner, Project
from firstline.people.roles import Level


class People(BaseUserManager["Person"]):
    """Persons, always with what they are: one query tells staff from customers."""

    def get_queryset(self) -> models.QuerySet["Person"]:
        return super().get_queryset().select_related("staff", "customer")

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Raises Person.DoesNotExist."""
        found = self.at(username or "")
        if found is None:
            raise self.model.DoesNotExist
        return found

    def at(self, address: str) -> "Person | None":
        """The person at this address, however its domain is spelled; the first, should there be two."""
        return self.filter(email__in=emails.spellings(address)).order_by("pk").first()


class Person(AbstractBaseUser):
    """Anybody with a mail address: who signs in, who wrote, who is written to."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=2, choices=LANGUAGES, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    page_size = models.PositiveSmallIntegerField(default=25)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    # Which mails beside the answers themselves (product 1.4).
    wants_receipts = models.BooleanField(default=True)
    wants_status = models.BooleanField(default=True)
    wants_alerts = models.BooleanField(default=True)
    # A password that came by mail: it signs in once, within a day (product 1.3).
    one_time_sha256 = models.CharField(max_length=64, blank=True)
    one_time_until = models.DateTimeField(null=True, blank=True)
    must_choose_password = models.BooleanField(default=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = People()

    class Meta:
        verbose_name_plural = "people"
        indexes = (models.Index(fields=("name", "id"), name="person_name"),)

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def display_name(self) -> str:
        """The name, or the address where there is none."""
        return self.name or self.email

    @property
    def initials(self) -> str:
        """Two letters for the round picture."""
        words = [word for word in self.display_name.replace("«", "").split() if word[0].isalnum()]
        return "".join(word[0] for word in words[:2]).upper() or "?"

    @property
    def level(self) -> str | None:
        """The access level of staff, None for anybody else: who is only invited does not work here yet."""
        staff = getattr(self, "staff", None)
        return staff.level if staff and staff.joined_at else None

    @cached_property
    def project_ids(self) -> list[int]:
        """The projects that the person owns or is a member of; asked for once in a request."""
        owned = Project.objects.filter(owner=self).values_list("pk", flat=True)
        return sorted(owned.union(self.projects.values_list("pk", flat=True)))

    @property
    def company(self) -> Company | None:
        """The company a customer belongs to, if any."""
        customer = getattr(self, "customer", None)
        return customer.company if customer else None


class Staff(models.Model):
    """A person who works here."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE)
    level = models.CharField(max_length=20, choices=[(level.value, level.value) for level in Level])
    partner = models.ForeignKey(Partner, null=True, blank=True, on_delete=models.PROTECT)
    # None: invited, and the invitation is not accepted yet. Such a one may nothing, and gets nothing.
    joined_at = models.DateTimeField(null=True, default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)  # since when they are deactivated
    # Which mails of the desk: a ticket becomes theirs (or no longer is), a customer wrote in one.
    wants_given = models.BooleanField(default=True)
    wants_words = models.BooleanField(default=True)
    # Keys of the levels whose groups this person's desk keeps closed, and of those it keeps open.
    folded: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "staff"

    def __str__(self) -> str:
        return str(self.person)


class Customer(models.Model):
    """A person who is served, as a contact of at most one company."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE)
    company = models.ForeignKey(Company, null=True, blank=True, on_delete=models.PROTECT)
    sees_company = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.person)


class Team(Named):
    """Staff who take tickets together."""

    members: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        Staff, related_name="teams"
    )
