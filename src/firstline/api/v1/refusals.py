"""From what the rules raise to what the client reads; the rules themselves know nothing of HTTP."""

from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as RuleBroken
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError
from ninja.errors import ValidationError as ShapeBroken

from firstline.api.v1 import validation
from firstline.api.v1.problems import Refusal, invalid, nothing_changed
from firstline.base.sizes import size
from firstline.people.access import Forbidden, NotFound
from firstline.tickets.access import OtherLine
from firstline.tickets.actions.claim import Closed
from firstline.tickets.actions.hand_over import NoOtherLine
from firstline.tickets.ended import AlreadyResolved, words
from firstline.tickets.workflow import AnswerNeeded, MoveRefused, TimeNeeded

log = structlog.get_logger(__name__)


def refusal_of(problem: Exception) -> Refusal:
    """The refusal that an exception comes to; what nobody foresaw is logged and told honestly."""
    if isinstance(problem, Refusal):
        return problem
    for kind in type(problem).__mro__:
        if kind in REFUSALS:
            return REFUSALS[kind](problem)
    log.error("request failed", exc_info=problem)
    detail = _("The failure is written to the log. Nothing was half done; you can try again.")
    return Refusal(500, "failure", detail)


def install(api: NinjaAPI) -> None:
    """Let the API answer every exception with a problem."""

    def answer(request: HttpRequest, problem: Any) -> HttpResponse:
        return refusal_of(problem).response()

    kinds: list[type[Any]] = [Exception, *REFUSALS]
    for kind in kinds:
        api.add_exception_handler(kind, answer)


def _no_token(_problem: Exception) -> Refusal:
    detail = _("Send “Authorization: Bearer” with a token that is valid.")
    headers = {"WWW-Authenticate": 'Bearer realm="Firstline"'}
    return Refusal(401, "not-signed-in", detail, headers=headers)


def _forbidden(_problem: Exception) -> Refusal:
    detail = _(
        "Your access level, or the scope of the token, does not allow it. Nothing was changed."
    )
    return Refusal(403, "forbidden", detail)


def _other_line(_problem: Exception) -> Refusal:
    detail = _("The other line has this ticket: it has to be handed over first.")
    return Refusal(403, "other-line", detail)


def _no_other_line(_problem: Exception) -> Refusal:
    detail = _(
        "There is no other line to take part: the partner has no first line of its own,"
        " or the ticket is there already."
    )
    return Refusal(409, "no-other-line", detail)


def _not_found(_problem: Exception) -> Refusal:
    return Refusal(404, "not-found", _("It is not there, or it is not for you."))


def _closed(_problem: Exception) -> Refusal:
    detail = _("The ticket is closed and takes no more answers.")
    return Refusal(409, "closed", detail, phase="closed")


def _move_refused(problem: Any) -> Refusal:
    move: MoveRefused = problem
    allowed = ", ".join(status.label for status in move.allowed)
    text = _("From “%(status)s” the workflow leads only to: %(allowed)s.")
    if not move.allowed:
        text = _("“%(status)s” is final: the status can't be changed any more.")
    values: dict[str, Any] = {
        "from": move.source.key,
        "to": move.target.key if move.target else None,
        "allowed": [status.key for status in move.allowed],
    }
    detail = text % {"status": move.source.label, "allowed": allowed}
    return Refusal(409, "move-refused", detail, **values)


def _time_needed(_problem: Exception) -> Refusal:
    text = _("Choose when the ticket comes back: a date and time in the future.")
    return invalid("until", text)


def _answer_needed(_problem: Exception) -> Refusal:
    detail = _(
        "A ticket is resolved with an answer to the customer: send it to resolutions, with its text."
    )
    return Refusal(409, "answer-needed", detail)


def _already_resolved(problem: AlreadyResolved) -> Refusal:
    told = _("%(already)s Your text was not sent.") % {"already": words(problem)}
    kind = "closed" if problem.phase == "closed" else "already-resolved"
    return Refusal(
        409, kind, told, phase=problem.phase, by=problem.who or None, at=problem.at.isoformat()
    )


def _rule_broken(problem: Any) -> Refusal:
    return Refusal(422, "invalid", nothing_changed(), errors=validation.rule_errors(problem))


def _shape_broken(problem: Any) -> Refusal:
    return Refusal(422, "invalid", nothing_changed(), errors=validation.shape_errors(problem))


def _unreadable(_problem: Exception) -> Refusal:
    return Refusal(400, "malformed", _("The body of the request is broken."))


def _too_big(_problem: Exception) -> Refusal:
    return too_large(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def too_large(limit: int) -> Refusal:
    """A refusal of a body over `limit` bytes."""
    text = _("The limit is %(limit)s. Send files as multipart/form-data.")
    return Refusal(413, "too-large", text % {"limit": size(limit)}, limit=limit)


def _no_database(problem: Exception) -> Refusal:
    log.error("the database did not answer", exc_info=problem)
    detail = _("The database does not answer. Nothing was changed; try again later.")
    return Refusal(503, "unavailable", detail, headers={"Retry-After": "10"})


REFUSALS: dict[type[BaseException], Callable[[Any], Refusal]] = {
    AlreadyResolved: _already_resolved,
    AnswerNeeded: _answer_needed,
    AuthenticationError: _no_token,
    Closed: _closed,
    Forbidden: _forbidden,
    Http404: _not_found,
    MoveRefused: _move_refused,
    MultiPartParserError: _unreadable,
    NoOtherLine: _no_other_line,
    NotFound: _not_found,
    OperationalError: _no_database,
    OtherLine: _other_line,
    PermissionDenied: _forbidden,
    RequestDataTooBig: _too_big,
    RuleBroken: _rule_broken,
    ShapeBroken: _shape_broken,
    SuspiciousOperation: _unreadable,
    TimeNeeded: _time_needed,
    UnreadablePostError: _unreadable,
}
