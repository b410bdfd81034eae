"""The door: everybody is led to their own place."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from firstline.people.access import Actor
from firstline.people.directory import is_empty


def home(request: HttpRequest) -> HttpResponse:
    """Staff to the desk, customers to their tickets, strangers to the sign-in.

    On an empty system the page says how to make the first administrator.
    """
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    if actor is not None:
        return redirect("agent:desk" if actor.is_staff else "portal:tickets")
    if is_empty():
        return render(request, "ui/first_start.html")
    return redirect("account_login")
