"""The documentation as a page: Swagger UI as ninja brings it, from this server alone."""

from pathlib import Path

import ninja
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.static import serve

FOLDER = Path(ninja.__file__).parent / "static" / "ninja"
ASSETS = {"swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-init.js"}
OPTIONS = {"url": "openapi.json", "layout": "BaseLayout", "deepLinking": True}


def page(request: HttpRequest) -> HttpResponse:
    """GET: all routes, to be read and tried with a token of one's own."""
    return render(request, "api/docs.html", {"options": OPTIONS})


def asset(request: HttpRequest, name: str) -> HttpResponseBase:
    """GET: one of the three files that the page needs."""
    if name not in ASSETS:
        raise Http404(name)
    response = serve(request, name, document_root=str(FOLDER))
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
