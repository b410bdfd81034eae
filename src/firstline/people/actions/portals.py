"""Portals as administrators shape them: name, colour, logo, contacts, who may come in, host names."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError
from django.utils.translation import gettext as _

from firstline.base.colours import is_colour
from firstline.base.db import after_commit, atomic
from firstline.base.languages import CODES
from firstline.base.lines import one_line
from firstline.events import log
from firstline.files import upload
from firstline.files.upload import Upload
from firstline.people import host_names, logos, portals
from firstline.people.access import Actor, NotFound
from firstline.people.models import Host, Partner, Portal
from firstline.people.roles import Permission

CONTACT_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Look:
    """All of a portal that is typed. `colour` is empty or such as `#0a6074`."""

    name: str = ""
    colour: str = ""
    contacts: dict[str, str] = field(default_factory=dict)
    privacy_url: str = ""
    registration: str = Portal.Registration.INVITATION
    shows_agents: bool = True


def open_portal(actor: Actor, partner_id: int, *, via: str) -> Portal:
    """Give a partner a portal with the partner's name; the one that is there already, if any.

    Raises Forbidden, NotFound.
    """
    actor.demand(Permission.PORTAL_EDIT)
    with atomic():
        partner = Partner.objects.filter(pk=partner_id).first()
        if partner is None:
            raise NotFound(partner_id)
        name = {"name": partner.name[:100]}
        portal, is_new = Portal.objects.get_or_create(partner=partner, defaults=name)
        if is_new:
            _record(actor, portal, "portal.opened", via, partner=partner.name)
    return portal


def change_portal(
    actor: Actor,
    portal: Portal,
    look: Look,
    *,
    logo: bytes | None = None,
    drops_logo: bool = False,
    via: str,
) -> Portal:
    """Give the portal another look, and another logo if there is one. Raises Forbidden, ValidationError."""
    actor.demand(Permission.PORTAL_EDIT)
    look = _checked(portal, look)
    picture = _drawn(logo) if logo else None
    with atomic():
        row = Portal.objects.select_related("logo", "partner").get(pk=portal.pk)
        changes = _apply(row, look)
        if picture:
            row.logo = upload.save(Upload("logo.webp", picture), actor.id)
            changes["logo"] = row.logo.sha256
        elif drops_logo and row.logo:
            row.logo, changes["logo"] = None, ""
        if changes:
            row.save()
            _record(actor, row, "portal.changed", via, **changes)
    return row


def add_host(actor: Actor, portal: Portal, text: str, *, via: str) -> Host:
    """Let the portal answer under one more name. Raises Forbidden, ValidationError."""
    actor.demand(Permission.PORTAL_EDIT)
    try:
        name = host_names.normal(text)
    except ValidationError as problem:
        raise ValidationError({"host": problem.messages}) from problem
    taken = _("%(name)s is taken by another portal or by this one.") % {"name": name}
    try:
        with atomic():
            host = Host.objects.create(name=name, portal=portal)
            _record(actor, portal, "portal.changed", via, added=name)
    except IntegrityError as problem:
        raise ValidationError({"host": taken}) from problem
    return host


def remove_host(actor: Actor, portal: Portal, host_id: int, *, via: str) -> str:
    """Let the portal no longer answer under this name; return it. Raises Forbidden, NotFound."""
    actor.demand(Permission.PORTAL_EDIT)
    with atomic():
        host = portal.hosts.filter(pk=host_id).first()
        if host is None:
            raise NotFound(host_id)
        host.delete()
        _record(actor, portal, "portal.changed", via, removed=host.name)
    return host.name


def _apply(row: Portal, look: Look) -> dict[str, Any]:
    """Set what differs, and return it as it was and as it is."""
    changes: dict[str, Any] = {}
    for name, value in asdict(look).items():
        if getattr(row, name) != value:
            changes[name] = [getattr(row, name), value]
            setattr(row, name, value)
    return changes


def _record(actor: Actor, portal: Portal, kind: str, via: str, **data: Any) -> None:
    log.record(
        kind,
        subject_kind="portal",
        subject_id=portal.pk,
        **actor.signature,
        via=via,
        data=data,
    )
    removed = [data["removed"]] if "removed" in data else []
    after_commit(portals.forget, portal, removed)


def _checked(portal: Portal, look: Look) -> Look:
    """The same on one line each and in lower case where it must be. Raises ValidationError."""
    problems: dict[str, str] = {}
    name, colour = one_line(look.name), look.colour.strip().lower()
    contacts = {code: one_line(look.contacts.get(code, ""), 2 * CONTACT_LIMIT) for code in CODES}
    if portal.partner_id and not name:
        problems["name"] = _("Write the name that the partner's customers know.")
    if len(name) > 100:
        problems["name"] = _("The name is too long: at most 100 characters.")
    if colour and not is_colour(colour):
        problems["colour"] = _("Write the colour as # and six digits, such as #0a6074.")
    for code, text in contacts.items():
        if len(text) > CONTACT_LIMIT:
            problems[f"contact_{code}"] = _("The contacts are too long: at most 300 characters.")
    privacy_url = look.privacy_url.strip()
    if privacy_url and not _is_address(privacy_url):
        problems["privacy_url"] = _("Write the whole address, beginning with https://")
    if look.registration not in Portal.Registration.values:
        problems["registration"] = _("Choose one of the three.")
    if problems:
        raise ValidationError(problems)
    filled = {code: text for code, text in contacts.items() if text}
    return Look(name, colour, filled, privacy_url, str(look.registration), look.shows_agents)


def _drawn(logo: bytes) -> bytes:
    try:
        return logos.drawn(logo)
    except ValidationError as problem:
        raise ValidationError({"logo": problem.messages}) from problem


def _is_address(text: str) -> bool:
    try:
        URLValidator(schemes=["https", "http"])(text)
    except ValidationError:
        return False
    return len(text) <= 200
