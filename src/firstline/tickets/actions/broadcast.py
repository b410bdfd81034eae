"""Alert many projects at once: a row for each, worked off one by one behind a progress bar (5.4).

A project is done in the transaction of its alert, so that a crash repeats none and forgets none.
"""

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.base.jobs import job
from firstline.base.languages import known
from firstline.base.lines import one_line
from firstline.base.work import Superseded
from firstline.files import store, upload
from firstline.files.upload import Upload
from firstline.people import projects as catalogue
from firstline.people.access import Actor, Forbidden, NotFound, actor_of
from firstline.people.models import Project
from firstline.people.roles import Permission
from firstline.tickets import broadcasts
from firstline.tickets.actions import alert as alerting
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Broadcast, BroadcastItem, Department

log = structlog.get_logger(__name__)
MOST_PROJECTS = 1000
WAITING = BroadcastItem.State.WAITING


def broadcast(
    actor: Actor,
    projects: Sequence[Project],
    type: str,
    title: str,
    draft: Draft,
    *,
    department: Department | None = None,
    acknowledge_by: datetime | None = None,
) -> Broadcast:
    """Tell the people of each of these projects the same; a worker makes the alerts.

    Raises Forbidden, NotFound for a project that the actor does not see, ValidationError.
    """
    actor.demand(Permission.ALERT_OPEN)
    if actor.person is None:
        raise Forbidden(Permission.ALERT_OPEN)
    _check(actor, projects)
    alerting.check(type, title, draft, acknowledge_by)
    with atomic():
        made = Broadcast.objects.create(
            by=actor.person,
            type=type,
            title=one_line(title),
            text=draft.text.replace("\x00", ""),
            department=department,
            acknowledge_by=acknowledge_by,
        )
        made.files.add(
            *(upload.save(Upload(file.name, file.content), actor.id) for file in draft.files)
        )
        wanted = dict.fromkeys(one.pk for one in projects)
        BroadcastItem.objects.bulk_create(
            BroadcastItem(broadcast=made, project_id=pk) for pk in wanted
        )
        work_off.later(made.pk)
    return made


def retry(actor: Actor, pk: int) -> Broadcast:
    """Try those projects again that failed. Raises NotFound, Forbidden."""
    found = broadcasts.get_for(actor, pk)
    actor.demand(Permission.ALERT_OPEN)
    with atomic():
        failed = BroadcastItem.objects.filter(broadcast=found, state=BroadcastItem.State.PARKED)
        failed.update(state=WAITING, attempts=0, due_at=timezone.now(), problem="")
        work_off.later(found.pk)
    return found


@job
def work_off(broadcast_id: int) -> None:
    """Make the alerts of a broadcast that are due, until none is left."""
    due = BroadcastItem.objects.filter(broadcast=broadcast_id, state=WAITING).order_by("pk")
    while ids := list(due.filter(due_at__lte=timezone.now()).values_list("pk", flat=True)[:100]):
        for pk in ids:
            tell(pk)


def sweep() -> int:
    """Make the alerts that a crash, a lost job or a pause between tries left behind."""
    return BroadcastItem.sweep(tell)


def tell(item_id: int) -> None:
    """Make one alert, as its author; twice is no more than once."""
    item = BroadcastItem.claim(item_id)
    if item is None:
        return
    by = item.broadcast.by
    with translation.override(known(by.language)):
        try:
            with atomic():
                _alert(actor_of(by), item)
                if not item.finish():
                    raise Superseded("broadcast")
        except Superseded:
            return
        except (Forbidden, NotFound):
            item.park(_("The author may no longer send alerts to this project."))
        except ValidationError as problem:
            item.park(" ".join(problem.messages))
        except Exception:
            log.exception("alert of a broadcast not made", item=item.pk)
            item.retry(_("Something went wrong here. Try again."))


def _alert(actor: Actor, item: BroadcastItem) -> None:
    told = item.broadcast
    files = [Enclosure(one.name, store.read(one.sha256)) for one in told.files.order_by("pk")]
    alerting.alert(
        actor,
        item.project,
        told.type,
        told.title,
        Draft(told.text, files=files),
        via="web",
        department=told.department,
        acknowledge_by=told.acknowledge_by,
        broadcast=told,
    )


def _check(actor: Actor, projects: Sequence[Project]) -> None:
    """Refuse none, too many, and what the actor does not see."""
    if not projects:
        raise ValidationError({"projects": _("Choose at least one project.")})
    if len(projects) > MOST_PROJECTS:
        text = _("At most %(number)d projects at once.") % {"number": MOST_PROJECTS}
        raise ValidationError({"projects": text})
    wanted = {one.pk for one in projects}
    if catalogue.visible_to(actor).filter(pk__in=wanted).count() < len(wanted):
        raise NotFound("project")
