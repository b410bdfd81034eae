"""A portal's own colour and logo: public, and kept by browsers until they change (cap 106).

The version in the address comes from the content. A new look is a new address, and whoever knows no
page of a portal finds nothing by counting numbers.
"""

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from firstline.base.colours import stylesheet
from firstline.files import store
from firstline.people import portals

if TYPE_CHECKING:
    from firstline.people.models import Portal

SHIELD = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}


def colour_address(portal: "Portal") -> str:
    """Where the stylesheet with the portal's colour lies, "" if it has none of its own."""
    if not portal.colour:
        return ""
    return reverse("brand_colour", args=[portal.pk, _version_of(portal.colour)])


def logo_address(portal: "Portal") -> str:
    """Where the portal's logo lies, "" if it has none."""
    return reverse("brand_logo", args=[portal.pk, portal.logo.sha256[:16]]) if portal.logo else ""


def colour(request: HttpRequest, pk: int, version: str) -> HttpResponse:
    """GET: the accents of the design in the portal's colour."""
    portal = portals.with_id(pk)
    if portal is None or not portal.colour or version != _version_of(portal.colour):
        raise Http404
    return HttpResponse(stylesheet(portal.colour), content_type="text/css", headers=SHIELD)


def logo(request: HttpRequest, pk: int, version: str) -> HttpResponse:
    """GET: the portal's logo, a picture that we drew ourselves."""
    portal = portals.with_id(pk)
    if portal is None or portal.logo is None or version != portal.logo.sha256[:16]:
        raise Http404
    content = store.read(portal.logo.sha256)
    return HttpResponse(content, content_type="image/webp", headers=SHIELD)


@lru_cache(maxsize=256)
def _version_of(colour: str) -> str:
    return hashlib.sha256(stylesheet(colour).encode()).hexdigest()[:16]
