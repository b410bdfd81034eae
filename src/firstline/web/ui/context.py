"""What every page knows: the desk's name and look, who reads, whether mail really leaves."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from firstline.people import portals
from firstline.web.ui import brand

# The section of the portal's head that a page stands in, by the beginning of its route's name.
SECTIONS = {
    "portal:new_ticket": "new",
    "portal:project": "projects",
    "portal:alert": "projects",
    "settings:": "settings",
    "portal:": "tickets",
}


def desk(request: HttpRequest) -> dict[str, Any]:
    """Template context for all pages; it asks the database nothing."""
    actor = getattr(request, "actor", None)
    return {
        **look_of(getattr(request, "portal", None)),
        "language": get_language(),
        "languages": [("ru", "Русский"), ("bg", "Български"), ("en", "English")],
        "actor": actor,
        "me": actor.person if actor else None,
        "eyes": getattr(request, "visit", None),
        "section": _section(request),
        "file_limit": settings.FILE_LIMIT,
    }


def look_of(portal: Any) -> dict[str, Any]:
    """The name, colour and logo that a page shows."""
    return {
        "desk_name": portals.name_of(portal) if portal else settings.DESK_NAME,
        "desk_portal": portal,
        "brand_colour": brand.colour_address(portal) if portal else "",
        "brand_logo": brand.logo_address(portal) if portal else "",
    }


def _section(request: HttpRequest) -> str:
    """Where in the portal the page stands; views of other pages name their own."""
    route = request.resolver_match.view_name if request.resolver_match else ""
    return next((section for start, section in SECTIONS.items() if route.startswith(start)), "")
