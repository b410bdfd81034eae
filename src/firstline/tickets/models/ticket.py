"""The ticket: one row that every list can sort and group by without looking elsewhere."""

import secrets
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from firstline.people.models import Company, Partner, Person, Project, Staff, Team
from firstline.records.models import Contract, Equipment, ServiceObject
from firstline.tickets.models.department import Department, Level, TicketType
from firstline.tickets.models.workflow import UNRESOLVED, Phase, Status


def fresh_reply_token() -> str:
    """128 random bits for the reply address: who can't read our mail can't guess it (C3)."""
    return secrets.token_hex(16)


class Tag(models.Model):
    name = models.CharField(max_length=60, unique=True)

    def __str__(self) -> str:
        return self.name


class Priority(models.IntegerChoices):
    """Kept as numbers, so that lists sort by them."""

    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 3, _("High")
    CRITICAL = 4, _("Critical")

    @property
    def key(self) -> str:
        return self.name.lower()


class Category(models.TextChoices):
    INCIDENT = "incident", _("Incident")
    REQUEST = "request", _("Service request")


class Channel(models.TextChoices):
    MAIL = "mail", _("Mail")
    PORTAL = "portal", _("Portal")
    PHONE = "phone", _("Phone")
    API = "api", _("API")
    WEB = "web", _("Agent")


class Awaiting(models.TextChoices):
    """Whose turn it is."""

    SUPPORT = "support"
    CUSTOMER = "customer"


class Custody(models.TextChoices):
    """Whose first line works on the ticket; only a partner with an own one ever holds any (cap 71)."""

    PLATFORM = "platform"
    PARTNER = "partner"


class DeskGroup(models.TextChoices):
    """Where the desk shows the ticket (product 5.1); empty: not on the desk."""

    NONE = ""
    NEW = "new"
    REPLY = "reply"
    LEVEL = "level"


def _list_indexes(scope: str, *columns: str) -> list[models.Index]:
    """The indexes of a list: of one scope, of one state, in the order of each of these columns."""
    few = models.Q(**{f"{scope}__isnull": False}) if scope in {"partner", "project"} else None
    return [
        models.Index(
            fields=(*filter(None, [scope]), "is_open", f"-{column}", "-id"),
            condition=few,
            name=f"ticket_{scope or 'open'}_{column.removesuffix('_at')}",
        )
        for column in columns
    ]


