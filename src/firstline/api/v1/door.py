"""What every address of the API has in common, whether or not a route stands behind it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from firstline.api.v1.language import asked_language
from firstline.api.v1.problems import Refusal
from firstline.api.v1.refusals import refusal_of
from firstline.base.languages import known

View = Callable[..., HttpResponseBase]


def door(view: View) -> View:
    """Let `view` answer in the client's language, and with a problem where Django has a page.

    There is no session here and so nothing to forge: a request acts by its token alone.
    """

    @csrf_exempt
    @wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override(asked_language(request) or known(None)):
            response = _answer(view, request, *args, **kwargs)
            response.headers["Content-Language"] = translation.get_language()
        response.headers.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(response, ("Accept-Language", "Authorization"))
        return response

    return enter


def _answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    method = request.method
    if method == "HEAD":
        request.method = "GET"  # the server leaves the body out
    try:
        response = view(request, *args, **kwargs)
    except Http404 as problem:
        return refusal_of(problem).response()
    finally:
        request.method = method
    if response.status_code != 405:
        return response
    allowed = ", ".join(sorted(response.headers["Allow"].split(", ")))
    detail = _("Allowed: %(methods)s.") % {"methods": allowed}
    return Refusal(405, "method-not-allowed", detail, headers={"Allow": allowed}).response()


def missing(request: HttpRequest, *_args: Any) -> HttpResponse:
    """The answer for every address below /api/ that there is not."""
    return refusal_of(Http404()).response()
