"""The one line for other sites: a script that puts the form into the page as a frame."""

import json

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from firstline.tickets import forms
from firstline.web.ui import embedding


def script(request: HttpRequest, key: str) -> HttpResponse:
    """GET: the script, the same for whoever asks from wherever."""
    form = forms.published(key, request.portal)  # type: ignore[attr-defined]  # set by web.ui.hosts
    facts = {
        "origin": embedding.origin_of(form),
        "page": embedding.page_of(form),
        "title": form.label,
    }
    context = {"facts": json.dumps(facts)}  # plain ASCII: safe in a page of any charset
    text = render_to_string("portal/forms/embed.js", context)
    headers = {"Cache-Control": "public, max-age=300", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(text, content_type="text/javascript; charset=utf-8", headers=headers)
