"""An agent inside a project: whose eyes a session looks through, and what it can't reach (product 2.5).

The session stays the agent's own and holds no more than the number of the visit. Pages that may be
opened inside are listed; all others answer that one has to leave first, new ones included.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from firstline.base import clock
from firstline.people import portals, visits
from firstline.people.access import actor_of
from firstline.people.actions.visits import leave, mark
from firstline.people.visits import Why
from firstline.web.ui import inside
from firstline.web.ui.views import Page

KEY, BACK, LEFT = "visit", "visit_back", "visit_left"


@dataclass(frozen=True, slots=True)
class Over:
    """A visit that has ended without a press on the button."""

    visit: Any
    why: Why


class Visits:
    """Sets `request.visit`: the visit that goes on, or None. `request.visit_over`: one that has just ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.visit, request.visit_over = None, None  # type: ignore[attr-defined]
        number = request.session.get(KEY)
        if number is not None and request.user.is_authenticated:
            _find(request, number)
        visit = request.visit  # type: ignore[attr-defined]
        response = self.get_response(request)
        if visit is not None and not request.user.is_authenticated:
            leave(visit, why=Why.SIGNED_OUT, via="web")
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        visit, over = request.visit, request.visit_over  # type: ignore[attr-defined]
        route = request.resolver_match.view_name if request.resolver_match else ""
        if request.path.startswith("/api/"):
            return None  # it knows tokens alone
        if visit is not None:
            return None if inside.may_open(route) else refused(request, visit, route)
        if over is not None:
            return ended(request, over, route)
        if LEFT in request.session and route.startswith("portal:"):
            return left(request)
        return None


class Leave(Page):
    """POST: come out of the project, back to where one was."""

    def post(self, request: HttpRequest) -> HttpResponse:
        visit = request.visit  # type: ignore[attr-defined]
        back = _own(request, request.POST.get("next", "")) or request.session.get(BACK, "/")
        if visit is not None:
            leave(visit, why=Why.LEFT, via="web")
            forget(request, visit)
            with translation.override(language_of(visit)):
                done = _("You have left the project “%(project)s”.")
                messages.success(request, done % {"project": visit.project.name})
        return redirect(back)


def begin(request: HttpRequest, visit: Any, back: str) -> None:
    """Let this session be inside from now on; `back` is where leaving leads to.

    Pages of an earlier visit that are still open in other tabs must not be sent through other eyes:
    their forms ask once more.
    """
    if LEFT in request.session:
        rotate_token(request)
        del request.session[LEFT]
    request.session[KEY], request.session[BACK] = visit.pk, back


def forget(request: HttpRequest, visit: Any) -> None:
    """Let this session be outside again."""
    for name in (KEY, BACK):
        request.session.pop(name, None)
    request.session[LEFT] = visit.project.name


def language_of(visit: Any) -> str:
    """The agent's language: the bar, and all that is said to them, is in it."""
    return visit.agent.language or translation.get_language() or "en"


def refused(request: HttpRequest, visit: Any, route: str) -> HttpResponse:
    """403: what can't be reached inside, why, and the way out."""
    wanted = request.get_full_path() if request.method == "GET" else ""
    with translation.override(language_of(visit)):
        title, text = inside.refusal(route, visit)
        context = {"title": title, "text": text, "typed": _typed(request), "wanted": wanted}
        return _answer(request, context, 403)


def ended(request: HttpRequest, over: Over, route: str) -> HttpResponse | None:
    """After a visit that ended by itself: say why. Nothing that was sent is done as somebody else."""
    back = request.session.get(BACK, "/")
    forget(request, over.visit)
    told = inside.why_over(over.why, over.visit)
    if not route.startswith("portal:"):
        messages.warning(request, told)
        return redirect(back) if route == "visit_endings" else None
    if request.method == "GET" and not getattr(request, "htmx", False):
        messages.warning(request, told)
        return redirect(back)
    title = _("You are no longer inside the project")
    context = {"title": title, "text": told, "typed": _typed(request), "back": back}
    return _answer(request, context, 403)


def left(request: HttpRequest) -> HttpResponse:
    """404 for a page of the portal that was open in another tab when its visit ended."""
    text = _("You have left “%(project)s”, so nothing was changed. Enter it again from a ticket.")
    context = {
        "title": _("You are no longer inside the project"),
        "text": text % {"project": request.session[LEFT]},
        "typed": _typed(request),
        "back": reverse("home"),
    }
    return _answer(request, context, 404)


def _find(request: HttpRequest, number: int) -> None:
    """Put the visit on the request, with the look of the portal that the customer knows."""
    visit, now = visits.with_id(number, request.user), clock.now()  # type: ignore[arg-type]
    if visit is None:
        del request.session[KEY]
        return
    why = visits.over(visit, actor_of(visit.agent), now)
    if why is not None:
        leave(visit, why=why, via="web")
        request.visit_over = Over(visit, why)  # type: ignore[attr-defined]
        return
    mark(visit, now)
    request.visit = visit  # type: ignore[attr-defined]
    request.portal = portals.seen_by(visit.person)  # type: ignore[attr-defined]


def _answer(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    whole = not getattr(request, "htmx", False)
    template = "ui/inside.html" if whole else "ui/inside_fragment.html"
    return render(request, template, context, status=status)


def _typed(request: HttpRequest) -> str:
    return request.POST.get("text", "") if request.method == "POST" else ""


def _own(request: HttpRequest, address: str) -> str:
    """The address if it is one of this host, else "" (C42)."""
    hosts, is_secure = {request.get_host()}, request.is_secure()
    is_ours = url_has_allowed_host_and_scheme(address, hosts, require_https=is_secure)
    return address if is_ours and "/" in address else ""  # without one it would name a route
