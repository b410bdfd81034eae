"""Departments as administrators see them: in their order, retired ones too (product 7.1)."""

from django.db.models import Count

from firstline.people.access import Actor, NotFound
from firstline.people.models import Staff
from firstline.people.roles import Permission
from firstline.tickets.models import Department, Status, Ticket, WebForm, Workflow
from firstline.tickets.models.workflow import Phase

# Where a ticket goes whose status the other workflow does not have: the first phase that it has.
NEAREST: dict[str, tuple[Phase, ...]] = {
    Phase.NEW: (Phase.NEW, Phase.OPEN),
    Phase.OPEN: (Phase.OPEN, Phase.NEW),
    Phase.WAITING: (Phase.WAITING, Phase.OPEN),  # deferred needs a time to come back at
    Phase.DEFERRED: (Phase.DEFERRED, Phase.WAITING, Phase.OPEN),
    Phase.RESOLVED: (Phase.RESOLVED, Phase.CLOSED),
    Phase.CLOSED: (Phase.CLOSED,),
}


def all_for(actor: Actor) -> list[Department]:
    """All departments, those in use first, each with its `agent_count`. Raises Forbidden."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    found = Department.objects.order_by("-is_active", "position", "pk").select_related("workflow")
    return list(found.annotate(agent_count=Count("agents")))


def get_for(actor: Actor, pk: int) -> Department:
    """One department, to be changed. Raises Forbidden, NotFound."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    found = Department.objects.select_related("workflow").filter(pk=pk).first()
    if found is None:
        raise NotFound(str(pk))
    return found


def staff_for(actor: Actor) -> list[Staff]:
    """Everybody who can be let into a department, by name. Raises Forbidden."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    staff = Staff.objects.filter(person__is_active=True).select_related("person", "partner")
    return sorted(staff, key=lambda one: (one.person.display_name.casefold(), one.pk))


def agents_of(department: Department) -> list[int]:
    """The ids of those who work there."""
    return list(department.agents.order_by("pk").values_list("pk", flat=True))


def agent_emails(department: Department) -> list[str]:
    """The mail addresses of those who work there."""
    return list(department.agents.order_by("person__email").values_list("person__email", flat=True))


def forms_of(department: Department) -> list[WebForm]:
    """Its public forms (cap 151)."""
    return list(WebForm.objects.filter(department=department).order_by("pk"))


def open_count(department: Department) -> int:
    """How many open tickets it has, whoever holds them."""
    return Ticket.objects.filter(is_open=1, department=department).count()


def workflows_for(actor: Actor) -> list[Workflow]:
    """All workflows with their statuses; the one for mail first. Raises Forbidden."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    found = Workflow.objects.order_by("pk").prefetch_related("statuses")
    return sorted(found, key=lambda one: (one.key != "mailbox", one.pk))


def strays(department: Department, workflow: Workflow) -> list[tuple[Status, int]]:
    """The statuses of its tickets that this workflow does not have, with how many are in each.

    Closed tickets are not among them: they stay closed as they are.
    """
    unclosed = Ticket.objects.filter(department=department).exclude(status__workflow=workflow)
    counts: dict[int, int] = {}
    for part in (unclosed.filter(is_open=1), unclosed.filter(is_open=0, phase=Phase.RESOLVED)):
        rows = part.order_by().values_list("status_id").annotate(number=Count("pk"))
        counts |= dict(rows)
    statuses = Status.objects.filter(pk__in=counts).order_by("workflow_id", "position")
    return [(status, counts[status.pk]) for status in statuses]


def counterpart(status: Status, workflow: Workflow) -> Status:
    """The status of this workflow that says most nearly the same."""
    statuses = sorted(workflow.statuses.all(), key=lambda one: one.position)
    for one in statuses:
        if (one.key, one.phase) == (status.key, status.phase):
            return one
    for phase in NEAREST[status.phase]:
        for one in statuses:
            if one.phase == phase:
                return one
    return next(one for one in statuses if one.is_initial)
