"""Public forms and what strangers sent by them: who gets which rows (cap 151)."""

import hashlib
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.crypto import salted_hmac

from firstline.events.models import Event
from firstline.people import portals
from firstline.people.access import Actor, NotFound
from firstline.people.models import Portal
from firstline.people.roles import Permission
from firstline.tickets.models import Request, WebForm

CONFIRMED_WITHIN = timedelta(days=3)
KEPT = timedelta(days=7)
RELATED = ("department__workflow", "portal__logo", "portal__partner")


def all_for(actor: Actor) -> list[WebForm]:
    """All forms, the newest first, each with its portal, to be read only. Raises Forbidden."""
    actor.demand(Permission.FORM_EDIT)
    found = WebForm.objects.select_related("department").order_by("-pk")
    homes = {one.pk: one for one in portals.every()}
    own = next(one for one in homes.values() if one.partner_id is None)
    for form in found:
        form.portal = homes.get(form.portal_id or own.pk, own)
    return list(found)


def get_for(actor: Actor, pk: int) -> WebForm:
    """One form, to be changed. Raises Forbidden, NotFound."""
    actor.demand(Permission.FORM_EDIT)
    form = WebForm.objects.select_related(*RELATED).filter(pk=pk).first()
    if form is None:
        raise NotFound(pk)
    return form


def published(key: str, at: Portal) -> WebForm:
    """The form that anybody may fill in, asked for at a portal: its own or ours. Raises NotFound."""
    found = WebForm.objects.select_related(*RELATED).filter(key=key, is_active=True)
    form = found.filter(department__is_active=True).first()
    if form is None or (at.partner_id is not None and at.pk != form.portal_id):
        raise NotFound(key)
    return form


def portal_of(form: WebForm) -> Portal:
    """The portal whose name, look and address the form has."""
    return form.portal or portals.own()


def key_of(nonce: str) -> str:
    """The secret in the link that confirms a request, made from the mark of the page it came from.

    Both are the same however often this is asked, so a letter that is written twice has one link.
    """
    return salted_hmac("firstline.tickets.request", nonce, algorithm="sha256").hexdigest()[:32]


def digest_of(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def request_with(key: str) -> Request:
    """What was sent, for who holds its key: three days to be confirmed, then only if it was.

    Raises NotFound.
    """
    found = Request.objects.select_related("ticket__requester", "form__department__workflow")
    request = found.filter(sha256=digest_of(key)).first()
    if request is None or not (request.confirmed_at or is_fresh(request)):
        raise NotFound("request")
    return request


def request_to_confirm(event: Event) -> Request | None:
    """The request that `form.sent` tells of, if it still waits to be confirmed."""
    found = Request.objects.filter(pk=event.data["request"], confirmed_at=None)
    return found.select_related(*(f"form__{name}" for name in RELATED)).first()


def is_fresh(request: Any) -> bool:
    """Whether it can still be confirmed."""
    return bool(request.created_at > timezone.now() - CONFIRMED_WITHIN)


def forget() -> None:
    """Delete what was sent a week ago: what was confirmed is a ticket by now. Run by the clock."""
    Request.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