class Ticket(models.Model):
    """A customer's request and its whole state. Written by tickets.actions alone."""

    number = models.CharField(max_length=40, unique=True)
    subject = models.CharField(max_length=300)
    description = models.CharField(max_length=300, blank=True)

    requester = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    company = models.ForeignKey(Company, null=True, on_delete=models.PROTECT, db_index=False)
    project = models.ForeignKey(Project, null=True, on_delete=models.PROTECT, db_index=False)
    partner = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, db_index=False)
    custody = models.CharField(max_length=8, choices=Custody, default=Custody.PLATFORM)
    opened_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    callback_name = models.CharField(max_length=200, blank=True)
    callback_phone = models.CharField(max_length=40, blank=True)

    contract = models.ForeignKey(Contract, null=True, on_delete=models.PROTECT, related_name="+")
    # As the customer wrote it, where it names no contract of their company.
    contract_text = models.CharField(max_length=60, blank=True)
    object = models.ForeignKey(ServiceObject, null=True, on_delete=models.PROTECT, related_name="+")
    equipment = models.ForeignKey(Equipment, null=True, on_delete=models.PROTECT, related_name="+")
    # What the type asks beside the text, by the key of the field (product 3.4).
    details: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True)

    # An index on few values would tempt the planner to sort a million rows: lists walk their order.
    department = models.ForeignKey(Department, on_delete=models.PROTECT, db_index=False)
    type = models.ForeignKey(TicketType, null=True, on_delete=models.PROTECT, db_index=False)
    level = models.ForeignKey(Level, on_delete=models.PROTECT, db_index=False)
    status = models.ForeignKey(Status, on_delete=models.PROTECT, db_index=False)
    phase = models.CharField(max_length=8, choices=Phase)
    is_open = models.GeneratedField(
        expression=models.Case(
            models.When(phase__in=UNRESOLVED, then=models.Value(1)), default=models.Value(0)
        ),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    category = models.CharField(max_length=8, choices=Category, default=Category.REQUEST)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.MEDIUM)
    channel = models.CharField(max_length=8, choices=Channel)
    # The public address that the customer wrote to, where it is not the department's own: answers
    # go out from it (cap 150). Nullable, so that a million rows need not be written anew for it.
    address = models.EmailField(max_length=254, null=True)  # noqa: DJ001

    responsible = models.ForeignKey(
        Staff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, db_index=False)
    agents: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(Staff, related_name="+")
    tags: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(Tag, related_name="+")
    follows = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    # Where its conversation goes on (product 3.10); its own messages stay its own.
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged"
    )

    awaiting = models.CharField(max_length=8, choices=Awaiting, default=Awaiting.SUPPORT)
    desk_group = models.CharField(
        max_length=5, choices=DeskGroup, blank=True, default=DeskGroup.NEW
    )
    waiting_since = models.DateTimeField(default=timezone.now)
    pending_until = models.DateTimeField(null=True)

    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    last_customer_message_at = models.DateTimeField(null=True)
    last_staff_reply_at = models.DateTimeField(null=True)
    first_reply_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    reply_token = models.CharField(max_length=32, unique=True, default=fresh_reply_token)

    class Meta:
        # `is_open` stands second everywhere: a list of all tickets is its open and its closed ones
        # (tickets/pages.py), so that it needs no index of its own.
        indexes = (
            models.Index(
                fields=("custody", "desk_group", "level", "-priority", "waiting_since"),
                name="ticket_desk",
            ),
            models.Index(
                fields=("partner", "custody", "desk_group", "level", "-priority", "waiting_since"),
                condition=models.Q(partner__isnull=False),
                name="ticket_partner_desk",
            ),
            models.Index(
                fields=("partner", "custody", "is_open", "awaiting", "waiting_since", "id"),
                condition=models.Q(partner__isnull=False),
                name="ticket_partner_waits",
            ),
            models.Index(fields=("phase", "pending_until"), name="ticket_pending"),
            models.Index(
                fields=("address", "-created_at"),
                condition=models.Q(address__isnull=False),
                name="ticket_address",
            ),
            models.Index(
                fields=("department", "phase", "waiting_since", "id"),
                condition=models.Q(is_open=1),
                name="ticket_inbox",
            ),
            # An agent's own that wait for the customer, and those that come back at a time.
            models.Index(
                fields=("responsible", "awaiting", "waiting_since", "id"),
                condition=models.Q(is_open=1),
                name="ticket_waiting",
            ),
            models.Index(
                fields=("responsible", "pending_until", "id"),
                condition=models.Q(phase=Phase.DEFERRED),
                name="ticket_deferred",
            ),
            *_list_indexes("responsible", "updated_at"),
            *_list_indexes("", "created_at", "updated_at", "priority"),
            *_list_indexes("department", "created_at", "updated_at", "priority"),
            *_list_indexes("partner", "created_at", "updated_at", "priority"),
            *_list_indexes("requester", "created_at", "updated_at"),
            *_list_indexes("company", "created_at", "updated_at"),
            *_list_indexes("project", "created_at", "updated_at"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_closed(self) -> bool:
        return self.phase == Phase.CLOSED

    @property
    def alert_type(self) -> str:
        """Which kind of alert this ticket is, in words (product 5.4); "" for all others.

        Lists and `access.get_for` fetch the alert with the ticket.
        """
        alert = getattr(self, "alert", None)
        return alert.get_type_display() if alert else ""

    @property
    def customer_name(self) -> str:
        """Whom to show in a list: the company, else the person."""
        if self.company_id and self.company:
            return self.company.name
        return self.requester.display_name if self.requester else ""
