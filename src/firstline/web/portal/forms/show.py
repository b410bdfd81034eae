"""A public form: as a page of the portal, or inside a page of another site."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from csp.decorators import csp_replace
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt

from firstline.tickets import forms
from firstline.tickets.actions.requests import (
    LIMITS,
    Repeated,
    TooMany,
    Words,
    checked,
    send_request,
)
from firstline.web.portal.forms import token
from firstline.web.ui.context import look_of
from firstline.web.ui.saying import Problem, problems_of
from firstline.web.ui.source import source_of

FIELDS = ("name", "email", "phone", "subject", "text")
TRAP = "website"  # people don't see it


@csrf_exempt  # see token.py
def show(request: HttpRequest, key: str) -> HttpResponseBase:
    """GET: the empty form. POST: keep what was typed and mail a link that confirms it.

    Other sites may show the embedded page alone: it has nothing that a signed-in person could be led
    to press.
    """
    form = partial(_form, key=key)
    if "embedded" not in request.GET:
        return form(request)
    return xframe_options_exempt(csp_replace({"frame-ancestors": ["*"]})(form))(request)


def _form(request: HttpRequest, key: str) -> HttpResponse:
    form = forms.published(key, request.portal)  # type: ignore[attr-defined]  # set by web.ui.hosts
    if request.method == "POST":
        return _send(request, form)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "POST"])
    return _page(request, form, Words("", "", "", "", "", ""))


def _send(request: HttpRequest, form: Any) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    words = Words(**typed, language=get_language() or "")
    nonce, why = _nonce(request, form)
    if why:
        problems = [*_problems_in(words), Problem("send", why)]
        return _page(request, form, words, problems, status=422)
    try:
        kept = send_request(form, words, nonce=nonce, source=source_of(request))
    except ValidationError as problem:
        return _page(request, form, words, problems_of(problem), status=422)
    except TooMany:
        return _page(request, form, words, [Problem("send", _too_many(form))], status=429)
    except Repeated:
        again = _("This page was sent before. Look at what you wrote and send it again.")
        return _page(request, form, words, [Problem("send", again)], status=409)
    template = "embedded_sent.html" if "embedded" in request.GET else "sent.html"
    context = {"form": form, "email": kept.email, **look_of(forms.portal_of(form))}
    return render(request, f"portal/forms/{template}", context)


def _nonce(request: HttpRequest, form: Any) -> tuple[str, str]:
    """The mark of the page that was sent; or none, and what to do about it."""
    if request.POST.get(TRAP):
        # Said aloud, because a browser that fills in forms by itself may fall into the trap, too.
        return "", _("A field that people don't see was filled in. It is empty now: send again.")
    try:
        return token.nonce_of(form.key, request.POST.get("token", "")), ""
    except token.TooFast:
        return "", _("The form was sent too quickly. Wait two seconds and send it again.")
    except token.Unusable:
        return "", _("The page stood open for too long. Look at what you wrote and send it again.")


def _problems_in(words: Words) -> list[Problem]:
    try:
        checked(words)
    except ValidationError as problem:
        return problems_of(problem)
    return []


def _too_many(form: Any) -> str:
    return _(
        "Too many requests came from here in the last hour. Try later, or write to %(address)s."
    ) % {"address": form.department.address}


def _page(
    request: HttpRequest,
    form: Any,
    words: Words,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
) -> HttpResponse:
    """The form with what was typed and what is wrong with it."""
    context = {
        "form": form,
        "typed": asdict(words),
        "limits": LIMITS,
        "problems": problems,
        "wrong": {problem.field for problem in problems},
        "token": token.again(form.key, request.POST.get("token", "")),
        "embedded": "embedded" in request.GET,
        **look_of(forms.portal_of(form)),
    }
    template = "embedded.html" if context["embedded"] else "page.html"
    return render(request, f"portal/forms/{template}", context, status=status)
