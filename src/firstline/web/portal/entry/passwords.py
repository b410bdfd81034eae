"""The form in which a person chooses their password, on more than one page."""

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from firstline.web.ui.saying import Problem


def chosen(request: HttpRequest, person: object) -> tuple[str, list[Problem]]:
    """The password in a posted form, and what is wrong with it."""
    first, second = request.POST.get("password1", ""), request.POST.get("password2", "")
    if not first:
        return "", [Problem("password1", _("Choose a password."))]
    if first != second:
        return "", [Problem("password2", _("The two passwords are not the same."))]
    try:
        password_validation.validate_password(first, person)  # type: ignore[arg-type]  # the stubs want Django's User
    except ValidationError as problem:
        return "", [Problem("password1", text) for text in problem.messages]
    return first, []


def zone_of(request: HttpRequest) -> str:
    """What the browser said of its time zone in a form that chooses a password; "" if nothing."""
    return request.POST.get("time_zone", "")


def wrong_of(problems: list[Problem]) -> dict[str, list[str]]:
    """The texts of the problems by field."""
    wrong: dict[str, list[str]] = {}
    for problem in problems:
        wrong.setdefault(problem.field, []).append(problem.text)
    return wrong
