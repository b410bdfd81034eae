"""How customers come to the demo desk: its portal, a partner's, and a form for a site."""

from typing import Any

from firstline.people import portals
from firstline.people.access import Actor
from firstline.people.actions.portals import Look, add_host, change_portal, open_portal
from firstline.people.models import Partner
from firstline.tickets.actions.forms import Shape, make_form
from firstline.tickets.models import Department


def open_doors(actor: Actor, told: dict[str, Any], departments: dict[str, Department]) -> None:
    """Make all of them, by the same actions as an administrator in the settings."""
    change_portal(actor, portals.own(), Look(**told["own"]), via="demo")
    for one in told["partners"]:
        _partner(actor, one)
    for one in told["forms"]:
        shape = Shape(one["names"], one["intros"], departments[one["department"]].pk)
        make_form(actor, shape, via="demo")


def _partner(actor: Actor, told: dict[str, Any]) -> None:
    partner = Partner.objects.get(name=told["name"])
    portal = open_portal(actor, partner.pk, via="demo")
    names = ("name", "colour", "registration", "contacts")
    change_portal(actor, portal, Look(**{name: told[name] for name in names}), via="demo")
    add_host(actor, portal, told["host"], via="demo")
