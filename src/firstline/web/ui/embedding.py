"""The addresses of a public form, as people paste them into their sites and mails.

They come from the configuration and the portal's host names, never from a request (C35).
"""

from typing import TYPE_CHECKING

from django.urls import reverse

from firstline.people import portals
from firstline.tickets import forms

if TYPE_CHECKING:
    from firstline.tickets.models import WebForm


def origin_of(form: "WebForm") -> str:
    """Where the form's portal answers."""
    return portals.address_of(forms.portal_of(form))


def page_of(form: "WebForm") -> str:
    """The form's own page."""
    return origin_of(form) + reverse("forms:form", args=[form.key])


def line_of(form: "WebForm") -> str:
    """The one line that puts the form into a page of another site."""
    address = origin_of(form) + reverse("forms:script", args=[form.key])
    return f'<script src="{address}" async></script>'
