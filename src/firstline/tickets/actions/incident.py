"""Answer and resolve all tickets that are part of an incident, each customer in their language."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base.languages import CODES
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import access, links
from firstline.tickets.actions import bulk
from firstline.tickets.messages import Draft
from firstline.tickets.models import Bulk, Ticket


def resolve_parts(actor: Actor, ticket: Ticket, texts: Mapping[str, str], *, via: str) -> Bulk:
    """Answer the open parts of an incident, at most bulk.MOST at once, by a worker (product 3.10).

    `texts` by language: each that a customer among them reads has to be there.
    Raises NotFound, Forbidden, ValidationError with the fields `text_ru`, `text_bg`, `text_en`.
    """
    ticket = access.get_for(actor, ticket.number, Permission.TICKET_RESOLVE)
    actor.demand(Permission.BULK_OPEN)
    parts = links.open_parts(actor, ticket)
    ids = list(parts.values_list("pk", flat=True)[: bulk.MOST])
    if not ids:
        raise ValidationError({"parts": _("No linked ticket waits for an answer any more.")})
    problems = {}
    for code in sorted(links.languages(parts)):
        try:
            Draft(texts.get(code, "")).check()
        except ValidationError as problem:
            problems[f"text_{code}"] = problem.message_dict["text"]
    if problems:
        raise ValidationError(problems)
    kept = {code: texts[code] for code in CODES if texts.get(code, "").strip()}
    params = {"texts": kept, "incident": ticket.number, "via": via}
    return bulk.enqueue(actor, "resolve", params, ids)
