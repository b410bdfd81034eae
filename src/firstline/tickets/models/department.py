"""Where tickets come in and who works on them: departments, levels, ticket types."""

from typing import Any

from django.db import models
from django.utils.translation import get_language

from firstline.base.languages import CODES, Named, empty_names, known
from firstline.people.models import Staff
from firstline.tickets.models.workflow import Workflow


class Department(Named):
    """A queue with its own mail address, agents and workflow (product 7.1)."""

    address = models.EmailField(max_length=254, unique=True)
    workflow = models.ForeignKey(Workflow, on_delete=models.PROTECT)
    agents: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        Staff, related_name="departments", blank=True
    )
    signatures: "models.JSONField[Any, Any]" = models.JSONField(default=empty_names, blank=True)
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")

    @property
    def signature(self) -> str:
        """What stands below its answers, in the language of the moment; "" rather than another's."""
        return str(self.signatures.get(known(get_language()), ""))

    @property
    def unsigned(self) -> list[str]:
        """The languages that its signature is missing in, though it has one in others."""
        return [code for code in CODES if not self.signatures.get(code)] if self.is_signed else []

    @property
    def is_signed(self) -> bool:
        """Whether it has a signature in any language."""
        return any(self.signatures.values())


class Level(Named):
    """A support line. The first one is where tickets begin; the others are groups of the desk."""

    key = models.SlugField(unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_first = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("is_first",), condition=models.Q(is_first=True), name="level_one_first"
            ),
        )


class TicketType(Named):
    """What a ticket is about; internal types are never offered to customers (product 3.4)."""

    class Audience(models.TextChoices):
        PUBLIC = "public"
        INTERNAL = "internal"

    audience = models.CharField(max_length=8, choices=Audience, default=Audience.PUBLIC)
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.SET_NULL)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("position", "id")


class TypeField(Named):
    """A question that a ticket type asks beside the text; its answer stands in `Ticket.details`."""

    class Kind(models.TextChoices):
        TEXT = "text"
        NUMBER = "number"
        DATE = "date"
        CHOICE = "choice"

    type = models.ForeignKey(TicketType, on_delete=models.CASCADE, related_name="fields")
    key = models.SlugField()
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.TEXT)
    is_required = models.BooleanField(default=False)
    # Of a choice: [{"key": …, "names": {"ru": …, "bg": …, "en": …}}, …]
    options: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = (models.UniqueConstraint(fields=("type", "key"), name="type_field_key"),)
