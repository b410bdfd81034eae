"""Which portal somebody stands in front of, and under which address and name it speaks (cap 106)."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache

from firstline.people.models import Host, Person, Portal

REMEMBERED = 5.0  # seconds; a page asks once, and a changed portal shows everywhere soon after
LONGEST = 200  # characters; longer names are nobody's
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


def forget(portal: Portal) -> None:
    """Show a changed portal in this process at once; the others follow within seconds."""
    names = {*settings.OWN_HOSTS, *portal.hosts.values_list("name", flat=True)}
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


def name_of(portal: Portal) -> str:
    """What the portal is called."""
    return portal.name or str(settings.DESK_NAME)


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
