"""How routes are declared: with the refusals they can answer, and safe to send twice."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router
from pydantic import BaseModel

from firstline.api.v1.once import Made, once
from firstline.api.v1.problems import Problem
from firstline.api.v1.reading import FORM

ERRORS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 422, 429, 500, 503), Problem)
CONFLICTS: dict[int, Any] = dict.fromkeys((409, 413, 415), Problem)
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "The same key with the same request within 48 hours gets the first answer again, "
    "with the header Idempotent-Replayed, and changes nothing.",
}
FILES = {
    "type": "array",
    "items": {"type": "string", "contentMediaType": "application/octet-stream"},
}


def get(router: Router, path: str, shape: Any, **extra: Any) -> Callable[..., Any]:
    """Declare a GET that answers 200 with `shape`."""

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        answers = {200: shape, **ERRORS}
        route = router.get(path, response=answers, openapi_extra=extra, summary=_first_line(view))
        return route(_answering(view))

    return declare


def patch(router: Router, path: str, shape: Any) -> Callable[..., Any]:
    """Declare a PATCH that answers 200 with `shape`; sent twice it changes nothing twice."""

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        answers = {200: shape, **ERRORS, 413: Problem, 415: Problem}
        route = router.patch(path, response=answers, summary=_first_line(view))
        return route(_answering(view))

    return declare


def delete(router: Router, path: str) -> Callable[..., Any]:
    """Declare a DELETE that answers 204 with nothing; sent again it answers 404 and changes nothing."""

    def declare(view: Callable[..., None]) -> Callable[..., Any]:
        answers = {204: None, **ERRORS, 409: Problem}
        route = router.delete(path, response=answers, summary=_first_line(view))

        @wraps(view)
        def answer(request: HttpRequest, **values: Any) -> HttpResponse:
            view(request, **values)
            return HttpResponse(status=204)

        return route(answer)

    return declare


def _answering(view: Callable[..., Any]) -> Callable[..., HttpResponseBase]:
    """The view, with the shape that it returns as JSON."""

    @wraps(view)
    def answer(request: HttpRequest, **values: Any) -> HttpResponseBase:
        made: BaseModel | HttpResponseBase = view(request, **values)
        if isinstance(made, HttpResponseBase):
            return made
        return HttpResponse(made.model_dump_json(), content_type="application/json")

    return answer


def post(
    router: Router, path: str, shape: Any, *, form: dict[str, Any] | None = None
) -> Callable[[Callable[..., Made]], Callable[..., HttpResponse]]:
    """Declare a POST that answers 201 with `shape`; `form` are its fields where it takes files."""
    extra: dict[str, Any] = {"parameters": [KEY]}
    if form is not None:
        schema = {"type": "object", "properties": {**form, "files": FILES}}
        extra["requestBody"] = {"content": {FORM: {"schema": schema}}}

    def declare(view: Callable[..., Made]) -> Callable[..., HttpResponse]:
        answers = {201: shape, **ERRORS, **CONFLICTS}
        route = router.post(path, response=answers, openapi_extra=extra, summary=_first_line(view))
        declared: Callable[..., HttpResponse] = route(once(view))
        return declared

    return declare


def _first_line(view: Callable[..., Any]) -> str:
    return (view.__doc__ or "").strip().split("\n")[0].rstrip(".")
