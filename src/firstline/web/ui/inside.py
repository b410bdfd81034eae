"""What an agent inside a project can open, and what is said of the rest (product 2.5, cap 81)."""

from typing import Any

from django.utils.translation import gettext as _

from firstline.people.visits import Why

# The portal is what one enters for. Public forms know nobody, so they know no visit.
OPEN = {
    "account_logout",
    "brand_colour",
    "brand_logo",
    "home",
    "metrics",
    "visit_endings",
}
OPEN_SPACES = ("portal:", "forms:")
CLOSED = {"portal:ratings"}


def may_open(route: str) -> bool:
    """Whether the route can be reached inside. What nobody has thought of can't."""
    return route not in CLOSED and (route in OPEN or route.startswith(OPEN_SPACES))


def refusal(route: str, visit: Any) -> tuple[str, str]:
    """The title and text of the page that says so."""
    names = {"project": visit.project.name, "person": visit.person.display_name}
    if route in CLOSED:
        return (
            _("A rating is the customer's own word"),
            _("Nobody can rate in the name of %(person)s. Nothing was changed.") % names,
        )
    if route.startswith("agent:"):
        return (
            _("You are inside the project “%(project)s”") % names,
            _("This page is for staff. Leave the project first. Nothing was changed.") % names,
        )
    return (
        _("This can't be reached from inside a project"),
        _(
            "Settings, passwords, sessions and invitations of %(person)s are theirs alone, and yours "
            "are outside. Leave the project first. Nothing was changed."
        )
        % names,
    )


def why_over(why: Why, visit: Any) -> str:
    """Why a visit has ended by itself, for a notice."""
    words = {
        Why.LEFT: _("You have left the project “%(project)s”."),
        Why.SIGNED_OUT: _("You have left the project “%(project)s”."),
        Why.IDLE: _("You have left the project “%(project)s”: nothing happened for an hour."),
        Why.TOO_LONG: _("You have left the project “%(project)s”: a visit ends after eight hours."),
        Why.DEACTIVATED: _("You have left the project “%(project)s”: %(person)s is deactivated."),
        Why.RIGHTS: _(
            "You have left the project “%(project)s”: the rights have changed, so it can't be entered "
            "this way any more."
        ),
    }
    return words[why] % {
        "project": visit.project.name,
        "person": visit.person.display_name,
    }
