"""The link from the letter: what will be sent, a button that sends it, and the number it got."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from firstline.mail.outbound import accounts
from firstline.tickets import forms
from firstline.tickets.actions.requests import confirm
from firstline.web.ui.context import look_of

if TYPE_CHECKING:
    from firstline.events.models import Event


@csrf_exempt  # the key in the address is the secret; a browser without cookies can send it, too
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, key: str) -> HttpResponse:
    """GET: what will be sent, or what became of it. POST: send it. Mail scanners only ever GET."""
    if request.method == "POST":
        confirm(key)
        return redirect("forms:confirmation", key)
    found = forms.request_with(key)
    context = {"sent": found, "key": key, **look_of(forms.portal_of(found.form))}
    return render(request, "portal/forms/confirmation.html", context)


def send_link(event: "Event") -> None:
    """Reaction to `form.sent`: mail the link that confirms it, with not one word of the stranger's (C13)."""
    found = forms.request_to_confirm(event)
    if found is None or not accounts.may_write(event, found.email):
        return
    path = reverse("forms:confirmation", args=[forms.key_of(event.data["nonce"])])
    accounts.write(
        event,
        "request",
        found.email,
        forms.portal_of(found.form),
        found.language,
        path=f"{path}?language={found.language}",
        days=forms.CONFIRMED_WITHIN.days,
    )
