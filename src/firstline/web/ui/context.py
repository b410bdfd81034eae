"""What every page knows: the desk's name, who reads, whether mail really leaves."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from firstline.people import portals


def desk(request: HttpRequest) -> dict[str, Any]:
    """Template context for all pages; it asks the database nothing."""
    actor = getattr(request, "actor", None)
    portal = getattr(request, "portal", None)
    return {
        "desk_name": portals.name_of(portal) if portal else settings.DESK_NAME,
        "desk_portal": portal,
        "language": get_language(),
        "languages": [("ru", "Русский"), ("bg", "Български"), ("en", "English")],
        "actor": actor,
        "me": actor.person if actor else None,
        "mail_is_kept": settings.OUTGOING_MAIL is None,
        "file_limit": settings.FILE_LIMIT,
    }
