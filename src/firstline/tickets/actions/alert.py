"""Alert a project: a ticket that we start, to tell its people something (product 5.4, cap 93-100)."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base import clock
from firstline.base.db import atomic
from firstline.base.lines import one_line
from firstline.people import projects
from firstline.people.access import Actor
from firstline.people.models import Project
from firstline.people.roles import Permission
from firstline.tickets import change
from firstline.tickets.actions.open import next_number
from firstline.tickets.alerts import first_department
from firstline.tickets.messages import Draft, excerpt, write
from firstline.tickets.models import Alert, Broadcast, Department, Level, Status, Ticket, Workflow
from firstline.tickets.models.message import Kind
from firstline.tickets.models.ticket import Awaiting
from firstline.tickets.models.workflow import Phase

LONGEST = timedelta(days=366)  # to a deadline


def alert(
    actor: Actor,
    project: Project,
    type: str,
    title: str,
    draft: Draft,
    *,
    via: str,
    department: Department | None = None,
    acknowledge_by: datetime | None = None,
    broadcast: Broadcast | None = None,
) -> Ticket:
    """Tell the people of a project something; their answer comes to the desk like any other.

    The ticket is the project's and its owner's, it waits for them, and it is not on the desk before
    somebody answers. `department` takes the answers: by default the first one that the actor works
    in. Whose alert nobody acknowledges by `acknowledge_by` is told of it. `broadcast`: of which it is
    one. Raises Forbidden, NotFound for a project that is not the actor's partner's, ValidationError.
    """
    actor.demand(Permission.ALERT_OPEN)
    project = projects.get_for(actor, project.identifier)
    check(type, title, draft, acknowledge_by)
    now = clock.now()
    with atomic():
        ticket = _row(actor, project, title, draft, department or _first(actor), via, now)
        change.save(ticket, now)
        ticket.agents.add(actor.id)
        Alert.objects.create(
            ticket=ticket,
            project=project,
            type=type,
            broadcast=broadcast,
            acknowledge_by=acknowledge_by,
        )
        message = write(ticket, actor.person, draft, kind=Kind.OUT, channel=via, at=now)
        change.record(actor, ticket, "ticket.alerted", via, message=message.pk)
    return ticket


def _row(
    actor: Actor,
    project: Project,
    title: str,
    draft: Draft,
    department: Department,
    via: str,
    now: datetime,
) -> Ticket:
    """The ticket as it begins: said by us, so that the first answer is given already."""
    status = _waiting(department.workflow)
    company = project.company
    return Ticket(
        number=next_number(),
        subject=one_line(title),
        description=excerpt(draft.text),
        requester=project.owner,
        company=company,
        project=project,
        partner=project.partner or (company.partner if company else None),
        opened_by=actor.person,
        department=department,
        level=Level.objects.get(is_first=True),
        status=status,
        phase=status.phase,
        channel=via,
        responsible=actor.person.staff if actor.person else None,
        awaiting=Awaiting.CUSTOMER,
        created_at=now,
        waiting_since=now,
        first_reply_at=now,
        last_staff_reply_at=now,
    )


def _waiting(workflow: Workflow) -> Status:
    """The status in which a ticket of this workflow waits for its customer, without a time to end it."""
    statuses = list(workflow.statuses.order_by("position"))
    for phase in (Phase.WAITING, Phase.OPEN):
        for status in statuses:
            if status.phase == phase:
                return status
    return next(status for status in statuses if status.is_initial)


def _first(actor: Actor) -> Department:
    found = first_department(actor)
    if found is None:
        raise ValidationError({"department": _("There is no department that could take answers.")})
    return found


def check(type: str, title: str, draft: Draft, acknowledge_by: datetime | None) -> None:
    """Find all that is wrong with an alert at once. Raises ValidationError by field."""
    problems: dict[str, object] = {}
    if type not in Alert.Type.values:
        problems["type"] = _("Choose a type: information, complaint or suspicious activity.")
    if not one_line(title):
        problems["title"] = _("Write a title.")
    now = clock.now()
    if acknowledge_by is not None and not now < acknowledge_by <= now + LONGEST:
        problems["acknowledge_by"] = _("Choose a moment in the future, within a year.")
    try:
        draft.check()
    except ValidationError as problem:
        problems |= problem.message_dict
    if problems:
        raise ValidationError(problems)
