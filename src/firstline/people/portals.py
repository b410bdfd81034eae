"""Which portal somebody stands in front of, and under which address and name it speaks (cap 106)."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from firstline.people.access import Actor, NotFound
from firstline.people.host_names import LONGEST
from firstline.people.models import Host, Partner, Person, Portal
from firstline.people.roles import Permission

REMEMBERED = 5.0  # seconds; a page asks once, and a changed portal shows everywhere soon after
RELATED = ("logo", "partner")


def own() -> Portal:
    """The installation's own portal."""
    return Portal.objects.select_related(*RELATED).get(partner=None)


def install(**_: object) -> None:
    """Every installation has one from its beginning. Runs after every migration."""
    Portal.objects.get_or_create(partner=None)


def at(name: str) -> Portal | None:
    """The portal that answers under this host name; None if none does."""
    if len(name) > LONGEST:
        return None
    key = f"portal:{name.lower()}"
    found = cache.get(key)
    if found is None:
        found = _at(name.lower()) or False
        cache.set(key, found, REMEMBERED)
    return found or None


def with_id(pk: int) -> Portal | None:
    """The portal with this id."""
    return Portal.objects.select_related(*RELATED).filter(pk=pk).first()


def all_for(actor: Actor) -> list[Portal]:
    """All portals with their host names, our own first. Raises Forbidden."""
    actor.demand(Permission.PORTAL_EDIT)
    return every()


def every() -> list[Portal]:
    """All portals with their host names, our own first."""
    found = Portal.objects.select_related(*RELATED).prefetch_related("hosts")
    return sorted(found, key=lambda one: (one.partner_id is not None, str(one).lower()))


def get_for(actor: Actor, pk: int) -> Portal:
    """One portal, to be changed. Raises Forbidden, NotFound."""
    actor.demand(Permission.PORTAL_EDIT)
    portal = with_id(pk)
    if portal is None:
        raise NotFound(pk)
    return portal


def partners_without(actor: Actor) -> list[Partner]:
    """The partners whose customers still come to our own portal. Raises Forbidden."""
    actor.demand(Permission.PORTAL_EDIT)
    return list(Partner.objects.filter(portal=None).order_by("name"))


def forget(portal: Portal, removed: Iterable[str] = ()) -> None:
    """Show a changed portal in this process at once; the others follow within seconds."""
    names = {*settings.OWN_HOSTS, *portal.hosts.values_list("name", flat=True), *removed}
    cache.delete_many([f"portal:{name}" for name in names])


def of(person: Person) -> Portal:
    """The portal whose name and address stand in mails to this person: their partner's, or our own."""
    company = person.company
    partner_id = company.partner_id if company else None
    if partner_id is not None:
        found = Portal.objects.select_related(*RELATED).filter(partner=partner_id).first()
        if found is not None:
            return found
    return own()


def seen_by(person: Person) -> Portal:
    """The same as `of`, remembered: where a list asks it for each of its rows."""
    customer = getattr(person, "customer", None)
    key = f"portal-of:{customer.company_id if customer else None}"
    found: Portal | None = cache.get(key)
    if found is None:
        found = of(person)
        cache.set(key, found, REMEMBERED)
    return found


def name_of(portal: Portal) -> str:
    """What the portal is called."""
    partner = portal.partner.name if portal.partner else ""
    return portal.name or partner or str(settings.DESK_NAME)


def shown_name(portal: Portal, name: str) -> str:
    """An agent's name as this portal's customers read it; where names are not shown, whom they stand for."""
    return name if portal.shows_agents else _("Support team")


def address_of(portal: Portal) -> str:
    """The address that links in mails begin with; never what a request claims to be sent to (C35)."""
    host = portal.hosts.first()
    if host is None:
        return str(settings.PUBLIC_URL)
    public = urlsplit(settings.PUBLIC_URL)
    port = f":{public.port}" if public.port else ""
    return f"{public.scheme}://{host.name}{port}"


def _at(name: str) -> Portal | None:
    if name in settings.OWN_HOSTS:
        return own()
    host = Host.objects.filter(name=name).select_related("portal__logo", "portal__partner").first()
    return host.portal if host else None
