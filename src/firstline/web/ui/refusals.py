"""Refusals that every page can meet: not there, not allowed, ended session, expired form.

Each says what to do in the reader's language, and loses nothing that was typed.
"""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from firstline.people.access import Forbidden, NotFound
from firstline.tickets.access import OtherLine
from firstline.web.ui.words import other_line

log = structlog.get_logger(__name__)


class Refusals:
    """Turns what the access rules raise into pages; the rules themselves know nothing of HTTP."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if isinstance(problem, NotFound):
            return not_found(request)
        if isinstance(problem, OtherLine):
            return _page(request, 403, _("The other line has this ticket"), other_line())
        if isinstance(problem, Forbidden):
            return forbidden(request)
        return None


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, the same whether it is not there or not yours."""
    return _page(
        request,
        404,
        _("There is nothing here"),
        _(
            "The address is wrong, or what it names is not for you. Check the number, or go back to your tickets."
        ),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 for who is inside but lacks the right."""
    return _page(
        request,
        403,
        _("You may not do this"),
        _(
            "Your access level does not allow it. Ask an administrator of the desk. Nothing was changed."
        ),
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: a form that is too large or broken to be read at all."""
    return _page(
        request,
        400,
        _("This could not be read"),
        _(
            "The form is too large or was damaged on the way. Go back, choose fewer files, and send it again."
        ),
    )


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: the limits of the sign-in."""
    return _page(
        request,
        429,
        _("Too many attempts"),
        _(
            "To keep strangers from guessing passwords, nobody may try that often."
            " Wait a few minutes and try again."
        ),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: logged by Django with its context; the reader is told honestly."""
    return _page(
        request,
        500,
        _("Something went wrong on our side"),
        _("The failure is written to the log. Nothing was half done; go back and try again."),
    )


def early(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    """A request that was not read to its end: too large, too slow, too many at once."""
    return _page(request, status, title, text)


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    context = {"title": title, "text": text, "typed": _typed(request)}
    template = "ui/refusal_fragment.html" if getattr(request, "htmx", False) else "ui/refusal.html"
    return render(request, template, context, status=status)


def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose page is too old, or sent from elsewhere: show it again with all that was typed."""
    log.info("form refused", reason=reason, path=request.path)
    return kept(request, _("The page had expired"), 403)


def ended_session(request: HttpRequest) -> HttpResponse:
    """A form that came after the session ended."""
    return kept(request, _("Your session has ended"), 401)


def kept(request: HttpRequest, title: str, status: int) -> HttpResponse:
    """All that was typed, ready to be sent again after signing in; files must be chosen anew."""
    secret = {"csrfmiddlewaretoken", "login", "password", "password1", "password2", "oldpassword"}
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in secret
        for value in values
    ]
    labels = {
        "subject": _("Subject"),
        "contract": _("Contract number"),
        "callback_name": _("Full name"),
        "callback_phone": _("Contact phone"),
    }
    context = {
        "title": title,
        "fields": [field for field in fields if field[0] not in {"text", *labels}],
        "lines": [(name, labels[name], value) for name, value in fields if name in labels],
        "text": request.POST.get("text", ""),
        "had_files": bool(request.FILES),
        "signed_in": request.user.is_authenticated,
        "action": request.get_full_path(),
    }
    response = render(request, "ui/kept.html", context, status=status)
    # a whole page, also where a part of one was asked for
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "body", "innerHTML"
    return response


def _typed(request: HttpRequest) -> str:
    return request.POST.get("text", "") if request.method == "POST" else ""
